import type { PictureBytes } from "./bytes.ts";

/** Width and height in pixels, as they are stored. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Which pixels of a row: those at `first`, `first + step` and so on. */
export interface Part {
  readonly first: number;
  readonly step: number;
}
export const WHOLE_ROW: Part = { first: 0, step: 1 };

/** Takes a picture's rows, or parts of them, in any order and each once, and makes [rows, columns, 3] of them. */
export interface Reducer {
  /** Whether a row makes a difference. */
  wants(y: number): boolean;
  /** A row's pixels, each of `values` values of which the first three are its colour. */
  row(y: number, pixels: Uint8Array, values: 3 | 4, part?: Part): void;
  result(): Uint8Array;
}

/** Takes the rows of a picture in any order, each once: as a whole, or part by part, as interlaced pictures come. */
export interface RowSink {
  /** Whether a row is needed: of others the pixels need not be made. */
  wants(y: number): boolean;
  /** A row, or part of it, as RGBA, 8 bits a channel, alpha not premultiplied. Who takes it may change it; it holds until the call returns. */
  take(y: number, rgba: Uint8Array, part?: Part): void;
}

/** How a picture's colours become sRGB, and what there is to say about it. */
export interface ColourChange {
  /** In words: what was applied, or why it was not. */
  readonly note: string;
  /** Changes a row of RGBA in place; null: the colours stay as they are. */
  readonly apply: ((rgba: Uint8Array) => void) | null;
}

/**
 * One kind of picture file. Every function may throw an Error whose message completes "NAME is not a readable PNG
 * picture: ..."; a RangeError means that the file ends too early.
 */
export interface PictureFormat {
  readonly name: string;
  /** By content, never by the file's name. */
  matches(bytes: PictureBytes): boolean;
  /** From the header alone, before anything is allocated. */
  size(bytes: PictureBytes): Size;
  /** Throws where decoding would take more than such a picture is worth; asked when its size is known to be allowed. */
  judge?(bytes: PictureBytes): void;
  /** The EXIF orientation, 1..8; 1 is upright. */
  orientation?(bytes: PictureBytes): number;
  /** What its profile or its colour tags ask for; null: they are sRGB, or nothing is said. */
  colours?(bytes: PictureBytes): ColourChange | null;
  /** Hands over the rows that are wanted, and throws where any is damaged or missing; returns what was assumed or repaired, in words. */
  decode(bytes: PictureBytes, rows: RowSink): Promise<readonly string[]> | readonly string[];
}

/** Pictures up to this many pixels are held; of larger ones rows go by. */
export const HELD_PIXELS = 16e6;

/** What a file says beside its pixels (a profile, a palette, what a camera wrote) is not longer, in bytes; what is, is looked at so far. */
export const MOST_BESIDE = 1 << 24;
/** Pieces (chunks, segments, blocks) that a file is looked through for, at most. */
export const MOST_PIECES = 1 << 20;
/** Why a file is not read that consists of nothing but pieces. */
export const TOO_MANY_PIECES = "it is made of too many pieces";

/** Why a file cannot be read that ends too early. */
export const CUT_SHORT = "the file is cut short";
/** Why pixels cannot be read that no encoder writes. */
export const DAMAGED_PIXELS = "its compressed pixels are damaged";
/** What there is to say of a picture that moves. */
export const FIRST_FRAME_NOTE = "of an animation the first frame was taken";

/** A view of the same bytes; reading beyond them throws a RangeError. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes from `from` up to but without `to`, a character each. */
export function ascii(bytes: Uint8Array | PictureBytes, from: number, to: number): string {
  const some = bytes instanceof Uint8Array ? bytes.subarray(from, to) : bytes.slice(from, to);
  return String.fromCharCode(...some);
}

/** The rows of a picture that a decoder gave as a whole, [height, width, 4]. */
export function eachRow({ width, height }: Size, rgba: Uint8Array, rows: RowSink): void {
  for (let y = 0; y < height; y++)
    if (rows.wants(y)) rows.take(y, rgba.subarray(y * width * 4, (y + 1) * width * 4));
}
