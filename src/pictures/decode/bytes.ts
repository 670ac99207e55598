/** How much of a file is read at a time, in bytes: where it is looked at here and there, and where it is read through. */
const [PAGE, PIECE] = [1 << 14, 1 << 18];

/** Bytes that are read piece by piece, in order. A piece holds until the next is asked for. */
export interface Packed {
  readonly length: number;
  pieces(): Iterable<Uint8Array>;
}
/** Reads so many bytes from an offset on, all of which are there; `into` may be taken for them. */
type Read = (offset: number, length: number, into?: Buffer) => Uint8Array;

/** The bytes of a picture file, of which no more is held than is looked at. */
export class PictureBytes implements Packed {
  /** What is held, and where it lies in the file. */
  private page: Uint8Array = new Uint8Array();
  private start = 0;

  constructor(
    readonly length: number,
    private readonly read: Read,
  ) {}

  /** Of a file that is in memory already. */
  static of(bytes: Uint8Array): PictureBytes {
    const made = new PictureBytes(bytes.length, (from, count) =>
      bytes.subarray(from, from + count),
    );
    made.page = bytes;
    return made;
  }

  /** Undefined behind the end. */
  at(offset: number): number | undefined {
    const known = this.page[offset - this.start];
    if (known !== undefined || offset < 0 || offset >= this.length) return known;
    this.page = this.slice(offset, offset + PAGE);
    this.start = offset;
    return this.page[0];
  }

  /** An unsigned number of two or four bytes. Throws a RangeError where the file ends before. */
  u16(offset: number, little = false): number {
    const [first, second] = [this.byte(offset), this.byte(offset + 1)];
    return little ? first | (second << 8) : (first << 8) | second;
  }
  u32(offset: number, little = false): number {
    const [first, second] = [this.u16(offset, little), this.u16(offset + 2, little)];
    return little ? first + second * 65536 : first * 65536 + second;
  }
  private byte(offset: number): number {
    const byte = this.at(offset);
    if (byte === undefined) throw new RangeError();
    return byte;
  }

  /** The bytes from `from` up to but without `to`, as many of them as there are. Who asks knows that they are few. */
  slice(from: number, to: number): Uint8Array {
    const end = Math.min(to, this.length);
    if (from >= end) return new Uint8Array();
    const [first, last] = [from - this.start, end - this.start];
    if (first >= 0 && last <= this.page.length) return this.page.subarray(first, last);
    return this.read(from, end - from);
  }

  /** A part of them, which is not read yet. */
  part(from: number, to: number): Packed {
    const end = Math.min(to, this.length);
    const length = Math.max(0, end - from);
    const { read } = this;
    return {
      length,
      *pieces() {
        const into = Buffer.allocUnsafeSlow(Math.min(PIECE, length));
        for (let at = from; at < end; at += PIECE) yield read(at, Math.min(PIECE, end - at), into);
      },
    };
  }
  pieces(): Iterable<Uint8Array> {
    return this.part(0, this.length).pieces();
  }
}

/** One after the other. */
export const joined = (parts: readonly Packed[]): Packed => ({
  length: parts.reduce((sum, { length }) => sum + length, 0),
  *pieces() {
    for (const part of parts) yield* part.pieces();
  },
});

/** All at once, of what is known to be small. */
export function together(packed: Packed): Buffer {
  const all = Buffer.alloc(packed.length);
  let end = 0;
  for (const piece of packed.pieces()) {
    all.set(piece, end);
    end += piece.length;
  }
  return all;
}

/** Pieces that hold, for who reads ahead. */
export function* kept(packed: Packed): Generator<Buffer> {
  for (const piece of packed.pieces()) yield Buffer.from(piece);
}
