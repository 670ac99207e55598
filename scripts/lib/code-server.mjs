/** Installs code-server, a real VS Code workbench with its extension host, from npm, once per person. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cache, windows } from "./places.mjs";
import { cleanEnv, must } from "./run.mjs";
import { patiently, say, since } from "./say.mjs";

const version = "4.139.1";
/** code-server runs on this major version of Node and no other. */
const nodeMajor = 24;

const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
const install = (cwd, env, ...args) => must("npm", ["install", ...args, ...quiet], { cwd, env });

function emptyPackage(name, allowScripts) {
  const folder = path.join(cache, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // Newer npm runs only those install scripts that are allowed by name.
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true, allowScripts }));
  return folder;
}

/**
 * Node 24: this one if it is, else its npm package.
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} env has it first on PATH
 */
export async function ensureNode24() {
  const env = cleanEnv();
  if (Number(process.versions.node.split(".")[0]) === nodeMajor)
    return { node: process.execPath, env };
  const home = path.join(cache, "node", "node_modules", "node");
  const node = path.join(home, "bin", windows ? "node.exe" : "node");
  if (!existsSync(node)) {
    say(`Getting Node ${nodeMajor} for the workbench (once; about 20 seconds) ...`);
    await install(emptyPackage("node", { node: true }), env, `node@${nodeMajor}`);
  }
  env.PATH = path.dirname(node) + path.delimiter + env.PATH;
  // Its headers lie beside it: what is compiled against it then needs no download, and gets the right ones.
  const platform = `${process.platform}-${process.arch}`;
  const headers = [`node-${platform}`, `node-bin-${platform}`]
    .map((name) => path.join(home, "node_modules", name))
    .find((folder) => existsSync(path.join(folder, "include", "node", "common.gypi")));
  if (headers) env.npm_config_nodedir = headers;
  return { node, env };
}

/** npm writes this file last: where it is, an install was finished. */
const finished = (folder) => existsSync(path.join(folder, "node_modules", ".package-lock.json"));

function installed(home, vscode) {
  const manifest = path.join(home, "package.json");
  return (
    existsSync(manifest) &&
    JSON.parse(readFileSync(manifest, "utf8")).version === version &&
    finished(vscode) &&
    finished(path.join(vscode, "extensions"))
  );
}

async function installCodeServer(env, vscode) {
  say("Installing code-server, a VS Code for the browser (once; 600 MB, about two minutes) ...");
  const start = performance.now();
  // Its own install script compiles modules that are not needed here, and fails without Kerberos' headers.
  const plain = ["--omit=dev", "--ignore-scripts"];
  await install(emptyPackage("code-server", {}), env, `code-server@${version}`, "--ignore-scripts");
  await install(vscode, env, ...plain);
  await install(path.join(vscode, "extensions"), env, ...plain);
  say(`  installed in ${since(start)}`);
  const modules = ["@vscode/spdlog", "@vscode/native-watchdog"];
  await must("npm", ["rebuild", ...modules, ...quiet], {
    cwd: vscode,
    env: { ...env, JOBS: "max" },
  })
    // A missing compiler costs the workbench its log files, nothing else.
    .catch((_error) => say("  (no C++ compiler here: the workbench keeps no log files)"));
}

/** @returns {Promise<{ node: string, entry: string, env: NodeJS.ProcessEnv }>} how to start it */
export async function ensureCodeServer() {
  if (windows)
    throw new Error("code-server does not run on Windows: install VS Code and put `code` on PATH.");
  const { node, env } = await ensureNode24();
  const home = path.join(cache, "code-server", "node_modules", "code-server");
  const vscode = path.join(home, "lib", "vscode");
  if (!installed(home, vscode))
    await patiently("installing code-server", () => installCodeServer(env, vscode));
  return { node, entry: path.join(home, "out", "node", "entry.js"), env };
}
