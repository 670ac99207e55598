import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ConvLensError } from "../base/errors.ts";
import { placeBinding } from "./binding.ts";
import { RouteError } from "./reasons.ts";
import type { Prepared, Route, RouteContext } from "./route.ts";
import { fetchWheel, wheelForPlatform, type Wheel } from "./wheel.ts";
import type { ZipMember } from "../files/zip.ts";
import { unzipTo, zipEntries } from "./zip.ts";

const LIBRARIES = ["libtensorflow_framework.so.2", "libtensorflow_cc.so.2"];
const LICENCE = /^tensorflow[^/]*\.dist-info\/LICENSE$/u;
const HEADERS = "tensorflow/include/";

/** TensorFlow's wheel, used as an archive of its two libraries and its C headers; nothing is installed into Python. */
export const wheelRoute = (wheelOf: () => Wheel = wheelForPlatform): Route => ({
  source: "wheel",
  name: "TensorFlow's package for Python",
  run: async (context) => assemble(context, wheelOf()),
});

async function assemble(context: RouteContext, wheel: Wheel): Promise<Prepared> {
  const path = await fetchWheel(context, wheel);
  await unpack(context, path);
  await strip(context);
  const include = join(context.work, "include");
  const tensorflow = await placeBinding(context, include);
  await rm(include, { recursive: true, force: true });
  return {
    tensorflow,
    folder: ".",
    files: ["tfjs_binding.node", ...LIBRARIES.map((name) => join("lib", name))],
  };
}

async function unpack(context: RouteContext, path: string): Promise<void> {
  const wanted: { entry: ZipMember; target: string }[] = [];
  for (const entry of await zipEntries(path)) {
    const target = targetOf(entry.name);
    if (target !== null) wanted.push({ entry, target: join(context.work, target) });
  }
  for (const name of LIBRARIES)
    if (!wanted.some(({ target }) => target.endsWith(name)))
      throw new RouteError(`there is no ${name} in ${path}`);
  const total = wanted.reduce((sum, { entry }) => sum + entry.size, 0);
  let done = 0;
  for (const { entry, target } of wanted)
    await unzipTo(path, entry, target, {
      signal: context.signal,
      onBytes: (bytes) => {
        done += bytes;
        context.say("Unpacking the libraries (10 to 30 s)", 0.62 + 0.16 * (done / total));
      },
    });
}

function targetOf(name: string): string | null {
  const library = LIBRARIES.find((file) => name === `tensorflow/${file}`);
  if (library) return join("lib", library);
  if (LICENCE.test(name)) return "LICENSE";
  if (!name.startsWith(HEADERS) || name.endsWith("/") || name.split("/").includes(".."))
    return null;
  const header = name.slice(HEADERS.length);
  return /^tensorflow\/c\/|^tensorflow\/core\/platform\/ctstring|(^|\/)tsl\//u.test(header)
    ? join("include", header)
    : null;
}

/** Symbol tables are a quarter of the libraries; without `strip` they stay. */
async function strip(context: RouteContext): Promise<void> {
  context.say("Removing what is only for debuggers", 0.8);
  const files = LIBRARIES.map((name) => join(context.work, "lib", name));
  const args = ["--strip-unneeded", ...files];
  await context.run("strip", args, { limitSeconds: 300 }).catch((error: unknown) => {
    if (error instanceof ConvLensError) throw error;
  });
}
