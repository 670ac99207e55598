/** The compute process is ended without a word, while it answers real questions. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
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
  /** Open files of the extension host. */
  readonly files: { readonly before: number; readonly after: number };
  readonly before: Upkeep;
  readonly after: Upkeep;
}

/** One sentence of ours, that says what happened. */
const REFUSED = /^The compute process stopped (during '\w+'|too often)[^\n]*\.$/;
/** A kill in so many questions is followed by another, of the process that takes over. */
const TWICE = 0.3;

/** Kills `count` times, at moments drawn from `seed`. `say` is told how it goes. */
export async function killing(
  api: ConvLensApi,
  count: number,
  seed: number,
  say: (line: string) => void = () => undefined,
): Promise<KillReport> {
  const compute = api.compute.remote;
  const random = new Random(seed);
  const undisturbed: { asking: Asking; answer: unknown; ms: number }[] = [];
  for (const asking of questions()) {
    await asking.ask(compute);
    api.compute.supervisor.restart("a test begins anew");
    const start = performance.now();
    undisturbed.push({ asking, answer: timeless(await asking.ask(compute)), ms: performance.now() - start }); // prettier-ignore
  }
  const release = (): Promise<unknown> =>
    Promise.all(models().map((model) => api.compute.release(model)));
  await release();
  const before = await settled(api);
  const files = openFiles();
  const there = new Set(places());

  let kills = 0;
  let answered = 0;
  let refused = 0;
  let told = 0;
  const wrong: string[] = [];
  while (kills < count) {
    const { asking, answer, ms } = random.pick(undisturbed);
    const under = { way: true };
    const asked = asking
      .ask(compute)
      .then(
        (got) => ({ got: timeless(got) }),
        (error: unknown) => ({ error: (error as Error).message }),
      )
      .finally(() => (under.way = false));
    do {
      await sleep(random.next() * ms * 1.1);
      kills += await killOne();
    } while (kills < count && under.way && random.chance(TWICE));
    const outcome = await asked;
    if ("got" in outcome) {
      if (isDeepStrictEqual(outcome.got, answer)) answered++;
      else wrong.push(`${asking.name}: another answer`);
    } else if (REFUSED.test(outcome.error)) refused++;
    else wrong.push(`${asking.name}: ${outcome.error}`);
    if ("error" in outcome && outcome.error.includes("too often")) await startAgain();
    if (kills >= told + 50) {
      told = kills;
      say(`${kills} kills: ${answered} answered, ${refused} refused`);
    }
  }
  await startAgain();
  for (const { asking, answer } of undisturbed)
    assert.deepEqual(timeless(await asking.ask(compute)), answer, asking.name);
  await release();
  const after = await settled(api);
  return {
    ...{ kills, answered, refused, wrong, before, after },
    left: places().filter((name) => !there.has(name)),
    zombies: zombiesOf(process.pid),
    files: { before: files, after: openFiles() },
  };
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

const openFiles = (): number =>
  process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;

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
    ...(files.after > files.before ? [`${files.after - files.before} more open files`] : []),
    ...(then === now ? [] : [`held before: ${then}; after: ${now}`]),
  ];
}
