import { createInflate, inflateSync } from "node:zlib";
import { at } from "../../../base/at.ts";
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
  data: Uint8Array,
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
  Record<Compression, (data: Uint8Array, visit: Visit, expected: number) => void | Promise<void>>
> = {
  none: (data, visit) => {
    visit(data);
  },
  LZW: (data, visit) => {
    if (data[0] === 0 && ((data[1] ?? 0) & 1) === 1)
      throw new Error("its compression is an old kind of LZW; save it again");
    unpackLzw([data], { bits: 8, lowFirst: false, early: 1 }, visit);
  },
  PackBits: unpackBits,
  Deflate: async (data, visit, expected) => {
    try {
      if (expected <= AT_ONCE) visit(inflateSync(data, { maxOutputLength: expected + 65536 }));
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

async function inflate(data: Uint8Array, visit: Visit): Promise<void> {
  const stream = createInflate({ chunkSize: 1 << 18 });
  stream.end(data);
  for await (const chunk of stream) if (!visit(chunk as Uint8Array)) return;
}

/** Runs of bytes: n >= 0: n + 1 bytes as they are; n < 0: one byte, 1 - n times. (TIFF 6.0, section 9) */
function unpackBits(data: Uint8Array, visit: Visit): void {
  for (let i = 0; i < data.length;) {
    const code = (at(data, i) << 24) >> 24;
    if (code === -128) {
      i++;
      continue;
    }
    const run = code >= 0;
    const piece = run
      ? data.subarray(i + 1, i + 2 + code)
      : new Uint8Array(1 - code).fill(at(data, i + 1));
    if (!visit(piece)) return;
    i += run ? 2 + code : 2;
  }
}
