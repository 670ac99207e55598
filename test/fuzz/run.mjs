/**
 * npm run fuzz: changed files of every format, opened as ConvLens would. A finding is a crash, a hang, an error that is not one
 * clear sentence, memory by a declared size. The same seed makes the same files.
 *
 *   --format=A[,B]  --count=N (20000)  --seconds=N for each format  --seed=N (1)  --from=N  --keep=FOLDER for what was found
 *   --jobs=N (1) processes at a time: messages mostly wait, for files to come to rest  --hang=N (20) seconds for one attempt, more on a busy machine
 */
import { fork } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { register } from "tsx/esm/api";
import { say, since } from "../../scripts/lib/say.mjs";

register();
const { seedsOf, targets } = await import("./targets.ts");
const { makeFile } = await import("./attempt.ts");
const { ROUNDS } = await import("./rpc/rounds.ts");
const all = [...targets, ...ROUNDS.map((name) => ({ name, rounds: true }))];

const text = { type: "string" };
const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h" },
    format: text,
    count: text,
    seconds: text,
    seed: text,
    from: text,
    jobs: text,
    hang: text,
    keep: text,
  },
});
if (values.help) {
  say(
    "npm run fuzz -- [--format=A,B] [--count=N] [--seconds=N] [--seed=N] [--from=N] [--jobs=N] [--hang=N] [--keep=FOLDER]",
  );
  say("  changed files of every format, opened as ConvLens would; what is found is kept in FOLDER");
  say("  rpc-...: a message of every call, as a page that was taken over would send it");
  say(`  formats: ${all.map(({ name }) => name).join(", ")}`);
  process.exit(0);
}
const count = Number(values.count ?? 20_000);
const seconds = Number(values.seconds ?? Infinity);
const seed = Number(values.seed ?? 1);
const from = Number(values.from ?? 0);
const jobs = Number(values.jobs ?? 1);
const names = values.format?.split(",") ?? all.map(({ name }) => name);
const unknown = names.filter((name) => !all.some((target) => target.name === name));
if (unknown.length > 0 || ![count, seed, from, jobs].every(Number.isSafeInteger)) {
  say(`unknown: ${unknown.join(", ")}; there are ${all.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

/** A process makes so many attempts: starting one takes as long as some hundred of them. What is leaked is found by its memory. */
const PER_PROCESS = 20_000;
/** Where there is a file system in memory: each attempt writes a file. */
const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const HANG_SECONDS = Number(values.hang ?? 20);
const SIGN_OF_LIFE_MS = 60_000;
const work = mkdtempSync(path.join(PLACE, "convlens-fuzz-"));

/** Attempts from `first` on, in a folder of their own; @returns where to go on, and what ended the process if it did not end by itself */
function attempts(target, folder, first, last, deadline, { found, progress }) {
  return new Promise((resolve) => {
    const script = path.join(import.meta.dirname, "worker.ts");
    const args = [target.name, seed, first, last, folder].map(String);
    const child = fork(script, args, {
      execArgv: ["--import=tsx", "--max-old-space-size=768"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let [index, words, ended] = [first, "", null];
    child.stderr.on("data", (chunk) => (words = (words + String(chunk)).slice(-2000)));
    const kill = (why) => {
      ended = why;
      child.kill("SIGKILL");
    };
    let watch = setTimeout(() => kill("did not start"), 120_000);
    const stop = () => child.kill("SIGKILL");
    process.once("exit", stop);
    child.on("message", (message) => {
      progress(message.index - index);
      index = message.index; // the next one
      if (message.outcome) found(index - 1, message.outcome);
      clearTimeout(watch);
      if (performance.now() > deadline) kill("time is up");
      else watch = setTimeout(() => kill(`hangs for ${HANG_SECONDS} s`), HANG_SECONDS * 1000);
    });
    child.once("close", (code, signal) => {
      clearTimeout(watch);
      process.removeListener("exit", stop);
      const crashed = index < last && ended !== "time is up";
      if (crashed) {
        found(index, { what: ended ?? `died (${signal ?? code})`, stack: words });
        progress(1);
      }
      resolve(index < last ? index + 1 : last);
    });
  });
}

let total = 0;
for (const target of all.filter(({ name }) => names.includes(name))) {
  const seeds = target.rounds ? ["messages"] : seedsOf(target);
  if (seeds.length === 0) {
    say(`${target.name}: no file to begin with`);
    continue;
  }
  const start = performance.now();
  const kinds = new Map();
  let read = 0;
  const found = (index, outcome) => {
    if (outcome === "read") read++;
    if (typeof outcome === "string") return;
    const { what, stack } = outcome;
    total++;
    const where = stack.split("\n").filter((line) => /^\s+at .*\/src\//.test(line));
    const key = `${what.replaceAll(/\d+|'[^']*'|"[^"]*"/g, "#")} ${where.slice(0, 2).join()}`;
    const known = kinds.get(key) ?? 0;
    kinds.set(key, known + 1);
    if (known > 0) return;
    say(`  ${target.name} --seed=${seed} --from=${index} --count=1: ${what}`);
    for (const line of where.slice(0, 5)) say(`    ${line.trim()}`);
    if (where.length === 0 && stack) say(`    ${stack.slice(-600).trim()}`);
    if (!values.keep || target.rounds) return;
    const kept = path.resolve(values.keep, `${target.name}-${seed}-${index}`);
    makeFile({ target, seeds, seed, index, work: kept });
  };
  const deadline = start + seconds * 1000;
  let told = start;
  let done = 0;
  const progress = () => {
    if (performance.now() - told < SIGN_OF_LIFE_MS) return;
    told = performance.now();
    say(`  ${target.name}: ${done} so far (${since(start)})`);
  };
  /** Makes its share of the attempts. */
  const job = async (number) => {
    const [first, last] = [number, number + 1].map((i) => from + Math.floor((count * i) / jobs));
    const folder = path.join(work, `${target.name}-${number}`);
    for (let at = first; at < last && performance.now() < deadline;) {
      const next = Math.min(last, at + PER_PROCESS);
      at = await attempts(target, folder, at, next, deadline, {
        found,
        progress: (news) => {
          done += news;
          progress();
        },
      });
    }
  };
  await Promise.all(Array.from({ length: jobs }, (_, number) => job(number)));
  const findings = [...kinds.values()].reduce((sum, n) => sum + n, 0);
  say(
    `${target.name}: ${done} ${target.rounds ? "messages of every call" : `files from ${seeds.length} seeds`}, ${read} still read, ${findings} findings of ${kinds.size} kinds (${since(start)})`,
  );
}
rmSync(work, { recursive: true, force: true });
process.exitCode = total > 0 ? 1 : 0;
