/** Installs the npm packages a clone needs, if they are not there. Node's built-ins only. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./lib/places.mjs";
import { cleanEnv, must } from "./lib/run.mjs";
import { patiently, say, since } from "./lib/say.mjs";

const oldestNode = [20, 19];

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Error(
    `ConvLens needs Node ${oldestNode.join(".")} or newer; this is ${process.version}.`,
  );
}

const packagesOf = (file) => JSON.parse(readFileSync(path.join(root, file), "utf8")).packages;

/** npm notes in node_modules what it installed: compared with the lock file, that says whether it is complete. */
function complete() {
  if (!existsSync(path.join(root, "node_modules", ".package-lock.json"))) return false;
  const installed = packagesOf("node_modules/.package-lock.json");
  return Object.entries(packagesOf("package-lock.json")).every(
    ([where, { version, optional }]) =>
      where === "" || installed[where]?.version === version || (optional && !installed[where]),
  );
}

export async function ensureDependencies() {
  checkNode();
  if (complete()) return;
  say("Installing the npm packages (once; about a minute) ...");
  const start = performance.now();
  // Without install scripts: nothing here needs one, and TensorFlow's would start a large download.
  await patiently("installing npm packages", () =>
    must("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      env: cleanEnv(),
    }),
  );
  say(`  installed in ${since(start)}`);
}
