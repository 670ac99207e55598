import { CUT_SHORT, DAMAGED_PIXELS } from "./format.ts";

const MOST_CODES = 4096;
/** Codes that begin anew, one after the other: whoever writes them does so once or twice. */
const MOST_IDLE = 64;
/** Values are handed over when there are so many. */
const PIECE = 1 << 15;

/** How a flavour of LZW packs its codes. */
export interface Packing {
  /** Bits of a pixel or byte: codes begin one bit wider. */
  readonly bits: number;
  /** GIF fills bytes from the low end, TIFF from the high one. */
  readonly lowFirst: boolean;
  /** TIFF widens its codes one code too early. */
  readonly early: 0 | 1;
}

/**
 * Unpacks what Lempel, Ziv and Welch (1984) packed. `visit` gets them in pieces, which hold until it returns; it returns whether more is
 * wanted. Throws where the data end before that. Takes the same memory whatever the data are.
 */
export function unpackLzw(
  bytes: Iterable<Uint8Array>,
  { bits, lowFirst, early }: Packing,
  visit: (piece: Uint8Array) => boolean,
): void {
  const [clear, end] = [1 << bits, (1 << bits) + 1];
  const prefix = new Uint16Array(MOST_CODES);
  const last = new Uint8Array(MOST_CODES);
  const length = new Uint16Array(MOST_CODES);
  for (let code = 0; code < clear; code++) [last[code], length[code]] = [code, 1];
  const piece = new Uint8Array(PIECE + MOST_CODES + 1);
  let filled = 0;
  let [size, next, before] = [bits + 1, end + 1, -1];
  let [held, count, idle] = [0, 0, 0];
  for (const block of bytes)
    for (let place = 0; place < block.length; place++) {
      const byte = block[place] ?? 0;
      held = lowFirst ? held | (byte << count) : ((held << 8) | byte) & 0xffffff;
      count += 8;
      while (count >= size) {
        const code = (lowFirst ? held : held >>> (count - size)) & ((1 << size) - 1);
        if (lowFirst) held >>>= size;
        count -= size;
        if (code === clear) {
          [size, next, before] = [bits + 1, end + 1, -1];
          if (++idle > MOST_IDLE) throw new Error(DAMAGED_PIXELS);
          continue;
        }
        idle = 0;
        if (code === end) {
          if (visit(piece.subarray(0, filled))) throw new Error(CUT_SHORT);
          return;
        }
        // the one code that may be used before it is known
        const fresh = code === next && before >= 0;
        if (code >= next && !fresh) throw new Error(DAMAGED_PIXELS);
        const from = fresh ? before : code;
        const many = length[from] ?? 0;
        for (let i = filled + many - 1, at = from; i >= filled; i--, at = prefix[at] ?? 0)
          piece[i] = last[at] ?? 0;
        const first = piece[filled] ?? 0;
        filled += many;
        if (fresh) piece[filled++] = first;
        if (before >= 0 && next < MOST_CODES) {
          [prefix[next], last[next], length[next]] = [before, first, (length[before] ?? 0) + 1];
          next++;
          if (next + early === 1 << size && size < 12) size++;
        }
        before = code;
        if (filled < PIECE) continue;
        if (!visit(piece.subarray(0, filled))) return;
        filled = 0;
      }
    }
  if (visit(piece.subarray(0, filled))) throw new Error(CUT_SHORT);
}
