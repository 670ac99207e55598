import { Readable } from "node:stream";
import { createInflate, inflateSync } from "node:zlib";
import { kept, together, type Packed } from "../bytes.ts";
import { CUT_SHORT, DAMAGED_PIXELS } from "../format.ts";
import type { PngHeader } from "./chunks.ts";

/** One pass over the picture: pixels (x0 + i * dx, y0 + j * dy). */
export interface Pass {
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
}

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function passes({ width, height, interlaced }: PngHeader): Pass[] {
  return (interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const))
    .map(([x0, y0, dx, dy]) => ({
      ...{ x0, y0, dx, dy },
      width: Math.ceil((width - x0) / dx),
      height: Math.ceil((height - y0) / dy),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Pixels up to this many bytes are inflated at once, which is faster; larger pictures piece by piece, never held whole. */
const AT_ONCE = 1 << 24;

/**
 * Inflates and unfilters, calling `visit` for every scan line with its packed samples, which hold until the next call. Never inflates more
 * than the header promises, so a small file cannot ask for gigabytes.
 */
export async function eachScanline(
  header: PngHeader,
  compressed: Packed,
  samplesPerPixel: number,
  visit: (line: Uint8Array, pass: Pass, row: number) => void,
): Promise<void> {
  const bits = header.depth * samplesPerPixel;
  const list = passes(header);
  const lineBytes = (pass: Pass): number => Math.ceil((pass.width * bits) / 8);
  const expected = list.reduce((sum, pass) => sum + (lineBytes(pass) + 1) * pass.height, 0);
  const lines = linesOf(list, lineBytes);
  const step = Math.max(1, bits >> 3);
  let received = 0;
  let current = lines.next();
  let filled = 0;
  const isLarge = Math.max(expected, compressed.length) > AT_ONCE;
  for await (const chunk of isLarge ? pieces(compressed) : [atOnce(compressed, expected)]) {
    received += chunk.length;
    if (received > expected + SPARE) throw new Error(TOO_MANY);
    for (let from = 0; from < chunk.length && current.value;) {
      const { pass, row, line, above } = current.value;
      const count = Math.min(line.length - filled, chunk.length - from);
      line.set(chunk.subarray(from, from + count), filled);
      filled += count;
      from += count;
      if (filled < line.length) continue;
      unfilter(line[0] ?? 0, line.subarray(1), above.subarray(1), step);
      visit(line.subarray(1), pass, row);
      [current, filled] = [lines.next(), 0];
    }
  }
  if (!current.done) throw new Error(TOO_FEW);
}

interface Line {
  readonly pass: Pass;
  readonly row: number;
  /** Filter's number and samples, of this row and of the one above it. */
  readonly line: Uint8Array;
  readonly above: Uint8Array;
}

/** Two buffers a pass, taken in turns. */
function* linesOf(
  list: readonly Pass[],
  lineBytes: (pass: Pass) => number,
): Generator<Line, undefined> {
  for (const pass of list) {
    let [line, above] = [new Uint8Array(lineBytes(pass) + 1), new Uint8Array(lineBytes(pass) + 1)];
    for (let row = 0; row < pass.height; row++) {
      yield { pass, row, line, above };
      [line, above] = [above, line];
    }
  }
}

/** More than the header promises is passed over, up to this. */
const SPARE = 65536;
const TOO_FEW = "it holds fewer pixels than its header says";
const TOO_MANY = "it holds more pixels than its header says";

function atOnce(compressed: Packed, expected: number): Uint8Array {
  let data: Uint8Array;
  try {
    data = inflateSync(together(compressed), { maxOutputLength: expected + SPARE });
  } catch (error) {
    throw damaged(error);
  }
  if (data.length < expected) throw new Error(TOO_FEW);
  return data;
}

async function* pieces(compressed: Packed): AsyncGenerator<Uint8Array> {
  const inflate = Readable.from(kept(compressed)).pipe(createInflate({ chunkSize: 1 << 18 }));
  try {
    for await (const chunk of inflate) yield chunk as Uint8Array;
  } catch (error) {
    throw damaged(error);
  }
}

function damaged(error: unknown): Error {
  const code = (error as { code?: unknown }).code;
  if (code === "Z_BUF_ERROR") return new Error(CUT_SHORT, { cause: error });
  if (code === "ERR_BUFFER_TOO_LARGE") return new Error(TOO_MANY, { cause: error });
  return new Error(DAMAGED_PIXELS, { cause: error });
}

function unfilter(kind: number, line: Uint8Array, above: Uint8Array, step: number): void {
  if (kind > 4) throw new Error(DAMAGED_PIXELS);
  const { length } = line;
  // the three simple filters one by one: this is where the time of a large picture goes
  if (kind === 0) return;
  if (kind === 1)
    for (let i = step; i < length; i++) line[i] = (line[i] ?? 0) + (line[i - step] ?? 0);
  else if (kind === 2) for (let i = 0; i < length; i++) line[i] = (line[i] ?? 0) + (above[i] ?? 0);
  else
    for (let i = 0; i < length; i++) {
      const left = i < step ? 0 : (line[i - step] ?? 0);
      const upLeft = i < step ? 0 : (above[i - step] ?? 0);
      line[i] = (line[i] ?? 0) + predicted(kind, left, above[i] ?? 0, upLeft);
    }
}

/** Average and Paeth. */
function predicted(kind: number, left: number, up: number, upLeft: number): number {
  if (kind === 3) return (left + up) >> 1;
  // Paeth: whichever neighbour is nearest to left + up - upLeft
  const toLeft = Math.abs(up - upLeft);
  const toUp = Math.abs(left - upLeft);
  const toUpLeft = Math.abs(left + up - 2 * upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}
