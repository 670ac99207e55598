/** Reads models while another process writes two generations of each in turn, and counts what was read. */
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { ConvLensError } from "../../src/base/errors.ts";
import { readWeights, type Generations } from "./generations.ts";

/** What became of so many reads of a model. */
export interface Counts {
  readonly name: string;
  /** Of the first generation, of the second, and refused in a sentence. */
  old: number;
  new: number;
  refused: number;
  /** What must not be: numbers of both. A few in words. */
  mixed: number;
  readonly mixes: string[];
  /** Of refusals, each with how often it was said. */
  readonly sentences: Map<string, number>;
}
/** What is read or answered, by name: each is wholly of one generation. */
export type Numbers = ReadonlyMap<string, Float32Array>;
interface Reading {
  /** Reads of each model. */
  readonly count: number;
  /** Readers of each, who take turns: most of their time is waiting. */
  readonly atOnce: number;
  readonly seed: number;
}

/**
 * Counts for each model, and the longest, in ms, that the writer did nothing within a generation: after a long one no reader can know that
 * more follows. `told` is called after each read.
 */
export async function countReads(
  models: readonly Generations[],
  { count, atOnce, seed }: Reading,
  told: (done: number) => void = () => undefined,
  read: (file: string) => Promise<Numbers> = readWeights,
): Promise<{ all: Counts[]; writersPause: number }> {
  const kinds = await Promise.all(
    models.map(async ({ a, b, open }) => [await read(open(a)), await read(open(b))]),
  );
  const places = models.flatMap(({ a, b, target }) => [a, b, target]);
  const writer = fork(path.join(import.meta.dirname, "writer.mjs"), [String(seed), ...places]);
  const ended = once(writer, "exit");
  let writersPause = 0;
  let done = 0;
  try {
    await once(writer, "message");
    writer.on("message", (longest) => (writersPause = Number(longest)));
    const all = await Promise.all(
      models.map(async ({ name, open, target }, i) => {
        const none = { old: 0, new: 0, refused: 0, mixed: 0 };
        const counts: Counts = { name, ...none, mixes: [], sentences: new Map() };
        let begun = 0;
        const reader = async (): Promise<void> => {
          while (begun++ < count) {
            if (writer.exitCode !== null) throw new Error("the writer ended");
            await oneRead(() => read(open(target)), kinds[i] ?? [], counts);
            told(++done);
          }
        };
        await Promise.all(Array.from({ length: atOnce }, reader));
        return counts;
      }),
    );
    return { all, writersPause };
  } finally {
    writer.kill("SIGKILL");
    await ended;
  }
}

async function oneRead(
  make: () => Promise<Numbers>,
  [first, second]: readonly Numbers[],
  counts: Counts,
): Promise<void> {
  let read: Numbers;
  try {
    read = await make();
  } catch (error) {
    if (!(error instanceof ConvLensError)) throw error;
    const words = error.message.replaceAll(/\d+/g, "N").slice(0, 160);
    counts.sentences.set(words, (counts.sentences.get(words) ?? 0) + 1);
    counts.refused++;
    return;
  }
  const tags = new Map<string, number>();
  for (const [ref, data] of read) {
    const [old, now] = [same(data, first?.get(ref)), same(data, second?.get(ref))];
    const tag = old && now ? "same" : old ? "old" : now ? "new" : "torn";
    tags.set(tag, (tags.get(tag) ?? 0) + 1);
  }
  tags.delete("same");
  const [only, ...others] = tags.keys();
  if (others.length === 0 && only === "old") counts.old++;
  else if (others.length === 0 && only === "new") counts.new++;
  else {
    counts.mixed++;
    counts.mixes.push([...tags].map(([tag, n]) => `${n} ${tag}`).join(", "));
  }
}

const same = (a: Float32Array, b: Float32Array | undefined): boolean =>
  b !== undefined && Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
