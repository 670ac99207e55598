import type { Packed, PictureBytes } from "../bytes.ts";
import { ascii, CUT_SHORT, MOST_BESIDE, MOST_PIECES, TOO_MANY_PIECES, viewOf } from "../format.ts";

/** What the IHDR chunk says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA. */
  readonly colour: number;
  readonly interlaced: boolean;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Whether the file begins with PNG's signature. */
export const isPng = (bytes: PictureBytes): boolean =>
  SIGNATURE.every((byte, i) => bytes.at(i) === byte);

/** Its signature, and IHDR with its checksum. */
const HEADER_BYTES = 33;

/** Reads IHDR, which comes first. Throws for a depth that its colour type cannot have. */
export function pngHeader(bytes: PictureBytes): PngHeader {
  const view = viewOf(bytes.slice(0, HEADER_BYTES));
  if (ascii(bytes, 12, 16) !== "IHDR") throw new Error("it does not start with a header");
  const colour = view.getUint8(25);
  const depth = view.getUint8(24);
  if (!DEPTHS[colour]?.includes(depth))
    throw new Error(`colour type ${colour} with ${depth} bits does not exist`);
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth,
    colour,
    interlaced: view.getUint8(28) === 1,
  };
}

/** A part of the file with a name of four letters. */
export interface PngChunk {
  readonly type: string;
  readonly content: Packed;
  /** What it says, where that is no pixels. */
  readonly data: () => Uint8Array;
}

/** The chunks up to the end marker, in order. */
export function* pngChunks(bytes: PictureBytes): Generator<PngChunk> {
  let offset = SIGNATURE.length;
  for (let count = 0; count < MOST_PIECES; count++) {
    const length = bytes.u32(offset);
    const type = ascii(bytes, offset + 4, offset + 8);
    const start = offset + 8;
    const end = start + length;
    if (end + 4 > bytes.length) throw new Error(CUT_SHORT);
    if (!/^[A-Za-z]{4}$/.test(type)) throw new Error("its chunks are damaged");
    const data = (): Uint8Array => bytes.slice(start, Math.min(end, start + MOST_BESIDE));
    yield { type, content: bytes.part(start, end), data };
    if (type === "IEND") return;
    offset = end + 4;
  }
  throw new Error(TOO_MANY_PIECES);
}

/** The data of a type's first chunk; null: there is none. Throws where the file is cut short. */
export function pngChunk(bytes: PictureBytes, wanted: string): Uint8Array | null {
  for (const { type, data } of pngChunks(bytes)) if (type === wanted) return data();
  return null;
}
