import { Readable } from "node:stream";
import { createInflate, inflateSync } from "node:zlib";
import { kept, together, type Packed } from "../bytes.ts";
import { CUT_SHORT, DAMAGED_PIXELS } from "../format.ts";
import { unpackLzw } from "../lzw.ts";
import type { Compression } from "./layout.ts";

/** Takes unpacked bytes piece by piece, which hold until it returns; says whether more is wanted. */
type Visit = (piece: Uint8Array) => boolean;

/** Pieces up to this are inflated at once, which is faster. */
const AT_ONCE = 1 << 22;

/** Unpacks the bytes of a strip or tile, at most `expected` of them. Throws where there are fewer. */
export async function unpack(
  compression: Compression,
  data: Packed,
  expected: number,
  visit: Visit,
): Promise<void> {
  let left = expected;
  const limited: Visit = (piece) => {
    const more = visit(piece.length > left ? piece.subarray(0, left) : piece);
    left -= piece.length;
    return left > 0 && more;
  };
  await UNPACK[compression](data, limited, expected);
  if (left > 0) throw new Error(CUT_SHORT);
}

const UNPACK: Readonly<
  Record<Compression, (data: Packed, visit: Visit, expected: number) => void | Promise<void>>
> = {
  none: (data, visit) => {
    for (const piece of data.pieces()) if (!visit(piece)) return;
  },
  LZW: (data, visit) => {
    unpackLzw(ofNewLzw(data), { bits: 8, lowFirst: false, early: 1 }, visit);
  },
  PackBits: unpackBits,
  Deflate: async (data, visit, expected) => {
    try {
      if (expected <= AT_ONCE)
        visit(inflateSync(together(data), { maxOutputLength: expected + 65536 }));
      else await inflate(data, visit);
    } catch (cause) {
      throw new Error(
        (cause as { code?: unknown }).code === "Z_BUF_ERROR" ? CUT_SHORT : DAMAGED_PIXELS,
        {
          cause,
        },
      );
    }
  },
};

function* ofNewLzw(data: Packed): Generator<Uint8Array> {
  let isFirst = true;
  for (const piece of data.pieces()) {
    if (isFirst && piece[0] === 0 && ((piece[1] ?? 0) & 1) === 1)
      throw new Error("its compression is an old kind of LZW; save it again");
    isFirst = false;
    yield piece;
  }
}

async function inflate(data: Packed, visit: Visit): Promise<void> {
  const stream = Readable.from(kept(data)).pipe(createInflate({ chunkSize: 1 << 18 }));
  for await (const chunk of stream) if (!visit(chunk as Uint8Array)) return;
}

/** What is unpacked is handed over when there is so much of it, in bytes. */
const HANDED_OVER = 1 << 15;
const LONGEST_RUN = 128;

/** Runs of bytes: n >= 0: n + 1 bytes as they are; n < 0: one byte, 1 - n times. (TIFF 6.0, section 9) */
function unpackBits(data: Packed, visit: Visit): void {
  const out = new Uint8Array(HANDED_OVER + LONGEST_RUN);
  /** Bytes that are still to come as they are, and how often the next one comes. */
  let [filled, plain, times] = [0, 0, 0];
  for (const piece of data.pieces())
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i] ?? 0;
      if (plain > 0) {
        out[filled++] = byte;
        plain--;
      } else if (times > 0) {
        out.fill(byte, filled, filled + times);
        filled += times;
        times = 0;
      } else {
        const code = (byte << 24) >> 24;
        if (code >= 0) plain = code + 1;
        else if (code !== -128) times = 1 - code;
      }
      if (filled < HANDED_OVER) continue;
      if (!visit(out.subarray(0, filled))) return;
      filled = 0;
    }
  if (filled > 0) visit(out.subarray(0, filled));
}
