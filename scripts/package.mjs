/**
 * npm run package: the VSIX of this platform, from the allow-list in .vscodeignore; no node_modules in it.
 *
 *   node scripts/package.mjs [--target=linux-x64]
 *
 * Another platform's has no ready binding for the native engine: its sources are in every package, and WebAssembly works everywhere.
 */
import { rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ensureDependencies } from "./bootstrap.mjs";
import { root, windows } from "./lib/places.mjs";
import { must } from "./lib/run.mjs";
import { say } from "./lib/say.mjs";
import { vsceArguments } from "./lib/vsix.mjs";

const here = `${windows ? "win32" : process.platform}-${process.arch}`;
/** As the marketplace names platforms. */
const targets = [
  "linux-x64",
  "linux-arm64",
  "darwin-x64",
  "darwin-arm64",
  "win32-x64",
  "win32-arm64",
];

/** Of what lies in dist/. @returns {Promise<string>} the VSIX file */
export async function packageExtension(target = here) {
  if (!targets.includes(target))
    throw new Error(`unknown target '${target}'; there are ${targets.join(", ")}`);
  const file = path.join(root, `convlens-${target}.vsix`);
  const vsce = path.join(root, "node_modules", "@vscode", "vsce", "vsce");
  const args = ["package", "--target", target, "--out", file, ...vsceArguments()];
  await must(process.execPath, [vsce, ...args]);
  return file;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureDependencies();
  await must(process.execPath, ["esbuild.js", "--production"]);
  const target = process.argv.find((arg) => arg.startsWith("--target="))?.slice("--target=".length);
  // what was compiled here fits no other platform
  if (target !== undefined && target !== here)
    rmSync(path.join(root, "dist", "native", here), { recursive: true, force: true });
  say(`Packaged ${path.relative(root, await packageExtension(target))}`);
}
