/** npm run package: the VSIX of this platform, from the allow-list in .vscodeignore; no node_modules in it. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ensureDependencies } from "./bootstrap.mjs";
import { root, windows } from "./lib/places.mjs";
import { must } from "./lib/run.mjs";
import { say } from "./lib/say.mjs";

const target = `${windows ? "win32" : process.platform}-${process.arch}`;

/** Of what lies in dist/. @returns {Promise<string>} the VSIX file */
export async function packageExtension() {
  const file = path.join(root, `convlens-${target}.vsix`);
  const vsce = path.join(root, "node_modules", "@vscode", "vsce", "vsce");
  const args = ["package", "--target", target, "--no-dependencies", "--out", file];
  await must(process.execPath, [
    vsce,
    ...args,
    "--allow-missing-repository",
    "--no-rewrite-relative-links",
  ]);
  return file;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureDependencies();
  await must(process.execPath, ["esbuild.js", "--production"]);
  say(`Packaged ${path.relative(root, await packageExtension())}`);
}
