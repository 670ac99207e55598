import { ascii, CUT_SHORT, viewOf, type Size } from "../format.ts";

/** An unsigned number of three bytes. */
export const uint24 = (view: DataView, at: number): number =>
  view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

/** The chunks from `offset` on, with their data. */
function* chunks(
  bytes: Uint8Array,
  offset: number,
): Generator<{ type: string; data: Uint8Array; whole: Uint8Array }> {
  const view = viewOf(bytes);
  while (offset + 8 <= bytes.length) {
    const length = view.getUint32(offset + 4, true);
    const end = offset + 8 + length;
    if (end > bytes.length) throw new Error(CUT_SHORT);
    const data = bytes.subarray(offset + 8, end);
    yield {
      type: ascii(bytes, offset, offset + 4),
      data,
      whole: bytes.subarray(offset, end + (length % 2)),
    };
    offset = end + (length % 2);
  }
}

/** The data of the first chunk of a type; null: there is none. */
export function chunk(bytes: Uint8Array, wanted: string): Uint8Array | null {
  for (const { type, data } of chunks(bytes, 12)) if (type === wanted) return data;
  return null;
}

/** The first frame of an animation, as a file of its own, and where it lies on the canvas. */
export interface Frame extends Size {
  readonly file: Uint8Array;
  readonly x: number;
  readonly y: number;
  /** Whether others follow. */
  readonly more: boolean;
}

const PIXELS = ["ALPH", "VP8 ", "VP8L"];

/** Null for a picture that does not move. Throws where the frame is not inside of the canvas. */
export function firstFrame(bytes: Uint8Array): Frame | null {
  if (chunk(bytes, "ANIM") === null) return null;
  let first: Uint8Array | null = null;
  let more = false;
  for (const { type, data } of chunks(bytes, 12)) {
    if (type !== "ANMF") continue;
    more = first !== null;
    if (more) break;
    first = data;
  }
  if (!first) throw new Error("it holds no frame");
  const [canvas, view] = [viewOf(bytes), viewOf(first)];
  const [x, y] = [2 * uint24(view, 0), 2 * uint24(view, 3)];
  const [width, height] = [1 + uint24(view, 6), 1 + uint24(view, 9)];
  if (
    ascii(bytes, 12, 16) !== "VP8X" ||
    x + width > 1 + uint24(canvas, 24) ||
    y + height > 1 + uint24(canvas, 27)
  )
    throw new Error("its first frame is larger than the picture");
  const parts = [...chunks(first, 16)].filter(({ type }) => PIXELS.includes(type));
  return { x, y, width, height, more, file: fileOf({ width, height }, parts) };
}

/** A WebP of one picture. Alpha beside lossy pixels needs the extended header. */
function fileOf(
  { width, height }: Size,
  parts: readonly { type: string; whole: Uint8Array }[],
): Uint8Array {
  const alpha = parts.some(({ type }) => type === "ALPH");
  const head = Buffer.alloc(alpha ? 30 : 12);
  head.write("RIFF", 0);
  head.write("WEBP", 8);
  if (alpha) {
    head.write("VP8X", 12);
    head.writeUInt32LE(10, 16);
    head.writeUInt8(0x10, 20);
    head.writeUIntLE(width - 1, 24, 3);
    head.writeUIntLE(height - 1, 27, 3);
  }
  const file = Uint8Array.from(Buffer.concat([head, ...parts.map(({ whole }) => whole)]));
  viewOf(file).setUint32(4, file.length - 8, true);
  return file;
}
