import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { basename } from "node:path";
import { inputError } from "../../base/errors.ts";
import type { Generation } from "../../files/generation.ts";
import { isBelow } from "../../files/real-place.ts";

/** Random access to bytes that stay where they are: a file, or a part of one. */
export interface ByteSource {
  /** For messages. */
  readonly name: string;
  readonly size: number;
  /** Fills `target` from `position`; returns how many bytes there were (fewer only at the end). */
  readInto(target: Uint8Array, position: number): number;
  close(): void;
}

/** One read call takes at most this much: larger ones fail on some systems. */
const MAX_READ = 1 << 30;

/** A pipe opens at once, to be refused, instead of waiting for somebody who writes; Windows has no such flag. */
const READ = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** A file, kept open, that is one of a model's. */
export class FileSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  private descriptor: number | null;

  /** Throws a ConvLensError of kind `input` for what cannot be opened, is no file, or is being written. */
  constructor(
    private readonly path: string,
    generation: Generation,
  ) {
    this.name = basename(path);
    try {
      this.descriptor = openSync(path, READ);
    } catch (error) {
      throw inputError(`'${path}' cannot be opened (${reason(error)}); check the path.`);
    }
    try {
      const facts = fstatSync(this.descriptor, { bigint: true });
      if (!facts.isFile())
        throw inputError(`'${path}' is not a file; give the path of a model file.`);
      generation.add(path, facts);
      this.size = Number(facts.size);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  readInto(target: Uint8Array, position: number): number {
    const descriptor = this.opened();
    let done = 0;
    while (done < target.length) {
      const wanted = Math.min(target.length - done, MAX_READ);
      const count = readSync(descriptor, target, done, wanted, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  /**
   * Closes it, and throws, where what was opened does not lie below `folder`, all links followed: what `outside` makes, or a ConvLensError of
   * kind `input` where its name leads to something else by now. Asked after opening: a link may have taken the place of a file in between.
   */
  keepWithin(folder: string, outside: () => Error): this {
    try {
      const real = realpathSync(this.path);
      if (!isBelow(real, realpathSync(folder))) throw outside();
      const there = statSync(real, { bigint: true });
      const own = fstatSync(this.opened(), { bigint: true });
      if (own.ino === there.ino && own.dev === there.dev) return this;
    } catch (error) {
      this.close();
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
    this.close();
    throw inputError(`'${this.name}' was changed while it was opened; try again.`);
  }

  private opened(): number {
    if (this.descriptor === null) throw inputError(`'${this.name}' was closed; open it again.`);
    return this.descriptor;
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
  }
}

/** `size` bytes of another source from `start`; closing it closes the whole. */
export class SourceWindow implements ByteSource {
  constructor(
    private readonly whole: ByteSource,
    readonly name: string,
    private readonly start: number,
    readonly size: number,
  ) {}
  readInto(target: Uint8Array, position: number): number {
    const wanted = Math.max(0, Math.min(target.length, this.size - position));
    return this.whole.readInto(target.subarray(0, wanted), this.start + position);
  }
  close(): void {
    this.whole.close();
  }
}

/** Bytes already in memory (an inflated archive member); `close` also closes where they came from. */
export class MemorySource implements ByteSource {
  constructor(
    readonly name: string,
    private readonly bytes: Uint8Array,
    private readonly origin: ByteSource,
  ) {}
  get size(): number {
    return this.bytes.length;
  }
  readInto(target: Uint8Array, position: number): number {
    const part = this.bytes.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  }
  close(): void {
    this.origin.close();
  }
}

/** Exactly `length` bytes at `position`; the length is checked against the source before anything is allocated. */
export function readBytes(source: ByteSource, position: number, length: number): Buffer {
  if (position < 0 || length < 0 || position + length > source.size)
    throw inputError(
      `'${source.name}' is cut short: it refers to bytes behind its end; copy or save it again.`,
    );
  // not from Buffer's shared pool: the bytes are handed on as the memory of a tensor
  const target = Buffer.from(new ArrayBuffer(length));
  if (source.readInto(target, position) !== length)
    throw inputError(`'${source.name}' could not be read to its end; copy or save it again.`);
  return target;
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  return code ?? (error instanceof Error ? error.message : String(error));
}
