/** Runs other programs. What is still running when we stop is stopped too. */
import { spawn, spawnSync } from "node:child_process";
import { root, windows } from "./places.mjs";

const running = new Set();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} [options] show: pass its output on as it comes
 * @returns {Promise<{ code: number, output: string }>} output: both streams, in order of arrival
 */
export function run(command, args, { cwd = root, env = process.env, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      shell: windows && !command.endsWith(".exe"),
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
    });
    running.add(child);
    let output = "";
    const keep = (chunk) => (output += String(chunk));
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.once("error", (error) => {
      running.delete(child);
      resolve({ code: 127, output: error.message });
    });
    child.once("close", (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** The same, and an error with the program's own last words if it fails. */
export async function must(command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) {
    const words = output.trim().split("\n").slice(-20).join("\n");
    throw new Error(`${command} ${args.join(" ")} ended with ${code}\n${words}`);
  }
  return output;
}

/** Runs a tool of node_modules by its own JavaScript file, so that no shell is in between. */
export const node = (args, options) => run(process.execPath, args, options);

export const onPath = (command) =>
  spawnSync(windows ? "where" : "sh", windows ? [command] : ["-c", `command -v "${command}"`], {
    stdio: "ignore",
  }).status === 0;

/** This process' environment, without what an enclosing npm or VS Code terminal would steer a child with. */
export const cleanEnv = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|VSCODE_(?!DESKTOP)|ELECTRON_)/i.test(name) && name !== "INIT_CWD",
    ),
  );
