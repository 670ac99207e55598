import { fork, type ChildProcess } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { scratchPrefix } from "../../shared/scratch.ts";
import type { Child } from "./supervisor.ts";
import { childEnvironment } from "./environment.ts";

const GRACE_MS = 2000;

/** Starts `module` as a Node process. `log` gets every line it writes. */
export function forkChild(module: string, log: (line: string) => void): Child {
  const child = fork(module, [], {
    serialization: "advanced", // typed arrays cross as bytes
    cwd: path.dirname(module), // not the host's, where a workspace's libraries could lie
    execArgv: [], // a debugger of the extension host must not be inherited
    env: childEnvironment(process.env, "electron" in process.versions),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on("line", log);

  child.once("exit", () => void removeScratch(child.pid));
  const closed = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) =>
      resolve(signal ? `it was ended by ${signal}.` : `it ended with code ${String(code)}.`),
    );
    child.once("error", (error) => resolve(`it could not be started: ${error.message}.`));
  });
  return {
    post: (message) => {
      // the callback keeps a lost channel from becoming an 'error' event; `exit` ends the call
      if (child.connected)
        child.send(message as Parameters<ChildProcess["send"]>[0], () => undefined);
    },
    onMessage: (listener) => {
      child.on("message", listener);
      return () => child.off("message", listener);
    },
    onClose: (listener) => {
      let listening = true;
      void closed.then((reason) => {
        if (listening) listener(reason);
      });
      return () => {
        listening = false;
      };
    },
    kill: () => {
      if (child.connected) child.disconnect();
      child.kill();
      const force = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
      force.unref();
      child.once("exit", () => clearTimeout(force));
    },
  };
}

/** What a process that was ended without a word was loading just then. */
async function removeScratch(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  const prefix = scratchPrefix(pid);
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(prefix)))
    await rm(path.join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
}
