/** Runs out/integration in the extension host of a real workbench: code-server's, or desktop VS Code's. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { format } from "node:util";
import { openBrowser } from "./chromium.mjs";
import { root } from "./places.mjs";
import { cleanEnv, must, onPath } from "./run.mjs";
import { startWorkbench } from "./workbench.mjs";

const entry = path.join(root, "out", "integration", "index.cjs");

/** A copy of samples/, so that what a test writes beside a model is not in the repository. */
async function withWorkspace(work) {
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-host-"));
  const workspace = path.join(folder, "samples");
  const results = path.join(folder, "results.json");
  // of their own, so that what is left there is known to be theirs
  const temporary = path.join(folder, "tmp");
  mkdirSync(temporary);
  cpSync(path.join(root, "samples"), workspace, { recursive: true });
  try {
    const ending = await work(workspace, { CONVLENS_TEST_RESULTS: results, TMPDIR: temporary });
    if (!existsSync(results))
      throw new Error(`the extension host ended without results: ${ending}`);
    const { passed, failed, lines } = JSON.parse(readFileSync(results, "utf8"));
    for (const line of lines) console.log(line);
    return { passed, failed };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function inPage(page, address, limit) {
  let timer;
  const ended = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error("the extension host tests took too long")), limit);
    // The workbench of a window with `extensionTestsPath` calls these two where the page has them.
    void page.exposeFunction("codeAutomationExit", resolve);
    void page.exposeFunction("codeAutomationLog", (type, args) => {
      if (process.env.CONVLENS_VERBOSE) console.error(type, format(...args));
    });
  });
  ended.catch(() => {});
  await page.goto(address);
  return ended.finally(() => clearTimeout(timer));
}

/** `long`: in place of the tests, what test/integration/index.ts has under that name; each line that it returns is a finding. */
export const hostTestsInCodeServer = ({ long } = {}) =>
  withWorkspace(async (workspace, env) => {
    const server = await startWorkbench({ env: { ...env, ...(long && { CONVLENS_LONG: long }) } });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const address = server.page(workspace, { dev: root, tests: entry });
      return `exit code ${await inPage(page, address, long ? 7_200_000 : 900_000)}`;
    } finally {
      await browser.close();
      await server.close();
    }
  });

/** Desktop VS Code's own program where its command is on PATH; undefined: a copy is downloaded. */
async function desktopProgram() {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  if (!onPath("code")) return undefined;
  const command = realpathSync((await must("sh", ["-c", "command -v code"])).trim());
  // bin/code is a script beside the program it starts
  return [path.join(path.dirname(command), "..", "code")].find((file) => existsSync(file));
}

export const wantsDesktop = () =>
  Boolean(process.env.VSCODE_DESKTOP_TESTS) ||
  (onPath("code") && !process.env.VSCODE_IPC_HOOK_CLI && Boolean(process.env.DISPLAY));

export const hostTestsInDesktop = () =>
  withWorkspace(async (workspace, env) => {
    const { runTests } = await import("@vscode/test-electron");
    const program = await desktopProgram();
    const code = await runTests({
      ...(program && { vscodeExecutablePath: program }),
      extensionDevelopmentPath: root,
      extensionTestsPath: entry,
      extensionTestsEnv: { ...cleanEnv(), ...env },
      launchArgs: [
        workspace,
        "--disable-extensions",
        "--disable-workspace-trust",
        "--skip-welcome",
      ],
    });
    return `exit code ${code}`;
  });
