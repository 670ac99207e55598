import { readBytes, type ByteSource } from "../../bytes/source.ts";

const PAGE = 2 ** 14;
const MOST_PAGES = 256;
/** Descriptions and names of a hundred thousand data sets. */
const MOST_BYTES = 2 ** 26;

/** Pieces of a file; those that lie near each other come from one read. Throws where the file ends before. */
export class Pages {
  private readonly pages = new Map<number, Buffer>();
  /** Structures that share bytes with others make a small file long to read. */
  private left: number;

  constructor(private readonly source: ByteSource) {
    this.left = Math.min(2 * source.size + 2 ** 20, MOST_BYTES);
  }

  bytes(position: number, length: number): Buffer {
    this.spend(length);
    const index = Math.floor(position / PAGE);
    const at = position - index * PAGE;
    if (!(at + length <= PAGE)) return readBytes(this.source, position, length);
    const piece = this.page(index).subarray(at, at + length);
    if (piece.length < length) throw new RangeError("the file ends before");
    return piece;
  }

  /** Counts bytes that are used once more. */
  spend(length: number): void {
    this.left -= length;
    if (!(this.left >= 0)) throw new RangeError("the same bytes are used again and again");
  }

  private page(index: number): Buffer {
    const known = this.pages.get(index);
    if (known) return known;
    const start = index * PAGE;
    const page = readBytes(this.source, start, Math.min(PAGE, this.source.size - start));
    const [oldest] = this.pages.keys();
    if (oldest !== undefined && this.pages.size >= MOST_PAGES) this.pages.delete(oldest);
    this.pages.set(index, page);
    return page;
  }
}

/** An address or a length of 8 bytes; "undefined" (all bits set) lies behind the end of every file. */
export const word = (bytes: Buffer, at: number): number =>
  bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;

/** Refuses what is not as HDF5 1.6 wrote it: the library reads the file then. */
export function expect(fits: boolean, what: string): asserts fits {
  if (!fits) throw new RangeError(what);
}
