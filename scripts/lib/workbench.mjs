/** Starts code-server on a profile of its own, and makes addresses of its workbench. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureCodeServer } from "./code-server.mjs";
import { must } from "./run.mjs";
import { settings } from "./settings.mjs";

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Settings are written once: in a kept profile a person's own changes stay. */
function prepareProfile(profile, changes) {
  const user = path.join(profile, "data", "User");
  const file = path.join(user, "settings.json");
  mkdirSync(user, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, JSON.stringify({ ...settings, ...changes }, null, 2));
  writeFileSync(path.join(profile, "config.yaml"), "auth: none\n");
  return ["--config", path.join(profile, "config.yaml")].concat(
    ["--user-data-dir", path.join(profile, "data")],
    ["--extensions-dir", path.join(profile, "extensions")],
  );
}

async function answering(url, child, log) {
  const end = performance.now() + 60_000;
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`code-server stopped:\n${log()}`);
    if (
      await fetch(`${url}/healthz`).then(
        (reply) => reply.ok,
        () => false,
      )
    )
      return;
    await sleep(50);
  }
  killGroup(child);
  throw new Error(`code-server did not answer within a minute:\n${log()}`);
}

/** code-server and what it started: extension hosts outlive it where it is ended too fast to tell them. */
function killGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // all of them are gone already
  }
}

async function stop(child) {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await Promise.race([gone, sleep(5000)]);
  }
  killGroup(child);
}

/**
 * @param {{ profile?: string, vsix?: string, changes?: Record<string, unknown>, env?: Record<string, string>, trust?: boolean, extensions?: string[] }} [options]
 *   extensions: folders of others, which are installed; trust: folders are not trusted unless a person says so; profile: kept there, else a throw-away one; vsix: installed first; changes: to the settings
 * @returns {Promise<{
 *   url: string,
 *   pid: number,
 *   profile: string,
 *   settingsFile: string,
 *   log: () => string,
 *   page: (folder: string, options?: { dev?: string, tests?: string }) => string,
 *   close: () => Promise<void>,
 * }>} page: the workbench's address; dev: an extension under development; tests: what its host shall run
 */
export async function startWorkbench({
  profile,
  vsix,
  changes = {},
  env: extra = {},
  trust = false,
  extensions = [],
} = {}) {
  const { node, entry, env: clean } = await ensureCodeServer();
  const folder = profile ?? mkdtempSync(path.join(tmpdir(), "convlens-workbench-"));
  const common = [entry, ...prepareProfile(folder, changes)];
  // No gallery: otherwise each start asks one, and logs an error where there is no network.
  const env = { ...clean, ...extra, EXTENSIONS_GALLERY: "{}" };
  for (const own of extensions)
    cpSync(own, path.join(folder, "extensions", path.basename(own)), { recursive: true });
  if (vsix) await must(node, [...common, "--install-extension", path.resolve(vsix)], { env });
  const port = await freePort();
  const child = spawn(
    node,
    [
      ...common,
      ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
      ...["--disable-telemetry", "--disable-update-check"],
      ...(trust ? [] : ["--disable-workspace-trust"]),
      ...["--disable-getting-started-override", "--disable-proxy", "--ignore-last-opened"],
      // Without it a built workbench ignores `extensionDevelopmentPath` and `extensionTestsPath`.
      ...["--vscode-option", "enable-smoke-test-driver"],
    ],
    // A process group of its own, so that all of it can be ended.
    { env, stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  const kill = () => killGroup(child);
  process.once("exit", kill);
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
  const url = `http://127.0.0.1:${port}`;
  await answering(url, child, () => log);
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${path.resolve(file)}`;
  return {
    url,
    pid: child.pid,
    profile: folder,
    settingsFile: path.join(folder, "data", "User", "settings.json"),
    log: () => log,
    page(workspace, { dev, tests } = {}) {
      const payload = [["skipWelcome", "true"]];
      if (dev) payload.push(["extensionDevelopmentPath", remote(dev)]);
      if (tests) payload.push(["extensionTestsPath", remote(tests)]);
      const query = new URLSearchParams({
        folder: path.resolve(workspace),
        payload: JSON.stringify(payload),
      });
      return `${url}/?${query}`;
    },
    async close() {
      await stop(child);
      process.removeListener("exit", kill);
      if (!profile)
        rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
