import { basename } from "node:path";
import { ConvLensError, inputError } from "../../base/errors.ts";
import { readBounded, type Bounds } from "../../files/read-bounded.ts";
import { bmp } from "./bmp.ts";
import { exifOrientation, upright } from "./exif.ts";
import { CUT_SHORT, type DecodedPixels, type PictureFormat } from "./format.ts";
import { jpeg } from "./jpeg.ts";
import { png } from "./png.ts";
import { webp } from "./webp.ts";

/** Known kinds of picture; the first that recognises the content reads it. */
const FORMATS: readonly PictureFormat[] = [png, jpeg, webp, bmp];

/** Of a file: 100 megapixels of 16 bits and four channels, not compressed. */
const MOST_BYTES = 800e6;

/** Pictures above this are refused by their header, before anything is allocated. */
const DEFAULT_PIXEL_LIMIT = 100e6;

/** How a picture file is read: no more pixels than these, and only within a folder. */
interface Reading extends Pick<Bounds, "within"> {
  readonly pixelLimit?: number;
}

/** A picture as a person sees it, whatever file it came in. */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], 8 bits, upright; transparent pixels show white. */
  readonly rgb: Uint8Array;
  /** What was assumed or repaired, in words. */
  readonly notes: readonly string[];
}

/** Decodes a picture file's bytes; `name` is what an error calls it. Throws a ConvLensError of kind `input`. */
export async function decodePicture(
  bytes: Uint8Array,
  name: string,
  pixelLimit = DEFAULT_PIXEL_LIMIT,
): Promise<DecodedPicture> {
  if (bytes.length === 0) throw inputError(`${name} is empty (0 bytes): it is not a picture.`);
  const format = FORMATS.find((candidate) => candidate.matches(bytes));
  if (!format) {
    const known = FORMATS.map((candidate) => candidate.name).join(", ");
    throw inputError(`${name} is not a picture that ConvLens reads (${known}).`);
  }
  judge(format, bytes, name, pixelLimit);
  try {
    const pixels = await format.decode(bytes);
    return overWhite(upright(pixels, exifOrientation(format.exif(bytes))));
  } catch (error) {
    throw unreadable(error, format, name);
  }
}

/**
 * Looks at a picture file's header only: throws what `decodePicture` would throw for its kind, its size and what it would take, in a moment
 * and without memory. What cannot be opened is left to whoever reads it.
 */
export async function judgePicture(path: string, pixelLimit = DEFAULT_PIXEL_LIMIT): Promise<void> {
  const bytes = await readBounded(path, { what: "The picture", most: MOST_BYTES }).catch(
    () => null,
  );
  const format = bytes && FORMATS.find((candidate) => candidate.matches(bytes));
  if (format) judge(format, bytes, basename(path), pixelLimit);
}

function judge(format: PictureFormat, bytes: Uint8Array, name: string, pixelLimit: number): void {
  try {
    checkSize(format.size(bytes), name, pixelLimit);
    format.judge?.(bytes);
  } catch (error) {
    throw unreadable(error, format, name);
  }
}
function unreadable(error: unknown, format: PictureFormat, name: string): ConvLensError {
  if (error instanceof ConvLensError) return error;
  return inputError(`${name} is not a readable ${format.name} picture: ${reason(error)}.`, {
    cause: error,
  });
}

/** Reads and decodes a picture file. */
export async function readPicture(
  path: string,
  { pixelLimit = DEFAULT_PIXEL_LIMIT, ...bounds }: Reading = {},
): Promise<DecodedPicture> {
  const bytes = await readBounded(path, { what: "The picture", most: MOST_BYTES, ...bounds });
  return decodePicture(bytes, basename(path), pixelLimit);
}

function checkSize(size: { width: number; height: number }, name: string, limit: number): void {
  const { width, height } = size;
  if (width < 1 || height < 1) throw inputError(`${name} has no pixels (${width} x ${height}).`);
  if (width * height > limit)
    throw inputError(
      `${name} is ${width} x ${height} pixels (${Math.round((width * height) / 1e6)} megapixels); ` +
        `at most ${Math.round(limit / 1e6)} megapixels are read: make it smaller first.`,
    );
}

/** In place, as large pictures fit once and not twice: three bytes a pixel never overtake four. */
function overWhite({ width, height, rgba, notes }: DecodedPixels): DecodedPicture {
  const length = width * height * 3;
  let transparent = false;
  for (let i = 0, j = 0; i < length; i += 3, j += 4) {
    const alpha = rgba[j + 3] ?? 255;
    if (alpha === 255) {
      for (let k = 0; k < 3; k++) rgba[i + k] = rgba[j + k] ?? 0;
      continue;
    }
    transparent = true;
    for (let k = 0; k < 3; k++)
      rgba[i + k] = Math.round(((rgba[j + k] ?? 0) * alpha + 255 * (255 - alpha)) / 255);
  }
  const note = transparent ? ["transparent pixels were put on white"] : [];
  return { width, height, rgb: rgba.subarray(0, length), notes: [...notes, ...note] };
}

function reason(error: unknown): string {
  if (error instanceof RangeError) return CUT_SHORT;
  // a decoder that stumbled over what the file says
  if (error instanceof TypeError) return "its data is damaged";
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\.$/, "");
}
