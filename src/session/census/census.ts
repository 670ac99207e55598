/** A census over picture files that goes on where an earlier one stopped. */
import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { census, type Census, type CensusState } from "../../methods/census/index.ts";
import { readBounded } from "../../files/read-bounded.ts";
import { writeWhole } from "../../files/write-whole.ts";
import type { Control } from "../../shared/control.ts";
import type { ModelGraph } from "../../graph/index.ts";
import { pictureBatches, type PictureStore } from "../run/feed.ts";
import type { OpenModel } from "../open/model.ts";
import type { Runner } from "../run/runner.ts";

/** Written at most this often, and at the end of an interrupted count. */
const SAVE_EVERY_MS = 3000;
/** Of a state that is read again. */
const MOST_BYTES = 1 << 30;
/** Pictures that could not be read are all counted, and so many named. */
const MOST_NAMED = 100;

/** Which pictures are counted, and where the count is kept. */
export interface Counting {
  readonly files: readonly string[];
  /** Where the state is kept while it counts; null: nowhere. */
  readonly stateFile: string | null;
  readonly batch?: number;
  /** Told after each batch. */
  readonly keep?: (soFar: Counted) => void;
  /** Count only these layers. */
  readonly graph?: ModelGraph;
}
/** A census, whole or so far. */
export interface Counted extends Census {
  /** Pictures that were to be counted, those among them that could not be read, and those known from before. */
  readonly total: number;
  readonly unreadable: number;
  readonly resumed: number;
}
interface Saved {
  readonly key: string;
  /** Files that are behind us. */
  readonly done: number;
  readonly unreadable: number;
  readonly skipped: readonly { readonly image: string; readonly reason: string }[];
  readonly census: CensusState;
}

/** Counts; throws when it is cancelled, with its state kept. */
export async function countPictures(
  { model, subject }: Runner,
  store: PictureStore,
  { files, stateFile, batch, keep, graph = model.graph }: Counting,
  control: Control,
): Promise<Counted> {
  const key = keyOf(model, files, graph);
  const before = stateFile === null ? null : await readState(stateFile, key);
  const skipped = [...(before?.skipped ?? [])];
  let unreadable = before?.unreadable ?? 0;
  const tell = (found: Census): Counted => ({
    ...{ ...found, skipped, unreadable },
    ...{ total: files.length, resumed: before?.census.images ?? 0 },
  });
  const rest = files.slice(before?.done ?? 0);
  const pictures = pictureBatches(
    model,
    store,
    rest,
    (image, reason) => {
      unreadable++;
      if (skipped.length < MOST_NAMED) skipped.push({ image, reason });
    },
    batch,
  );
  let [save, saved] = [(): Promise<void> => Promise.resolve(), performance.now()];
  const steered: Control = {
    signal: control.signal,
    progress: () => undefined,
  };
  try {
    const found = await census(
      { graph, engine: subject.engine },
      pictures,
      steered,
      async (soFar, state) => {
        const done = soFar.images + unreadable;
        save = async () => {
          if (stateFile === null) return;
          await writeState(stateFile, { key, done, unreadable, skipped, census: state() });
        };
        if (performance.now() - saved > SAVE_EVERY_MS) {
          await save();
          saved = performance.now();
        }
        keep?.(tell(soFar));
        control.progress({
          fraction: done / files.length,
          message: `${done} of ${files.length} pictures`,
          partial: tell(soFar),
        });
      },
      before?.census ?? null,
    );
    if (stateFile !== null) await rm(stateFile, { force: true });
    return tell(found);
  } catch (error) {
    await save();
    throw error;
  }
}

/** What must be the same for a state to hold: the model's files, how pictures are fed, which pictures, which layers. */
function keyOf(
  { filesKey, preprocessing }: OpenModel,
  files: readonly string[],
  graph: ModelGraph,
): string {
  const { order, scale, mean, std, fit } = preprocessing;
  const layers = graph.layers.map(({ name }) => name);
  const all = [filesKey, order, scale, mean, std, fit, files, layers];
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

async function readState(file: string, key: string): Promise<Saved | null> {
  try {
    const bytes = await readBounded(file, { what: "The state", most: MOST_BYTES });
    const saved = JSON.parse(bytes.toString("utf8")) as Partial<Saved>;
    return saved.key === key && saved.census ? (saved as Saved) : null;
  } catch {
    return null; // none there, or one that was cut short: it is counted anew
  }
}

async function writeState(file: string, state: Saved): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeWhole(file, JSON.stringify(state));
}
