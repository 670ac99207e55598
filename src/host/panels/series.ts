import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { Disposable } from "vscode";
import { seriesOf, templateOf } from "../../shared/series.ts";
import type { Checkpoint, Series } from "../../shared/contract/training.ts";
import { untilStable } from "./stable.ts";
import { stampOf } from "./stamp.ts";
import { watchFolder } from "./watch-folder.ts";

/** The checkpoints beside `model`, itself among them; empty when it stands alone. */
export async function readSeries(model: string): Promise<Series> {
  const folder = path.dirname(model);
  const names = await readdir(folder).catch(() => []);
  const steps = seriesOf(path.basename(model), names);
  const checkpoints = await Promise.all(
    steps.map(async ({ name, step }): Promise<Checkpoint | null> => {
      const file = path.join(folder, name);
      const facts = await stat(file).catch(() => null);
      return facts && { path: file, name, step, modified: facts.mtimeMs };
    }),
  );
  return checkpoints.filter((checkpoint) => checkpoint !== null);
}

/** How often a new checkpoint that cannot be read yet is tried again, and how long after. */
const TRIES = 10;
const RETRY_MS = 1000;

/** A watched folder of checkpoints; disposing it ends what is waited for. */
export interface SeriesWatch extends Disposable {
  /** Checkpoints that are being written: they are not among those to be looked at until they are whole. */
  isWaitedFor(file: string): boolean;
}

/** What became of a checkpoint that was written: it is whole, it stays unreadable, or it went away. */
export type Written = { readonly file: string; readonly state: "whole" | "broken" | "gone" };

/**
 * Watches the folder of `model` for checkpoints of its series. A new or rewritten one is told of when it stays as it is and `readable`
 * says so: a file that is being written is never shown half. One that stays away for two seconds is gone.
 */
export function watchSeries(
  model: string,
  readable: (checkpoint: string) => Promise<boolean>,
  changed: (written: Written) => void,
): SeriesWatch {
  const template = templateOf(path.basename(model));
  const waiting = new Map<string, AbortController>();
  const settled = async (file: string): Promise<void> => {
    waiting.get(file)?.abort();
    const mine = new AbortController();
    waiting.set(file, mine);
    const state = await outcomeOf(file, readable, mine.signal);
    if (state === null) return; // written again: who follows that tells
    waiting.delete(file);
    changed({ file, state });
  };
  const watcher = watchFolder(path.dirname(model), (file) => {
    const own = file !== model && templateOf(path.basename(file)) === template;
    if (own) void settled(file);
  });
  const disposable = new Disposable(() => {
    watcher.dispose();
    for (const controller of waiting.values()) controller.abort();
    waiting.clear();
  });
  return Object.assign(disposable, { isWaitedFor: (file: string) => waiting.has(file) });
}

/** Waits until `file` is what it will be; null when `signal` aborted that. */
async function outcomeOf(
  file: string,
  readable: (checkpoint: string) => Promise<boolean>,
  signal: AbortSignal,
): Promise<Written["state"] | null> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (!(await untilStable(() => stampOf(file), signal))) return null;
    if (!(await stampOf(file))) return "gone";
    if (await readable(file)) return signal.aborted ? null : "whole";
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    if (signal.aborted) return null;
  }
  return "broken";
}
