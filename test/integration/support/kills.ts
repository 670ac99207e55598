/** The compute process is ended without a word, while it answers real questions. */
import assert from "node:assert/strict";
import { readdirSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { commands } from "vscode";
import type { ConvLensApi } from "../../../src/host/api.ts";
import { Random } from "../../fuzz/random.ts";
import { computeProcesses, killCompute, zombiesOf } from "../../support/processes.ts";
import { until } from "../../support/until.ts";
import { sample } from "./extension.ts";
import { models, questions, timeless, type Asking } from "./questions.ts";
import { settled, type Upkeep } from "./upkeep.ts";

/** What became of the questions, and what the killed processes left. */
export interface KillReport {
  readonly kills: number;
  /** Questions with the answer that they have undisturbed. */
  readonly answered: number;
  /** Questions that a sentence refused. */
  readonly refused: number;
  /** Answers of other kinds, with their question. */
  readonly wrong: readonly string[];
  /** Files and folders that are there after and were not before. */
  readonly left: readonly string[];
  readonly zombies: number;
  /** Open files, pipes and sockets of the extension host, by where they lead. */
  readonly files: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly before: Upkeep;
  readonly after: Upkeep;
}

/** One sentence of ours, that says what happened. */
const REFUSED = /^The compute process stopped (during '\w+'|too often)[^\n]*\.$/;
/** A kill in so many questions is followed by another, of the process that takes over. */
const TWICE = 0.3;

interface Plan {
  readonly count: number;
  readonly seed: number;
  /** What is asked. */
  readonly of?: readonly Asking[];
  /** Is told how it goes. */
  readonly say?: (line: string) => void;
}
interface Undisturbed {
  readonly asking: Asking;
  readonly answer: unknown;
  /** How long it takes, the start of a process included. */
  readonly ms: number;
}

/** Kills `count` times, at moments drawn from `seed`. */
export async function killing(api: ConvLensApi, plan: Plan): Promise<KillReport> {
  const { count, seed, of = questions(), say } = plan;
  const undisturbed: Undisturbed[] = [];
  for (const asking of of) undisturbed.push(await undisturbedly(api, asking));
  await release(api);
  const before = await settled(api);
  const files = openFiles();
  const there = new Set(places());
  const random = new Random(seed);

  const became = { answered: 0, refused: 0 };
  const wrong: string[] = [];
  let kills = 0;
  for (let told = 0; kills < count;) {
    const one = random.pick(undisturbed);
    const outcome = await struck(api, one, random, count - kills);
    kills += outcome.kills;
    if (outcome.wrong === null) became[outcome.what]++;
    else wrong.push(`${one.asking.name}: ${outcome.wrong}`);
    if (kills < told + 50) continue;
    told = kills;
    say?.(`${kills} kills: ${became.answered} answered, ${became.refused} refused`);
  }
  await startAgain();
  for (const { asking, answer } of undisturbed)
    assert.deepEqual(timeless(await asking.ask(api.compute.remote)), answer, asking.name);
  await release(api);
  const after = await settled(api);
  return {
    ...{ kills, ...became, wrong, before, after },
    left: places().filter((name) => !there.has(name)),
    zombies: zombiesOf(process.pid),
    files: { before: files, after: openFiles() },
  };
}

/** The answer of a process that just started. */
async function undisturbedly(api: ConvLensApi, asking: Asking): Promise<Undisturbed> {
  api.compute.supervisor.restart("a test begins anew");
  const start = performance.now();
  const answer = timeless(await asking.ask(api.compute.remote));
  return { asking, answer, ms: performance.now() - start };
}

/** Asks, and kills meanwhile: at most `most` times. */
async function struck(
  api: ConvLensApi,
  { asking, answer, ms }: Undisturbed,
  random: Random,
  most: number,
): Promise<{ kills: number; what: "answered" | "refused"; wrong: string | null }> {
  const under = { way: true };
  const asked = asking
    .ask(api.compute.remote)
    .then(
      (got) => ({ got: timeless(got) }),
      (error: unknown) => ({ refusal: (error as Error).message }),
    )
    .finally(() => (under.way = false));
  let kills = 0;
  do {
    await sleep(random.next() * ms * 1.1);
    kills += await killOne();
  } while (kills < most && under.way && random.chance(TWICE));
  const outcome = await asked;
  if ("got" in outcome) {
    const same = isDeepStrictEqual(outcome.got, answer);
    return { kills, what: "answered", wrong: same ? null : "another answer" };
  }
  const { refusal } = outcome;
  if (refusal.includes("too often")) await startAgain();
  return { kills, what: "refused", wrong: REFUSED.test(refusal) ? null : refusal };
}

async function release(api: ConvLensApi): Promise<void> {
  for (const model of models()) await api.compute.release(model);
}

/** What a person does who reads that it is not started again. */
async function startAgain(): Promise<void> {
  await commands.executeCommand("convlens.restart");
  await commands.executeCommand("notifications.clearAll");
}

/** 1 where there was a process to end, and it is gone; 0 where there was none. */
async function killOne(): Promise<number> {
  const pids = computeProcesses(process.pid).map(({ pid }) => pid);
  if (killCompute(process.pid) === 0) return 0;
  await until("the end of the process", () =>
    computeProcesses(process.pid).every(({ pid }) => !pids.includes(pid)),
  );
  return 1;
}

/** What lies in the system's folder for temporary files, and beside the model. */
function places(): string[] {
  const list = (folder: string): string[] =>
    readdirSync(folder).map((name) => path.join(folder, name));
  return [
    ...list(tmpdir()).filter((name) => path.basename(name).startsWith("convlens-")),
    ...list(sample("digits").fsPath),
  ];
}

function openFiles(): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc/self/fd").flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`)];
    } catch {
      return []; // what read the folder
    }
  });
}

/** What of a report must not be, a line each. */
export function faultsOf({ wrong, left, zombies, files, before, after }: KillReport): string[] {
  // memory that is resident is the system's matter
  const held = ({ compute, ...rest }: Upkeep): object => ({
    ...rest,
    compute: { ...compute, residentBytes: 0 },
  });
  const [then, now] = [JSON.stringify(held(before)), JSON.stringify(held(after))];
  return [
    ...wrong,
    ...left.map((name) => `left: ${name}`),
    ...(zombies > 0 ? [`${zombies} processes are not waited for`] : []),
    ...(files.after.length > files.before.length
      ? [`more open files: ${files.after.filter((to) => !files.before.includes(to)).join(", ")}`]
      : []),
    ...(then === now ? [] : [`held before: ${then}; after: ${now}`]),
  ];
}
