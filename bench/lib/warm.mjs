/** Processes that stay: each prepared once, then asked in turn to run its task, A B A B. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { cleanEnv } from "../../scripts/lib/run.mjs";
import { root } from "../../scripts/lib/places.mjs";

/** Long enough for the threads of the side before to fall asleep. */
const PAUSE_MS = 400;
const ROUND_SECONDS = 1;
/** A side that has run for so long sits out the rounds that are left; one run in each of two rounds is the least. */
const MOST_SECONDS = 30;
const LEAST_RUNS = 2;

class Server {
  constructor({ command, args }) {
    this.child = spawn(command, args, { cwd: root, env: cleanEnv() });
    this.words = "";
    this.child.stderr.on("data", (text) => (this.words = (this.words + text).slice(-2000)));
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.gone = new Promise((resolve) => {
      this.child.once("close", resolve);
      this.child.once("error", (error) => resolve((this.words += error.message)));
    });
  }

  /** The next line that is JSON; libraries may print others. */
  async answer() {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) {
        await this.gone;
        throw new Error(`${this.child.spawnargs.join(" ")}\n${this.words}`);
      }
      if (value.startsWith("{")) return JSON.parse(value);
    }
  }

  ask(line) {
    this.child.stdin.write(`${line}\n`);
    return this.answer();
  }

  async end() {
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await this.gone;
    clearTimeout(timer);
  }
}

/**
 * @param {{ command: string, args: string[] }[]} sides
 * @returns {Promise<{ about: object, runs: object[], peakMegabytes: number }[]>} by side
 */
export async function warmRuns(sides, repeat) {
  const servers = [];
  try {
    // all prepare at the same time, which nobody times
    servers.push(...sides.map((side) => new Server(side)));
    const about = [];
    for (const server of servers) about.push((await server.answer()).ready);
    const runs = sides.map(() => []);
    // how many runs make about a second: as many as each side can, at most 20
    const counts = [];
    for (const server of servers) {
      // the first run of most peers is preparation still
      const [first] = (await server.ask("run 1")).seconds;
      const [second] = first > MOST_SECONDS / 4 ? [first] : (await server.ask("run 1")).seconds;
      counts.push(Math.max(1, Math.min(20, Math.round(ROUND_SECONDS / second))));
    }
    const total = (i) => runs[i].reduce((sum, { seconds }) => sum + seconds, 0);
    for (let round = 0; round < repeat; round++)
      for (const [i, server] of servers.entries()) {
        if (runs[i].length >= LEAST_RUNS && total(i) > MOST_SECONDS) continue;
        await sleep(PAUSE_MS);
        const { seconds, cpu } = await server.ask(`run ${counts[i]}`);
        seconds.forEach((wall, j) =>
          runs[i].push({ seconds: wall, cpu: cpu[j], peakMegabytes: null }),
        );
      }
    const peaks = [];
    for (const server of servers) peaks.push((await server.ask("save")).peakMegabytes);
    return sides.map((_, i) => ({ about: about[i], runs: runs[i], peakMegabytes: peaks[i] }));
  } finally {
    await Promise.all(servers.map((server) => server.end()));
  }
}
