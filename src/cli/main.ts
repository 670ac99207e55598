#!/usr/bin/env node
import { writeSync } from "node:fs";
import { EXIT_CODES } from "../base/errors.ts";
import { run } from "./run.ts";

/** How long a cancelled command may take to end its step and to write what is finished; a second signal ends it at once. */
const GRACE_MS = 8000;

const controller = new AbortController();
const cancel = (): void => {
  if (controller.signal.aborted) process.exit(EXIT_CODES.cancelled);
  controller.abort();
  setTimeout(() => process.exit(EXIT_CODES.cancelled), GRACE_MS).unref();
};
// a person, a scheduler, a terminal that goes away: what is finished is kept for all of them
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, cancel);
// a reader that went away (`| head`) is no error; a disk that is full is one
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  if (controller.signal.aborted) process.exit(EXIT_CODES.cancelled);
  if (code === "EPIPE") process.exit(0);
  // not through the stream, which would be given up with the process
  tell(`convlens: The answer could not be written (${code ?? "no reason is told"}).\n`);
  process.exit(EXIT_CODES.compute);
});
// a terminal that went away takes no more words
process.stderr.on("error", () => undefined);

function tell(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // nobody listens
  }
}

const flushed: Promise<void>[] = [];
const write = (stream: NodeJS.WriteStream, text: string): void => {
  flushed.push(
    new Promise((resolve) => {
      stream.write(text, () => {
        resolve();
      });
    }),
  );
};

const code = await run(
  process.argv.slice(2),
  {
    out: (text) => {
      write(process.stdout, text);
    },
    err: (text) => {
      write(process.stderr, text);
    },
  },
  controller.signal,
);
// engines may hold threads that would keep the process alive, and exit does not wait for pipes
await Promise.all(flushed);
process.exit(controller.signal.aborted ? EXIT_CODES.cancelled : code);
