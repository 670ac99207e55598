import { rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { NATIVE_LIBRARIES } from "../shared/native-files.ts";
import { archiveForPlatform, fetchArchive, type Archive } from "./archive.ts";
import { placeBinding } from "./binding.ts";
import { exists } from "./files.ts";
import { RouteError } from "./reasons.ts";
import type { Prepared, Route, RouteContext } from "./route.ts";

/** The C library that TensorFlow.js' package downloads; its install step is not run, because that compares no checksum. */
export const archiveRoute = (archiveOf: () => Archive = archiveForPlatform): Route => ({
  source: "archive",
  name: "TensorFlow's C library",
  run: async (context) => assemble(context, archiveOf()),
});

async function assemble(context: RouteContext, archive: Archive): Promise<Prepared> {
  await fetchArchive(context, archive);
  await nameLibraries(context.work);
  const libraries = NATIVE_LIBRARIES[process.platform] ?? [];
  for (const name of libraries)
    if (!(await exists(join(context.work, name))))
      throw new RouteError(`there is no ${name} in what was downloaded`);
  const include = join(context.work, "include");
  const tensorflow = await placeBinding(context, include);
  await rm(include, { recursive: true, force: true });
  return { tensorflow, folder: ".", files: ["tfjs_binding.node", ...libraries] };
}

/** Gives the libraries the names that the binding looks for. */
async function nameLibraries(work: string): Promise<void> {
  const lib = join(work, "lib");
  if (process.platform === "linux" && !(await exists(join(lib, "libtensorflow_cc.so.2"))))
    await symlink("libtensorflow.so.2", join(lib, "libtensorflow_cc.so.2"));
  // Windows looks for libraries beside what needs them
  const library = join(lib, "tensorflow.dll");
  if (await exists(library)) await rename(library, join(work, "tensorflow.dll"));
}
