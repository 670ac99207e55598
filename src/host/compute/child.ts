import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
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
