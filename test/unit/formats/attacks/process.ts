import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./types.ts";

/** Not a measure: a busy machine may take long to start a process. */
const MOST_SECONDS = 60;

/** A process that reads files. Dying of one, or not coming to an end, is an error; the next file gets a new process. */
export class Reader {
  private child: ChildProcess | null = null;

  async open(file: string): Promise<Outcome> {
    const child = (this.child ??= await this.start());
    child.send(file);
    return (await this.answer(child)) as Outcome;
  }
  stop(): void {
    this.child?.kill("SIGKILL");
    this.child = null;
  }

  private async start(): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL("child.ts", import.meta.url)), [], {
      execArgv: ["--import=tsx", "--expose-gc", "--disallow-code-generation-from-strings"],
    });
    await this.answer(child);
    return child;
  }
  private answer(child: ChildProcess): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const end = (why: string): void => {
        this.stop();
        reject(new RangeError(`the reading process ${why}`));
      };
      const late = setTimeout(end, MOST_SECONDS * 1000, "comes to no end");
      const died = (...how: unknown[]): void => {
        clearTimeout(late);
        end(`ended: ${how.join(" ")}`);
      };
      child.once("exit", died);
      child.once("message", (message) => {
        clearTimeout(late);
        child.off("exit", died);
        resolve(message);
      });
    });
  }
}
