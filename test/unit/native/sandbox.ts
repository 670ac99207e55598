import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { platformName } from "../../../src/native/cache.ts";
import { installNative, type InstallSetup } from "../../../src/native/install.ts";
import type { Prepared, Route, RouteContext } from "../../../src/native/route.ts";
import type { Wheel } from "../../../src/native/wheel.ts";

/** A cache folder, and a PATH with nothing on it but what a test puts there. */
export class Sandbox {
  readonly messages: string[] = [];

  private constructor(readonly root: string) {}

  static async make(): Promise<Sandbox> {
    const sandbox = new Sandbox(await mkdtemp(join(tmpdir(), "convlens-native-")));
    await mkdir(join(sandbox.root, "bin"));
    return sandbox;
  }

  readonly remove = (): Promise<void> => rm(this.root, { recursive: true, force: true });

  get env(): NodeJS.ProcessEnv {
    return { PATH: join(this.root, "bin"), CONVLENS_CACHE: join(this.root, "cache") };
  }

  get native(): string {
    return join(this.root, "cache", "native");
  }

  /** A shell script as a command; only builtins and absolute paths work in it. */
  async command(name: string, script: string): Promise<void> {
    const path = join(this.root, "bin", name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }

  async file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  }

  /** A folder of assets with a prebuilt binding in it. */
  async prebuilt(): Promise<string> {
    await this.file(join("assets", "native", platformName(), "tfjs_binding.node"), "prebuilt");
    return join(this.root, "assets");
  }

  install(setup: Partial<InstallSetup>, signal?: AbortSignal): ReturnType<typeof installNative> {
    return installNative(
      { signal, onProgress: ({ message }) => this.messages.push(message) },
      { env: this.env, assets: [], selfTest: () => Promise.resolve("2.13.1"), ...setup },
    );
  }

  /** Names in the native folder, without hidden ones where `all` is false. */
  names(): Promise<string[]> {
    return readdir(this.native).catch(() => []);
  }
}

/** A route that writes one file, or does what `run` does. */
export function fakeRoute(
  name: string,
  run: (context: RouteContext) => Promise<void> = () => Promise.resolve(),
): Route {
  return {
    source: "wheel",
    name,
    async run(context): Promise<Prepared> {
      await run(context);
      await writeFile(join(context.work, "tfjs_binding.node"), name);
      return { tensorflow: "2.13.1", folder: ".", files: ["tfjs_binding.node"] };
    },
  };
}

/** A wheel with libraries and headers of a few bytes. */
export function fakeWheel(): { wheel: Wheel; bytes: Uint8Array } {
  const bytes = zipSync({
    "tensorflow/libtensorflow_cc.so.2": strToU8("cc ".repeat(1000)),
    "tensorflow/libtensorflow_framework.so.2": [strToU8("framework"), { level: 0 }],
    "tensorflow/include/tensorflow/c/c_api.h": strToU8("// c api"),
    "tensorflow/python/other.py": strToU8("not wanted"),
  });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const file = "tensorflow_cpu-0-py3-none-any.whl";
  const about = { project: "tensorflow-cpu", version: "0", bytes: bytes.length, tags: [] };
  return { wheel: { ...about, file, sha256 }, bytes };
}

/** A `python3` that answers `-m pip download ... -d FOLDER` by copying `from` there. */
export const pipThatBrings = (from: string): string =>
  `for last; do :; done; /bin/cp '${from}' "$last"/brought.whl`;
