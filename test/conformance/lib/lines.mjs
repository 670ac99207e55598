/** A process that is talked to line by line. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { root } from "../../../scripts/lib/places.mjs";
import { cleanEnv } from "../../../scripts/lib/run.mjs";

const KEPT_WORDS = 4000;
const open = new Set();
process.once("exit", () => {
  for (const lines of open) lines.kill();
});

export class Lines {
  #words = "";

  constructor(command, args, env = {}) {
    this.child = spawn(command, args, { cwd: root, env: { ...cleanEnv(), ...env } });
    this.child.stdin.on("error", () => {}); // it ended: the next answer says so
    this.child.stderr.on("data", (text) => {
      this.#words = (this.#words + String(text)).slice(-KEPT_WORDS);
    });
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.gone = new Promise((resolve) => {
      this.child.once("close", (code, signal) => resolve(signal ?? code));
      this.child.once("error", (error) => resolve(error.message));
    });
    open.add(this);
    void this.gone.then(() => open.delete(this));
  }

  /** The next line of JSON; null when the process ended. Throws after `seconds`. */
  async answer(seconds) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${seconds} s`)), seconds * 1000);
    });
    try {
      for (;;) {
        const { value, done } = await Promise.race([this.answers.next(), late]);
        if (done) return null;
        if (value.startsWith("{")) return JSON.parse(value);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  ask(line, seconds) {
    this.child.stdin.write(`${line}\n`);
    return this.answer(seconds);
  }

  /** What it last said on stderr. */
  get lastWords() {
    return this.#words.trim().split("\n").slice(-6).join("\n");
  }

  kill() {
    this.child.kill("SIGKILL");
  }
}
