import { joined, PictureBytes, type Packed } from "../bytes.ts";
import {
  ascii,
  CUT_SHORT,
  MOST_BESIDE,
  MOST_PIECES,
  TOO_MANY_PIECES,
  type Size,
} from "../format.ts";

/** An unsigned number of three bytes. */
export const uint24 = (bytes: PictureBytes, at: number): number =>
  bytes.u16(at, true) | ((bytes.u16(at + 1, true) >> 8) << 16);

/** A part of the file with a name of four letters: where it begins, and its data begin and end. */
interface Chunk {
  readonly type: string;
  readonly head: number;
  readonly start: number;
  readonly end: number;
}

/** The chunks from `offset` on, of those that begin before `end`. */
function* chunks(bytes: PictureBytes, offset: number, end = bytes.length): Generator<Chunk> {
  for (let count = 0; offset + 8 <= end; count++) {
    if (count === MOST_PIECES) throw new Error(TOO_MANY_PIECES);
    const start = offset + 8;
    const length = bytes.u32(offset + 4, true);
    if (start + length > end) throw new Error(CUT_SHORT);
    yield { type: ascii(bytes, offset, offset + 4), head: offset, start, end: start + length };
    offset = start + length + (length % 2);
  }
}

function find(bytes: PictureBytes, wanted: string): Chunk | null {
  for (const one of chunks(bytes, 12)) if (one.type === wanted) return one;
  return null;
}

/** The data of the first chunk of a type that says something of the picture; null: there is none. */
export function chunk(bytes: PictureBytes, wanted: string): Uint8Array | null {
  const found = find(bytes, wanted);
  return found && bytes.slice(found.start, Math.min(found.end, found.start + MOST_BESIDE));
}

/** What decodes as one picture: its chunks of pixels alone, as a file. */
export interface OnePicture {
  readonly file: Packed;
  readonly kind: "lossless" | "alpha" | "lossy";
}

/** The first frame of an animation, as a file of its own, and where it lies on the canvas. */
export interface Frame extends Size, OnePicture {
  readonly x: number;
  readonly y: number;
  /** Whether others follow. */
  readonly more: boolean;
}

/** A picture that does not move. `size`: as its header says. */
export const stillPicture = (bytes: PictureBytes, size: Size): OnePicture =>
  onePicture(bytes, size, chunks(bytes, 12), ascii(bytes, 12, 16) === "VP8X");

/** Null for a picture that does not move. Throws where the frame is not inside of the canvas. */
export function firstFrame(bytes: PictureBytes): Frame | null {
  if (find(bytes, "ANIM") === null) return null;
  let first: Chunk | null = null;
  let more = false;
  for (const one of chunks(bytes, 12)) {
    if (one.type !== "ANMF") continue;
    more = first !== null;
    if (more) break;
    first = one;
  }
  if (!first) throw new Error("it holds no frame");
  const { start, end } = first;
  if (end - start < 16) throw new Error(CUT_SHORT);
  const [x, y] = [2 * uint24(bytes, start), 2 * uint24(bytes, start + 3)];
  const [width, height] = [1 + uint24(bytes, start + 6), 1 + uint24(bytes, start + 9)];
  if (
    ascii(bytes, 12, 16) !== "VP8X" ||
    x + width > 1 + uint24(bytes, 24) ||
    y + height > 1 + uint24(bytes, 27)
  )
    throw new Error("its first frame is larger than the picture");
  const parts = chunks(bytes, start + 16, end);
  return { x, y, width, height, more, ...onePicture(bytes, { width, height }, parts, true) };
}

/** A WebP of one picture, without what is beside its pixels. Alpha beside lossy pixels needs the extended header. */
function onePicture(
  bytes: PictureBytes,
  { width, height }: Size,
  parts: Iterable<Chunk>,
  mayHaveAlpha: boolean,
): OnePicture {
  let [alpha, pixels]: (Chunk | null)[] = [null, null];
  for (const part of parts) {
    if (part.type === "ALPH" && mayHaveAlpha) alpha = part;
    if (part.type !== "VP8 " && part.type !== "VP8L") continue;
    pixels = part;
    break;
  }
  if (!pixels) throw new Error("it holds no pixels");
  const kind = pixels.type === "VP8L" ? "lossless" : alpha ? "alpha" : "lossy";
  const contents = [alpha, pixels].flatMap((part) =>
    part ? [bytes.part(part.head, part.end + ((part.end - part.start) % 2))] : [],
  );
  const head = Buffer.alloc(alpha ? 30 : 12);
  head.write("RIFF", 0);
  head.writeUInt32LE(contents.reduce((sum, { length }) => sum + length, head.length) - 8, 4);
  head.write("WEBP", 8);
  if (alpha) {
    head.write("VP8X", 12);
    head.writeUInt32LE(10, 16);
    head.writeUInt8(0x10, 20);
    head.writeUIntLE(width - 1, 24, 3);
    head.writeUIntLE(height - 1, 27, 3);
  }
  return { kind, file: joined([PictureBytes.of(head), ...contents]) };
}
