import { basename } from "node:path";
import { ConvLensError, inputError } from "../../base/errors.ts";
import { readBounded, type Bounds } from "../../files/read-bounded.ts";
import { CUT_SHORT, type PictureFormat, type RowSink, type Size } from "./format.ts";
import { FORMATS, notRead } from "./formats.ts";

/** Of a file: 100 megapixels of 16 bits and four channels, not compressed. */
const MOST_BYTES = 800e6;

/** Pictures above this are refused by their header, before anything is allocated. */
const MOST_PIXELS = 100e6;

/** A picture file's bytes, of a kind that is known and a size that is allowed. */
export interface Judged {
  readonly bytes: Uint8Array;
  /** What an error calls it. */
  readonly name: string;
  readonly format: PictureFormat;
  /** As it is stored. */
  readonly size: Size;
  /** 1..8; from 5 on rows and columns change places. */
  readonly orientation: number;
}

/**
 * Looks at a picture's header only: in a moment, and without memory. Throws a ConvLensError of kind `input` for what is no picture, too large,
 * or would take more than such a picture is worth.
 */
export function judge(bytes: Uint8Array, name: string): Judged {
  if (bytes.length === 0) throw inputError(`${name} is empty (0 bytes): it is not a picture.`);
  const format = FORMATS.find((candidate) => candidate.matches(bytes));
  if (!format) throw notRead(bytes, name);
  try {
    const size = format.size(bytes);
    checkSize(size, name);
    format.judge?.(bytes);
    return { bytes, name, format, size, orientation: format.orientation?.(bytes) ?? 1 };
  } catch (error) {
    throw unreadable(error, format, name);
  }
}

/** What a file may hold beside its pixels (profiles, previews, frames that follow), in bytes, and what a pixel takes at most. */
const BESIDE = 128e6;
const BYTES_A_PIXEL = 8;

/** Throws a ConvLensError of kind `input` where the first bytes of a file say that it is no picture, or holds much more than one. */
function worth(head: Uint8Array, bytes: number, name: string): void {
  const format = FORMATS.find((candidate) => candidate.matches(head));
  if (!format) throw notRead(head, name);
  if (format.sizeAnywhere) return;
  try {
    const size = format.size(head);
    checkSize(size, name);
    if (bytes > BESIDE + BYTES_A_PIXEL * size.width * size.height)
      throw new Error(
        `its ${Math.round(bytes / 1e6)} MB are more than ${size.width} x ${size.height} pixels can take`,
      );
  } catch (error) {
    throw unreadable(error, format, name);
  }
}

/** How picture files are read. */
const boundsOf = (path: string): Bounds => ({
  what: "The picture",
  most: MOST_BYTES,
  worth: (head, size) => {
    worth(head, size, basename(path));
  },
});

/** The bytes of a picture file, judged; only of one within a folder, where that is given. */
export async function readJudged(
  path: string,
  bounds: Pick<Bounds, "within"> = {},
): Promise<Judged> {
  const bytes = await readBounded(path, { ...boundsOf(path), ...bounds });
  return judge(bytes, basename(path));
}

/** `judge` of a file, where there is one that can be opened: what cannot is left to whoever reads it. */
export async function judgePicture(path: string): Promise<void> {
  const refused: Error[] = [];
  const bounds: Bounds = {
    ...boundsOf(path),
    worth: (head, size) => {
      try {
        worth(head, size, basename(path));
      } catch (error) {
        refused.push(error as Error);
        throw error;
      }
    },
  };
  const bytes = await readBounded(path, bounds).catch(() => null);
  const [refusal] = refused;
  if (refusal) throw refusal;
  if (bytes) judge(bytes, basename(path));
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
