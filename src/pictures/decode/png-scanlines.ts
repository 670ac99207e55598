import { inflateSync } from "node:zlib";
import { CUT_SHORT } from "./format.ts";
import type { PngHeader } from "./png-chunks.ts";

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

/**
 * Inflates and unfilters, calling `visit` for every scan line with its packed samples. Never inflates more than the
 * header promises, so a small file cannot ask for gigabytes.
 */
export function eachScanline(
  header: PngHeader,
  compressed: Uint8Array,
  samplesPerPixel: number,
  visit: (line: Uint8Array, pass: Pass, row: number) => void,
): void {
  const bits = header.depth * samplesPerPixel;
  const list = passes(header);
  const lineBytes = (pass: Pass): number => Math.ceil((pass.width * bits) / 8);
  const expected = list.reduce((sum, pass) => sum + (lineBytes(pass) + 1) * pass.height, 0);
  const data = inflate(compressed, expected);
  const step = Math.max(1, bits >> 3);
  let offset = 0;
  for (const pass of list) {
    const length = lineBytes(pass);
    let above = new Uint8Array(length);
    for (let row = 0; row < pass.height; row++) {
      const line = data.subarray(offset + 1, offset + 1 + length);
      unfilter(data[offset] ?? 0, line, above, step);
      visit(line, pass, row);
      above = line;
      offset += length + 1;
    }
  }
}

function inflate(compressed: Uint8Array, expected: number): Uint8Array<ArrayBuffer> {
  let data: Buffer<ArrayBuffer>;
  try {
    data = inflateSync(compressed, { maxOutputLength: expected + 65536 });
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === "Z_BUF_ERROR") throw new Error(CUT_SHORT, { cause: error });
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw new Error("it holds more pixels than its header says", { cause: error });
    throw new Error("its compressed pixels are damaged", { cause: error });
  }
  if (data.length < expected) throw new Error("it holds fewer pixels than its header says");
  return data;
}

function unfilter(kind: number, line: Uint8Array, above: Uint8Array, step: number): void {
  if (kind > 4) throw new Error("its compressed pixels are damaged");
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
