import type { PictureBytes } from "../bytes.ts";
import { ascii, MOST_BESIDE, viewOf } from "../format.ts";

/** Numbers of the tags that are read (TIFF 6.0; Adobe's supplements). */
export const TAGS = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  extraSamples: 338,
  sampleFormat: 339,
  profile: 34675,
} as const;
export type Tag = keyof typeof TAGS;

/** Bytes of a value, by its type: BYTE, SHORT, LONG, UNDEFINED. */
const WIDTHS: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4, 7: 1 };

/** The first directory of a file: what it says of the first picture. */
export interface Directory {
  readonly little: boolean;
  /** Whether other pictures follow. They are not followed: a chain of them may have no end. */
  readonly more: boolean;
  /** The numbers of a tag; empty: it is not there. Reading them allocates no more than the file holds. */
  numbers(tag: Tag): number[];
  /** The bytes of a tag; null: it is not there. */
  raw(tag: Tag): Uint8Array | null;
}

/** Strips of a picture of 100 megapixels that is one pixel wide are not what this is for. */
const MOST_NUMBERS = 1 << 20;

/** Whether the file begins as a TIFF, or as a BigTIFF. */
export const isTiff = (bytes: PictureBytes): boolean =>
  ["II*\0", "MM\0*", "II+\0", "MM\0+"].includes(ascii(bytes, 0, 4));

/** Reads the first directory. Throws a RangeError where it lies outside of the file. */
export function directoryOf(bytes: PictureBytes): Directory {
  const little = bytes.at(0) === 0x49;
  if (bytes.u16(2, little) === 43) throw new Error("it is a BigTIFF; save it as TIFF or PNG");
  const start = bytes.u32(4, little);
  const count = bytes.u16(start, little);
  const entries = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const entry = start + 2 + 12 * i;
    entries.set(bytes.u16(entry, little), entry);
  }
  const behind = start + 2 + 12 * count;
  const raw = (tag: Tag): Uint8Array | null => {
    const entry = entries.get(TAGS[tag]);
    if (entry === undefined) return null;
    const width = WIDTHS[bytes.u16(entry + 2, little)];
    if (width === undefined) throw new Error(`its tag ${TAGS[tag]} is of an unknown type`);
    const length = bytes.u32(entry + 4, little) * width;
    const at = length <= 4 ? entry + 8 : bytes.u32(entry + 8, little);
    if (at + length > bytes.length) throw new RangeError();
    if (length > MOST_BESIDE) throw new Error("its directory is damaged");
    return bytes.slice(at, at + length);
  };
  return {
    little,
    more: behind + 4 <= bytes.length && bytes.u32(behind, little) !== 0,
    raw,
    numbers: (tag) => {
      const data = raw(tag);
      const entry = entries.get(TAGS[tag]);
      if (!data || entry === undefined) return [];
      const width = WIDTHS[bytes.u16(entry + 2, little)] ?? 1;
      if (data.length > width * MOST_NUMBERS) throw new Error("its directory is damaged");
      const own = viewOf(data);
      return Array.from({ length: data.length / width }, (_, i) =>
        width === 1
          ? own.getUint8(i)
          : width === 2
            ? own.getUint16(2 * i, little)
            : own.getUint32(4 * i, little),
      );
    },
  };
}
