import { basename } from "node:path";
import { ConvLensError, inputError } from "../../base/errors.ts";
import { withBounded, type Bounds } from "../../files/read-bounded.ts";
import { PictureBytes } from "./bytes.ts";
import { CUT_SHORT, type PictureFormat, type RowSink, type Size } from "./format.ts";
import { FORMATS, notRead } from "./formats.ts";

/** Of a file: 100 megapixels of 16 bits and four channels, not compressed. */
const MOST_BYTES = 800e6;

/** Pictures above this are refused by their header, before anything is allocated. */
const MOST_PIXELS = 100e6;

/** A picture file's bytes, of a kind that is known and a size that is allowed. */
export interface Judged {
  readonly bytes: PictureBytes;
  /** What an error calls it. */
  readonly name: string;
  readonly format: PictureFormat;
  /** As it is stored. */
  readonly size: Size;
  /** 1..8; from 5 on rows and columns change places. */
  readonly orientation: number;
}

/** What a file may hold beside its pixels (profiles, previews, frames that follow), in bytes, and what a pixel takes at most. */
const BESIDE = 128e6;
const BYTES_A_PIXEL = 8;

/**
 * Looks at a picture's headers only: in a moment, and without memory. Throws a ConvLensError of kind `input` for what is no picture, too large,
 * holds much more than a picture, or would take more than such a picture is worth.
 */
export function judge(bytes: PictureBytes, name: string): Judged {
  if (bytes.length === 0) throw inputError(`${name} is empty (0 bytes): it is not a picture.`);
  const format = FORMATS.find((candidate) => candidate.matches(bytes));
  if (!format) throw notRead(bytes, name);
  try {
    const size = format.size(bytes);
    checkSize(size, name);
    if (bytes.length > BESIDE + BYTES_A_PIXEL * size.width * size.height)
      throw new Error(
        `its ${Math.round(bytes.length / 1e6)} MB are more than ${size.width} x ${size.height} pixels can take`,
      );
    format.judge?.(bytes);
    return { bytes, name, format, size, orientation: format.orientation?.(bytes) ?? 1 };
  } catch (error) {
    throw unreadable(error, format, name);
  }
}

/** Which file a picture is: where it lies, the folder that it has to lie in, and the generation of it that is meant. */
export interface PictureFile extends Pick<Bounds, "within"> {
  readonly path: string;
  readonly stamp?: string;
}

/** Opens a picture file, judged, for as long as `use` takes. Throws a ConvLensError of kind `input`. */
export function withJudged<T>(
  { path, stamp, within }: PictureFile,
  use: (judged: Judged, stamp: string) => Promise<T>,
): Promise<T> {
  const bounds = {
    ...{ what: "The picture", most: MOST_BYTES },
    ...(within !== undefined && { within }),
  };
  return withBounded(path, bounds, (file) => {
    if (stamp !== undefined && stamp !== file.stamp)
      throw inputError(`${basename(path)} was changed since it was opened; look at it again.`);
    return use(judge(new PictureBytes(file.size, file.read), basename(path)), file.stamp);
  });
}

/** `judge` of a file, where there is one that can be opened: what cannot is left to whoever reads it. */
export async function judgePicture(path: string): Promise<void> {
  let isOpen = false;
  await withBounded(path, { what: "The picture", most: MOST_BYTES }, (file) => {
    isOpen = true;
    judge(new PictureBytes(file.size, file.read), basename(path));
    return Promise.resolve();
  }).catch((error: unknown) => {
    if (isOpen) throw error;
  });
}

/**
 * Hands over the rows of a picture as they are stored: sRGB, transparent pixels on white. Returns what was assumed or repaired, in words.
 * Throws a ConvLensError of kind `input`.
 */
export async function decodeRows(
  { bytes, name, format, orientation }: Judged,
  rows: RowSink,
): Promise<string[]> {
  try {
    const colours = format.colours?.(bytes) ?? null;
    const found = { transparent: false };
    const notes = await format.decode(bytes, {
      wants: (y) => rows.wants(y),
      take: (y, rgba, part) => {
        colours?.apply?.(rgba);
        if (onWhite(rgba)) found.transparent = true;
        rows.take(y, rgba, part);
      },
    });
    return [
      ...notes,
      ...(colours ? [colours.note] : []),
      ...(orientation === 1 ? [] : [`turned upright (EXIF orientation ${orientation})`]),
      ...(found.transparent ? ["transparent pixels were put on white"] : []),
    ];
  } catch (error) {
    throw unreadable(error, format, name);
  }
}

/** Whether there was something to do. */
function onWhite(rgba: Uint8Array): boolean {
  let transparent = false;
  for (let i = 3; i < rgba.length; i += 4) {
    const alpha = rgba[i] ?? 255;
    if (alpha === 255) continue;
    transparent = true;
    for (let k = i - 3; k < i; k++)
      rgba[k] = Math.round(((rgba[k] ?? 0) * alpha + 255 * (255 - alpha)) / 255);
  }
  return transparent;
}

function unreadable(error: unknown, format: PictureFormat, name: string): ConvLensError {
  if (error instanceof ConvLensError) return error;
  return inputError(`${name} is not a readable ${format.name} picture: ${reason(error)}.`, {
    cause: error,
  });
}

function checkSize({ width, height }: Size, name: string): void {
  if (width < 1 || height < 1) throw inputError(`${name} has no pixels (${width} x ${height}).`);
  if (width * height > MOST_PIXELS)
    throw inputError(
      `${name} is ${width} x ${height} pixels (${Math.round((width * height) / 1e6)} megapixels); ` +
        `at most ${Math.round(MOST_PIXELS / 1e6)} megapixels are read: make it smaller first.`,
    );
}

function reason(error: unknown): string {
  if (error instanceof RangeError) return CUT_SHORT;
  // a decoder that stumbled over what the file says
  if (error instanceof TypeError) return "its data is damaged";
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\.$/, "");
}
