import { iccColours } from "../../colour/icc.ts";
import type { PictureBytes } from "../bytes.ts";
import { exifOrientation } from "../exif.ts";
import {
  ascii,
  FIRST_FRAME_NOTE,
  HELD_PIXELS,
  type PictureFormat,
  type RowSink,
  type Size,
} from "../format.ts";
import { chunk, firstFrame, stillPicture, uint24, type Frame, type OnePicture } from "./chunks.ts";
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

function size(bytes: PictureBytes): Size {
  const kind = ascii(bytes, 12, 16);
  if (kind === "VP8X") return { width: 1 + uint24(bytes, 24), height: 1 + uint24(bytes, 27) };
  if (kind === "VP8L") {
    const packed = bytes.u32(21, true);
    return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
  }
  if (kind === "VP8 ")
    return { width: bytes.u16(26, true) & 0x3fff, height: bytes.u16(28, true) & 0x3fff };
  throw new Error("it does not start with a header");
}

/** Pictures that are too large to be held are taken for real only where they have some bytes for their pixels. */
const PIXELS_A_BYTE = 400;
/** What libwebp holds of each pixel, in bytes: of those without loss what is said of 4 x 4 of them (three numbers), and an alpha plane. */
const BYTES_A_PIXEL = { lossless: 0.8, alpha: 1.8, lossy: 0 };
/** Beside these and the file: rows, the last million pixels, tables of codes. */
const TABLES = 60e6;
/** Of a file, which is held while it is decoded: 100 megapixels without loss have room in it. */
const MOST_FILE = 150e6;

/** What decoding a file of one picture takes at most, in bytes. */
const memoryFor = ({ file, kind }: OnePicture, { width, height }: Size): number =>
  width * height * BYTES_A_PIXEL[kind] + file.length + TABLES;

function judge(bytes: PictureBytes): void {
  const canvas = size(bytes);
  const pixels = canvas.width * canvas.height;
  if (pixels > HELD_PIXELS && pixels > PIXELS_A_BYTE * bytes.length)
    throw new Error("it holds less than its header says");
  const frame = firstFrame(bytes);
  const { file } = frame ?? stillPicture(bytes, canvas);
  if (file.length > MOST_FILE)
    throw new Error(
      `its ${Math.round(file.length / 1e6)} MB are held while it is decoded, and ${MOST_FILE / 1e6} are the most; save it as JPEG or PNG, which are read piece by piece`,
    );
}

async function decode(bytes: PictureBytes, rows: RowSink): Promise<readonly string[]> {
  const canvas = size(bytes);
  const frame = firstFrame(bytes);
  const one = frame ?? stillPicture(bytes, canvas);
  const own = frame ?? canvas;
  await decodeRows(one.file, own, memoryFor(one, own), (y, rgba) => {
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
