/** Old, new, or "being written": what is read of files that somebody writes is of one generation of all of them, or is not taken. */
import { statSync, type BigIntStats } from "node:fs";
import path from "node:path";
import { inputError } from "../base/errors.ts";
import { fileStamp } from "./file-stamp.ts";

const NONE = "none";

/** Two writes within a tick of the system's clock (4 ms on Linux, 10 or 16 elsewhere) leave one time. */
const TICK_MS = 20;
/** FAT, and servers that count in seconds. */
const COARSE_TICK_MS = 2000;
const SECOND_NS = 1_000_000_000n;
/** A write is stamped when it begins, and one call may write all of a file: at this speed at least, or the file's end tells. */
const BYTES_PER_MS = 500_000;
const MOST_QUIET_MS = 1000;

/** How often, and how long in all, what is being written is read again. */
const MOST_TRIES = 10;
const MOST_WAITING_MS = 3000;

interface Seen {
  readonly stamp: string;
  /** Of `performance.now`, when this stamp was first met. */
  readonly since: number;
  /** How much longer, in ms, nothing may be written before what is written next is sure to leave another stamp. */
  readonly unrest: number;
}

/**
 * The stamps of all files of a model (shards, external data, its sidecar and what that names, also of those that are not there) as they
 * were before anything was read of them.
 */
export class Generation {
  private readonly seen = new Map<string, Seen>();
  private replaced: string | null = null;

  /** `before`: of an attempt to read the same files that was given up. */
  constructor(private readonly before: Generation | null = null) {}

  /** Takes a file's stamp, before it is read; `facts` are those of the file that was opened, where that is done. */
  add(given: string, facts: BigIntStats | null = factsOf(given)): void {
    const file = path.resolve(given);
    const stamp = stampOf(facts);
    const known = this.seen.get(file);
    if (known) {
      if (known.stamp !== stamp) this.replaced ??= file;
      return;
    }
    const earlier = this.before?.seen.get(file);
    const since = earlier?.stamp === stamp ? earlier.since : performance.now();
    this.seen.set(file, { stamp, since, unrest: facts ? unrestOf(facts, since) : 0 });
  }

  /** Takes over the files of another, which was read before it was known to belong here. */
  include({ seen }: Generation): void {
    for (const [file, { stamp }] of seen) {
      const facts = factsOf(file);
      if (stampOf(facts) === stamp) this.add(file, facts);
      else this.replaced ??= file;
    }
  }

  /** The first file that is not as it was; null where all are. */
  changed(): string | null {
    if (this.replaced !== null) return this.replaced;
    for (const [file, { stamp }] of this.seen)
      if (stampOf(factsOf(file)) !== stamp) return (this.replaced = file);
    return null;
  }

  /** Throws a ConvLensError of kind `input` that names the file that was changed. */
  check(): void {
    const file = this.changed();
    if (file !== null)
      throw inputError(
        `'${path.basename(file)}' changed on disk while it was open; open it again.`,
      );
  }

  /** A file that was written so shortly before that another write could not be told from that one, and how long to wait in ms. */
  get youngest(): { readonly file: string; readonly unrest: number } | null {
    const [first] = [...this.seen].sort(([, a], [, b]) => b.unrest - a.unrest);
    return first && first[1].unrest > 0 ? { file: first[0], unrest: first[1].unrest } : null;
  }

  /** Equal for two readings of the same generation, by another process too. */
  key(without: readonly string[]): string {
    return [...this.seen]
      .filter(([file]) => !without.some((other) => path.resolve(other) === file))
      .map(([file, { stamp }]) => `${file}: ${stamp}`)
      .join("\n");
  }
}

/**
 * Reads files as one generation of them: again where one was changed meanwhile, or had been written too shortly before to be sure; what
 * was read then is handed to `discard`. Throws a ConvLensError of kind `input` that names the file where that does not end, and what
 * `read` throws of files that stay as they are.
 */
export async function ofOneGeneration<T>(
  read: (generation: Generation) => Promise<T>,
  discard: (read: T) => void,
): Promise<T> {
  const end = performance.now() + MOST_WAITING_MS;
  let before: Generation | null = null;
  for (let tries = 1; ; tries++) {
    const generation: Generation = new Generation(before);
    let wait = 0;
    const last = tries === MOST_TRIES || performance.now() > end;
    const unsettled = (): string | null => {
      const [changed, young] = [generation.changed(), generation.youngest];
      wait = Math.ceil(young?.unrest ?? TICK_MS);
      return changed ?? young?.file ?? null;
    };
    const written = await read(generation).then(
      (made) => {
        const file = unsettled();
        if (file === null) return { made };
        discard(made);
        return file;
      },
      (error: unknown) => {
        const file = unsettled();
        if (file === null) throw error;
        return file;
      },
    );
    if (typeof written !== "string") return written.made;
    if (last)
      throw inputError(`'${path.basename(written)}' is being written; try again when it is whole.`);
    before = generation;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** The stamp of a file as it is now, in a line; of one that is not there too. */
export const stampNow = (file: string): string => stampOf(factsOf(file));

const stampOf = (facts: BigIntStats | null): string => (facts ? fileStamp(facts) : NONE);

function factsOf(file: string): BigIntStats | null {
  try {
    return statSync(file, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch {
    return null; // a folder in its path is none, or may not be searched
  }
}

/** By the file's clock, and by ours, where a server's is ahead. */
function unrestOf({ ctimeNs, ctimeMs, size }: BigIntStats, since: number): number {
  const tick = ctimeNs % SECOND_NS === 0n ? COARSE_TICK_MS : TICK_MS;
  const needed = tick + Math.min(MOST_QUIET_MS, Number(size) / BYTES_PER_MS);
  const quiet = Math.max(Date.now() - Number(ctimeMs), performance.now() - since);
  return Math.max(0, needed - quiet);
}
