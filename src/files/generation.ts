/** Old, new, or "being written": what is read of files that somebody writes is of one generation of all of them, or is not taken. */
import { statSync, type BigIntStats } from "node:fs";
import path from "node:path";
import { inputError } from "../base/errors.ts";
import { fileStamp } from "./file-stamp.ts";

const NONE = "none";

/**
 * Until nothing was written for so long, more may follow: the next piece, or the next file of the generation. It is also longer than a
 * tick of the system's clock (4 ms on Linux, 10 or 16 elsewhere), within which two writes leave one time.
 */
export const REST_MS = 300;
/** The same of FAT, and of servers that count in seconds. */
const COARSE_REST_MS = 2300;
const SECOND_NS = 1_000_000_000n;
/** A write is stamped when it begins, and one call may write all of a file: at this speed at least, or the file's end tells. */
const BYTES_PER_MS = 500_000;
const MOST_WRITING_MS = 1000;

/** How often, and how long in all, what is being written is read again. */
const MOST_TRIES = 10;
const MOST_WAITING_MS = 4000;

interface Seen {
  readonly stamp: string;
  /** Of `performance.now`, when this stamp was first met. */
  readonly since: number;
  /** How much longer, in ms, it has to stay as it is to be taken for whole. */
  readonly unrest: number;
}

/**
 * The stamps of all files of a model (shards, external data, its sidecar and what that names, also of those that are not there) as they
 * were before anything was read of them.
 */
export class Generation {
  private readonly seen = new Map<string, Seen>();
  private replaced: string | null = null;

  /**
   * `patient`: a file that was written a moment ago is not read, but waited for. `before`: of an attempt to read the same files that was
   * given up.
   */
  constructor(
    private readonly patient = false,
    private readonly before: Generation | null = null,
  ) {}

  /**
   * Takes a file's stamp, before it is read; `facts` are those of the file that was opened, where that is done. Throws a ConvLensError
   * where it has to be waited for.
   */
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
    const unrest = this.patient && facts ? unrestOf(facts, since) : 0;
    this.seen.set(file, { stamp, since, unrest });
    if (unrest > 0) throw beingWritten(file);
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

  /** A file that was written a moment before it was to be read, and how long to wait, in ms. */
  get youngest(): { readonly file: string; readonly unrest: number } | null {
    let youngest = null;
    for (const [file, { unrest }] of this.seen)
      if (unrest > (youngest?.unrest ?? 0)) youngest = { file, unrest };
    return youngest;
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
    const generation: Generation = new Generation(true, before);
    let wait = 0;
    const last = tries === MOST_TRIES || performance.now() > end;
    const unsettled = (): string | null => {
      const [changed, young] = [generation.changed(), generation.youngest];
      wait = Math.ceil(young?.unrest ?? REST_MS);
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
    if (last) throw beingWritten(written);
    before = generation;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

const beingWritten = (file: string): Error =>
  inputError(`'${path.basename(file)}' is being written; try again when it is whole.`);

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
  const rest = ctimeNs % SECOND_NS === 0n ? COARSE_REST_MS : REST_MS;
  const needed = rest + Math.min(MOST_WRITING_MS, Number(size) / BYTES_PER_MS);
  const quiet = Math.max(Date.now() - Number(ctimeMs), performance.now() - since);
  return Math.max(0, needed - quiet);
}
