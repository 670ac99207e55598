/**
 * npm start [-- FOLDER]: installs what is needed, builds, and opens ConvLens on samples/ (or FOLDER)
 * in desktop VS Code where its command is on PATH, else in code-server and the default browser.
 *
 *   --server   code-server also where desktop VS Code is there
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync, existsSync } from "node:fs";
import path from "node:path";
import { ensureDependencies } from "./bootstrap.mjs";
import { ensureNative } from "./lib/native.mjs";
import { root, windows } from "./lib/places.mjs";
import { cleanEnv, must, onPath } from "./lib/run.mjs";
import { say } from "./lib/say.mjs";
import { asInstalled, settings } from "./lib/settings.mjs";
import { startWorkbench } from "./lib/workbench.mjs";

const args = process.argv.slice(2);
const folder = path.resolve(args.find((arg) => !arg.startsWith("-")) ?? path.join(root, "samples"));
/** Kept, so that a person's settings and panels survive; git ignores it. */
const profile = path.join(root, ".vscode-profile");

/** In the terminal of a remote window `code` is another program, which knows no development path. */
const desktop =
  !args.includes("--server") && !process.env.VSCODE_IPC_HOOK_CLI
    ? ["code", "code-insiders", "codium"].find(onPath)
    : undefined;

function openDesktop(command) {
  const user = path.join(profile, "desktop", "User");
  mkdirSync(user, { recursive: true });
  const file = path.join(user, "settings.json");
  if (!existsSync(file))
    writeFileSync(file, JSON.stringify({ ...settings, ...asInstalled }, null, 2));
  say(`Opening ${command}. ConvLens is in this window only; right-click a .h5 file.`);
  const own = [
    `--extensionDevelopmentPath=${root}`,
    "--user-data-dir",
    path.join(profile, "desktop"),
  ];
  spawnSync(command, ["--new-window", ...own, "--disable-workspace-trust", folder], {
    env: cleanEnv(),
    stdio: "inherit",
    shell: windows,
  });
}

function openBrowserOn(url) {
  const opener = { darwin: "open", win32: "start" }[process.platform] ?? "xdg-open";
  const display =
    process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (process.env.CI || !display || !onPath(opener)) return;
  const child = spawn(opener, [url], { stdio: "ignore", detached: true });
  child.once("error", () => say("  (the browser did not open: open the address yourself)"));
  child.unref();
}

async function openServer() {
  const server = await startWorkbench({ profile, changes: asInstalled });
  const url = server.page(folder, { dev: root });
  say(`\nThe workbench is at\n\n  ${url}\n\nRight-click a .h5 file. Ctrl+C ends it.`);
  openBrowserOn(url);
  const end = async () => {
    await server.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void end());
}

try {
  process.chdir(root);
  await ensureDependencies();
  say("Building ...");
  await must(process.execPath, ["esbuild.js"]);
  await ensureNative();
  await (desktop ? openDesktop(desktop) : openServer());
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
