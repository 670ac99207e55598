import { iccColours } from "../../colour/icc.ts";
import { exifOrientation } from "../exif.ts";
import {
  ascii,
  FIRST_FRAME_NOTE,
  HELD_PIXELS,
  viewOf,
  type PictureFormat,
  type RowSink,
  type Size,
} from "../format.ts";
import { chunk, firstFrame, uint24, type Frame } from "./chunks.ts";
import { decodeRows } from "./rows.ts";

/** WebP, lossy and lossless; of an animation the first frame. */
export const webp: PictureFormat = {
  name: "WebP",
  matches: (bytes) => ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WEBP",
  size,
  judge,
  orientation: (bytes) => {
    const block = chunk(bytes, "EXIF");
    return exifOrientation(block && ascii(block, 0, 6) === "Exif\0\0" ? block.subarray(6) : block);
  },
  colours: (bytes) => iccColours(chunk(bytes, "ICCP")),
  decode,
};

function size(bytes: Uint8Array): Size {
  const view = viewOf(bytes);
  const kind = ascii(bytes, 12, 16);
  if (kind === "VP8X") return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
  if (kind === "VP8L") {
    const packed = view.getUint32(21, true);
    return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
  }
  if (kind === "VP8 ")
    return {
      width: view.getUint16(26, true) & 0x3fff,
      height: view.getUint16(28, true) & 0x3fff,
    };
  throw new Error("it does not start with a header");
}

/** Pictures that are too large to be held are taken for real only where they have some bytes for their pixels. */
const PIXELS_A_BYTE = 400;
/** What libwebp holds of each pixel, in bytes: without loss they refer back to one another, and so do those of an alpha plane. */
const BYTES_A_PIXEL = { lossless: 4.6, alpha: 5.6, lossy: 0 };
/** Beside the pixels and the file: rows, and tables of codes. */
const TABLES = 48e6;
const MOST_BYTES = 420e6;

/** What decoding a file of one picture takes at most, in bytes, beside the file itself. */
function memoryFor(file: Uint8Array): number {
  const { width, height } = size(file);
  const has = (type: string): boolean => chunk(file, type) !== null;
  const kind = has("VP8L") ? "lossless" : has("ALPH") ? "alpha" : "lossy";
  return width * height * BYTES_A_PIXEL[kind] + file.length + TABLES;
}

function judge(bytes: Uint8Array): void {
  const { width, height } = size(bytes);
  const isLarge = width * height > HELD_PIXELS;
  if (isLarge && width * height > PIXELS_A_BYTE * bytes.length)
    throw new Error("it holds less than its header says");
  const file = firstFrame(bytes)?.file ?? bytes;
  const most = memoryFor(file);
  if (most + file.length <= MOST_BYTES) return;
  const megabytes = Math.round((most + file.length) / 1e6);
  throw new Error(
    `WebP without loss, or with transparency, is held as a whole while it is decoded, which would take ${megabytes} MB of ${MOST_BYTES / 1e6}; save it as JPEG or PNG, which are read row by row`,
  );
}

async function decode(bytes: Uint8Array, rows: RowSink): Promise<readonly string[]> {
  const canvas = size(bytes);
  const frame = firstFrame(bytes);
  const file = frame?.file ?? bytes;
  await decodeRows(file, frame ?? canvas, memoryFor(file), (y, rgba) => {
    if (frame) place(canvas, frame, y, rgba, rows);
    else if (rows.wants(y)) rows.take(y, rgba);
  });
  if (frame) leaveEmpty(canvas, frame, rows);
  return frame?.more ? [FIRST_FRAME_NOTE] : [];
}

/** A row of a frame on its canvas, which is transparent around it. */
function place(
  { width }: Size,
  { x, y: top }: Frame,
  y: number,
  rgba: Uint8Array,
  rows: RowSink,
): void {
  if (!rows.wants(top + y)) return;
  const line = new Uint8Array(width * 4);
  line.set(rgba, x * 4);
  rows.take(top + y, line);
}
function leaveEmpty({ width, height }: Size, frame: Frame, rows: RowSink): void {
  for (let y = 0; y < height; y++)
    if ((y < frame.y || y >= frame.y + frame.height) && rows.wants(y))
      rows.take(y, new Uint8Array(width * 4));
}
