import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConvLensError } from "../base/errors.ts";
import { bindingSources, nodeHeaders, prebuiltBinding } from "./assets.ts";
import { platformName } from "./cache.ts";
import { RouteError, reasonOf } from "./reasons.ts";
import type { RouteContext } from "./route.ts";

const NAME = "tfjs_binding.node";

/**
 * Puts the binding into `context.work`, whose `lib` holds libtensorflow, and tries it: the prebuilt one, else compiled
 * with the C headers in `include`. Returns TensorFlow's version.
 */
export async function placeBinding(context: RouteContext, include: string): Promise<string> {
  const target = join(context.work, NAME);
  const prebuilt = await prebuiltBinding(context.assets);
  let why = `no prebuilt binding for ${platformName()} came along`;
  if (prebuilt) {
    await copyFile(prebuilt, target);
    try {
      context.say("Trying the engine in a process of its own", 0.93);
      return await context.selfTest(context.work);
    } catch (error) {
      if (error instanceof ConvLensError) throw error;
      why = `of the prebuilt binding, ${reasonOf(error)}`;
      await rm(target, { force: true });
    }
  }
  await compileBinding(context, include, target).catch((error: unknown) => {
    throw error instanceof RouteError ? new RouteError(`${why}, and ${error.message}`) : error;
  });
  context.say("Trying the engine in a process of its own", 0.93);
  return context.selfTest(context.work);
}

/** How a linker is told of TensorFlow's libraries, which are found beside the binding when it is loaded. */
const LINKING: Partial<Record<NodeJS.Platform, (lib: string) => readonly string[]>> = {
  linux: (lib) => [
    ...[`-L${lib}`, "-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2"],
    "-Wl,-rpath,$ORIGIN/lib",
  ],
  darwin: (lib) => [
    // what is Node's is found in the process that loads the binding
    ...["-undefined", "dynamic_lookup"],
    ...[`-L${lib}`, "-ltensorflow", "-ltensorflow_framework", "-Wl,-rpath,@loader_path/lib"],
  ],
};

async function compileBinding(
  context: RouteContext,
  include: string,
  target: string,
): Promise<void> {
  const link = LINKING[process.platform];
  if (!link) throw new RouteError(`none can be compiled on ${process.platform}`);
  const sources = await bindingSources(context.assets);
  if (!sources) throw new RouteError("its C++ sources are not here to compile it");
  const headers = await nodeHeaders(context.assets);
  if (!headers) throw new RouteError("Node's C headers are not here to compile it");
  context.say("Compiling the binding between Node and TensorFlow (10 s to a minute)", 0.85);
  const temporary = join(context.work, "compile");
  await mkdir(temporary, { recursive: true });
  const args = [
    ...["-O2", "-std=c++17", "-fPIC", "-shared", "-w", "-DNAPI_VERSION=8"],
    ...[`-I${headers}`, `-I${include}`],
    ...[join(sources, "tfjs_backend.cc"), join(sources, "tfjs_binding.cc"), "-o", target],
    ...link(join(context.work, "lib")),
  ];
  const compilers = [context.env["CXX"] ?? "", "c++", "g++", "clang++"].filter(Boolean);
  for (const compiler of new Set(compilers))
    try {
      const env = { ...context.env, TMPDIR: temporary };
      await context.run(compiler, args, { env, limitSeconds: 600 });
      await rm(temporary, { recursive: true, force: true });
      return;
    } catch (error) {
      if (!(error instanceof RouteError && error.message.endsWith("is not on PATH"))) throw error;
    }
  throw new RouteError("no C++ compiler (c++, g++ or clang++) is on PATH to compile it");
}
