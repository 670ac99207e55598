import { realpath, symlink } from "node:fs/promises";
import { join } from "node:path";
import { ConvLensError } from "../base/errors.ts";
import { placeBinding } from "./binding.ts";
import { liesIn } from "./executables.ts";
import { exists } from "./files.ts";
import { RouteError } from "./reasons.ts";
import { pythonsOf } from "./pythons.ts";
import type { Route, RouteContext } from "./route.ts";

/** Finds TensorFlow without importing it (that takes seconds, and runs its code). */
const CODE = `
import importlib.metadata as metadata, importlib.util as util, json, os
spec = util.find_spec("tensorflow")
if spec and spec.submodule_search_locations:
    names = metadata.packages_distributions().get("tensorflow", []) if hasattr(metadata, "packages_distributions") else []
    versions = [metadata.version(name) for name in names or ["tensorflow"]]
    print(json.dumps({"folder": os.path.abspath(list(spec.submodule_search_locations)[0]), "version": versions[0]}))
`;
const OLDEST = [2, 12] as const;

/** A Python TensorFlow that is there already: its libraries are used where they lie. */
export const pythonRoute: Route = {
  source: "python",
  name: "A TensorFlow in Python",
  async run(context) {
    if (process.platform !== "linux")
      throw new RouteError(`its libraries are not used on ${process.platform}`);
    context.say("Looking for a TensorFlow in Python", 0.1);
    const { folder, version } = await findTensorFlow(context);
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major !== OLDEST[0] || minor < OLDEST[1])
      throw new RouteError(`TensorFlow ${version} in ${folder} is not 2.12 or newer`);
    const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
    for (const name of libraries)
      if (!(await exists(join(folder, name))))
        throw new RouteError(`there is no ${name} in ${folder}`);
    if (liesIn(await realpath(folder), context.avoid))
      throw new RouteError(`${folder} lies in the folder that is open, and nothing of that is run`);
    context.say(`Using TensorFlow ${version} in ${folder}`, 0.5);
    await symlink(folder, join(context.work, "lib"));
    const tensorflow = await placeBinding(context, join(folder, "include"));
    return {
      tensorflow,
      folder: ".",
      files: ["tfjs_binding.node", ...libraries.map((name) => join(folder, name))],
      libraries: folder,
    };
  },
};

async function findTensorFlow(context: RouteContext): Promise<{ folder: string; version: string }> {
  const { env } = context;
  let reason = "Python is not on PATH";
  for (const python of pythonsOf(env))
    try {
      // isolated: no module of a current folder, none that a variable points to
      const output = await context.run(python, ["-I", "-c", CODE], { limitSeconds: 30 });
      if (output.trim() !== "") return JSON.parse(output) as { folder: string; version: string };
      reason = "none is installed in the Python on PATH";
    } catch (error) {
      if (error instanceof ConvLensError) throw error;
      if (error instanceof RouteError && !error.message.endsWith("is not on PATH"))
        reason = error.message;
    }
  throw new RouteError(reason);
}
