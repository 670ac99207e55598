import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { packageOfBinding } from "./assets.ts";
import { platformName } from "./cache.ts";
import { sha256, sizeOfFolder } from "./files.ts";
import { RouteError, reasonOf } from "./reasons.ts";
import type { RouteContext } from "./route.ts";

/** libtensorflow for C, as TensorFlow.js' package takes it: both libraries, the C headers and their licences. */
export interface Archive {
  readonly version: string;
  /** Below the site that the package names. */
  readonly path: string;
  readonly sha256: string;
}

const C_LIBRARY = "tensorflow/libtensorflow/libtensorflow-cpu";
/**
 * Checksums as others that build on the same archives have them: the one for Linux x64 in nixpkgs, graft and TensorFlow's DirectML plugin, macOS
 * x64 in nixpkgs and graft, the others in one of them each. An archive that is another than theirs is refused.
 */
const ARCHIVES: Readonly<Record<string, Archive>> = {
  "linux-x64": {
    version: "2.9.1",
    path: `${C_LIBRARY}-linux-x86_64-2.9.1.tar.gz`,
    sha256: "7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173",
  },
  "linux-arm64": {
    version: "2.7",
    path: "tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz",
    sha256: "9395d1ff39f5b6847f5121e679ff4e599dc7061a2a7f87ceac061c78e908e6e3",
  },
  "darwin-x64": {
    version: "2.9.1",
    path: `${C_LIBRARY}-darwin-x86_64-2.9.1.tar.gz`,
    sha256: "56f83d3320ba0f69aaafd6c058645e1b7fbc75fb9a3fc36d6be98de1291ca226",
  },
  "darwin-arm64": {
    version: "2.7",
    path: "tf-builds/libtensorflow_r2_7_darwin_arm64_cpu.tar.gz",
    sha256: "13ab22b97e2af06e431aaeb7b42fb89981965dd01aa16da035d8210aa4183d79",
  },
  "win32-x64": {
    version: "2.9.1",
    path: `${C_LIBRARY}-windows-x86_64-2.9.1.zip`,
    sha256: "56fa7e84c984144311563b405bd0e565568f3cbe2c15ac4713e9c8174a02b00f",
  },
};
/** None is half as large. */
const MOST_BYTES = 10 ** 9;

/** The archive for this platform; throws a RouteError where there is none whose checksum is known. */
export function archiveForPlatform(platform = platformName()): Archive {
  const archive = ARCHIVES[platform];
  if (!archive) throw new RouteError(`there is no library for ${platform} whose checksum is known`);
  return archive;
}

/**
 * Downloads `archive`, compares its checksum, and only then unpacks it into `context.work`: `lib`, `include` and licences. Throws a RouteError
 * when it is refused, or is another than the one that is known.
 */
export async function fetchArchive(context: RouteContext, archive: Archive): Promise<void> {
  const file = join(context.work, "archive");
  const what = `TensorFlow's C library ${archive.version}`;
  const size = async (): Promise<number> => {
    const bytes = await sizeOfFolder(context.work);
    context.say(`Downloading ${what}: ${Math.round(bytes / 1e6)} MB so far`, 0.02);
    return bytes;
  };
  const address = new URL(archive.path, await site(context.assets)).href;
  const how = ["--fail", "--location", "--silent", "--show-error", "--proto", "=https"];
  const args = [...how, "--max-filesize", String(MOST_BYTES), "--output", file, address];
  await context
    .run("curl", args, { limitSeconds: 1800, watch: { size, stallSeconds: 90 } })
    .catch((error: unknown) => {
      const refused = error instanceof RouteError && error.message.startsWith("curl failed");
      throw refused ? new RouteError(`the download was refused (${reasonOf(error)})`) : error;
    });
  context.say("Comparing the checksum of what was downloaded", 0.6);
  if ((await sha256(file, context.signal)) !== archive.sha256)
    throw new RouteError("the downloaded library does not have the expected checksum");
  context.say("Unpacking the libraries (10 to 30 s)", 0.65);
  // for root, too, the files are the person's own
  await context.run("tar", ["-x", "-o", "-f", file, "-C", context.work], { limitSeconds: 300 });
  await rm(file);
}

/** Where TensorFlow.js' package has its libraries from, as it says itself. */
async function site(assets: readonly string[]): Promise<string> {
  const file = await packageOfBinding(assets);
  if (file === null) throw new RouteError("where it is downloaded from did not come along");
  const { binary } = JSON.parse(await readFile(file, "utf8")) as { binary: { host: string } };
  return new URL("/", binary.host).href;
}
