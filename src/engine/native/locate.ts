import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { EngineStatus } from "../../shared/engines.ts";
import { NATIVE_LIBRARIES } from "../../shared/native-files.ts";
import { firstChanged } from "./unchanged.ts";

/** `manifest.json` beside the binding. */
interface Manifest {
  readonly tensorflow: string;
  readonly source: string;
  readonly platform: string;
  /** SHA-256 by path, relative to the folder, or absolute. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where libtensorflow lies when it is somebody else's (a Python TensorFlow); absent: `lib/` beside the binding. */
  readonly libraries?: string;
}

/**
 * Where the native engine lies on this machine: its folder, `tfjs_binding.node` in it, and what its
 * `manifest.json` says.
 */
export interface NativeFiles {
  readonly folder: string;
  readonly binding: string;
  readonly manifest: Manifest;
}

/** TensorFlow's libraries, in the order in which they need each other. */
export const librariesOf = ({ folder, manifest }: NativeFiles): string[] =>
  (NATIVE_LIBRARIES[process.platform] ?? []).map((file) =>
    manifest.libraries === undefined
      ? join(folder, file)
      : join(manifest.libraries, basename(file)),
  );

const CURE =
  "run 'convlens doctor --install-native', or the command 'ConvLens: Get the Native Engine'";

/** Where the native engine's files are looked for on this machine. */
export function nativeFolder(): string {
  const { CONVLENS_NATIVE_DIR, CONVLENS_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (CONVLENS_NATIVE_DIR) return CONVLENS_NATIVE_DIR;
  if (CONVLENS_CACHE) return join(CONVLENS_CACHE, "native", "current");
  const tail = ["convlens", "native", "current"];
  if (process.platform === "win32" && LOCALAPPDATA) return join(LOCALAPPDATA, ...tail);
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", ...tail);
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), ...tail);
}

/** The files of the native engine, or in words why they cannot be used. */
export function locate(): NativeFiles | { readonly reason: string } {
  const folder = nativeFolder();
  const binding = join(folder, "tfjs_binding.node");
  if (!existsSync(binding)) return { reason: `it is not in ${folder}` };
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
  } catch (error) {
    return { reason: `its manifest.json cannot be read: ${(error as Error).message}` };
  }
  const here = `${process.platform}-${process.arch}`;
  if (manifest.platform !== here)
    return { reason: `${folder} is for ${manifest.platform}, this is ${here}` };
  return { folder, binding, manifest };
}

let right: NativeFiles | null = null;

/** Like `locate`, for whoever is about to load them: a file that is not as it was installed, or has no checksum, is refused. Once a process. */
export function locateUnchanged(): NativeFiles | { readonly reason: string } {
  const found = locate();
  if ("reason" in found || found.folder === right?.folder) return found;
  const { files = {} } = found.manifest;
  const named = new Set(Object.keys(files).map((name) => resolve(found.folder, name)));
  const unnamed = [found.binding, ...librariesOf(found)].find((file) => !named.has(resolve(file)));
  if (unnamed !== undefined) return { reason: `its manifest.json has no checksum of ${unnamed}` };
  const changed = firstChanged(found.folder, files);
  if (changed !== null) return { reason: `${changed} is not as it was installed` };
  right = found;
  return found;
}

/** Whether the native engine's files are in place. Loading them may still fail; `nativeStatus` of the engine says so. */
export function filesStatus(): EngineStatus {
  const found = locate();
  if ("reason" in found) return notReady(found.reason);
  return {
    name: "native",
    ready: true,
    version: `TensorFlow ${found.manifest.tensorflow}`,
    location: found.folder,
    reason: null,
  };
}
/** The status of a native engine that is not ready; the clause `reason` gets the cure behind it. */
export function notReady(reason: string): EngineStatus {
  return {
    name: "native",
    ready: false,
    version: null,
    location: null,
    reason: `The native engine is not ready: ${reason}; ${CURE}.`,
  };
}
