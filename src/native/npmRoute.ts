import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConvLensError } from "../base/errors.ts";
import { exists, sizeOfFolder } from "./files.ts";
import { RouteError, reasonOf } from "./reasons.ts";
import type { Route, RouteContext } from "./route.ts";

const PACKAGE = "@tensorflow/tfjs-node";
const VERSION = "4.22.0";

/** TensorFlow.js' own install step, in a folder of its own: it downloads libtensorflow and a prebuilt binding. */
export const npmRoute: Route = {
  source: "npm",
  name: "TensorFlow.js' own download",
  async run(context) {
    const download = join(context.work, "download");
    await mkdir(download, { recursive: true });
    await install(context, download);
    const installed = join(download, "node_modules", ...PACKAGE.split("/"));
    const inner = await bindingFolder(installed);
    context.say("Keeping the binding and the libraries", 0.85);
    // the binding finds its libraries by a path relative to itself: that part of the layout must stay as it is
    await mkdir(join(context.work, "lib"), { recursive: true });
    await rename(join(installed, inner), join(context.work, inner));
    await rename(join(installed, "deps"), join(context.work, "deps"));
    await rm(download, { recursive: true, force: true });
    await rm(join(context.work, "deps", "include"), { recursive: true, force: true });
    const folder = join(context.work, inner);
    const libraries = await nameLibraries(context.work, folder);
    context.say("Trying the engine in a process of its own", 0.93);
    const tensorflow = await context.selfTest(folder);
    return { tensorflow, folder: inner, files: ["tfjs_binding.node", ...libraries] };
  },
};

async function install(context: RouteContext, download: string): Promise<void> {
  await writeFile(
    join(download, "package.json"),
    JSON.stringify({ private: true, allowScripts: { [PACKAGE]: true } }),
  );
  context.say(
    `Installing ${PACKAGE} ${VERSION} with npm and its own download (about a minute)`,
    0.05,
  );
  const flags = ["--ignore-scripts=false", "--foreground-scripts", "--no-audit", "--no-fund"];
  const args = ["install", ...flags, `${PACKAGE}@${VERSION}`];
  const watch = { size: () => sizeOfFolder(download), stallSeconds: 60 };
  await context
    .run("npm", args, { cwd: download, limitSeconds: 900, watch })
    .catch((error: unknown) => {
      if (error instanceof ConvLensError) throw error;
      const reason = reasonOf(error);
      throw new RouteError(
        /ENOTFOUND|ECONN|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EPROTO|CERT|TAR_BAD_ARCHIVE|zlib|status 4|received nothing/iu.test(
          reason,
        )
          ? `the download was refused (${reason.replace("npm failed: ", "")})`
          : reason,
      );
    });
}

/** `lib/napi-v8`, relative to the package. */
async function bindingFolder(installed: string): Promise<string> {
  const lib = join(installed, "lib");
  for (const name of await readdir(lib).catch(() => []))
    if (await exists(join(lib, name, "tfjs_binding.node"))) return join("lib", name);
  throw new RouteError("npm finished, but made no binding");
}

/** Gives the libraries the names that the engine looks for; returns the real ones, relative to `folder`. */
async function nameLibraries(work: string, folder: string): Promise<string[]> {
  const deps = join(work, "deps", "lib");
  if (process.platform === "linux") {
    if (!(await exists(join(deps, "libtensorflow_cc.so.2"))))
      await symlink("libtensorflow.so.2", join(deps, "libtensorflow_cc.so.2"));
    await symlink(join("..", "..", "deps", "lib"), join(folder, "lib"));
  }
  const entries = await readdir(deps, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join("..", "..", "deps", "lib", entry.name));
}
