import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { sha256 } from "./files.ts";

/** How the native engine was had: TensorFlow's C library, its wheel, or a Python TensorFlow in place. */
export type NativeSource = "archive" | "wheel" | "python";

/** `manifest.json` beside the binding. */
export interface NativeManifest {
  readonly tensorflow: string;
  readonly source: NativeSource;
  /** E.g. `linux-x64`. */
  readonly platform: string;
  /** SHA-256 by path, relative to the manifest; of a Python TensorFlow absolute. */
  readonly files: Readonly<Record<string, string>>;
  /** Folder of a Python TensorFlow whose libraries are used in place. */
  readonly libraries?: string;
}

/** Null when there is none, or it cannot be understood. */
export async function readManifest(folder: string): Promise<NativeManifest | null> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
    return isManifest(value) ? value : null;
  } catch {
    return null;
  }
}

/** Writes `manifest.json` with the checksums of `files`, relative to `folder` or absolute. */
export async function writeManifest(
  folder: string,
  about: Omit<NativeManifest, "files">,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const sums: [string, string][] = [];
  for (const file of files) sums.push([file, await sha256(resolve(folder, file), signal)]);
  const manifest: NativeManifest = { ...about, files: Object.fromEntries(sums) };
  await writeFile(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

function isManifest(value: unknown): value is NativeManifest {
  const fields = value as Partial<Record<keyof NativeManifest, unknown>> | null;
  return (
    typeof fields === "object" &&
    fields !== null &&
    typeof fields.tensorflow === "string" &&
    typeof fields.source === "string" &&
    typeof fields.platform === "string" &&
    typeof fields.files === "object" &&
    fields.files !== null
  );
}
