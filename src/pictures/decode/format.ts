/** Pixels as a decoder hands them over: row-major RGBA, 8 bits a channel, alpha not premultiplied. */
export interface DecodedPixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
  /** What was assumed or repaired, in words. */
  readonly notes: readonly string[];
}

/**
 * One kind of picture file. Every function may throw an Error whose message completes "NAME is not a readable PNG
 * picture: ..."; a RangeError means that the file ends too early.
 */
export interface PictureFormat {
  readonly name: string;
  /** By content, never by the file's name. */
  matches(bytes: Uint8Array): boolean;
  /** From the header alone, before anything is allocated. */
  size(bytes: Uint8Array): { readonly width: number; readonly height: number };
  /** Throws where decoding would take more than such a picture is worth; asked when its size is known to be allowed. */
  judge?(bytes: Uint8Array): void;
  /** The TIFF block with the camera's metadata (EXIF), or null. */
  exif(bytes: Uint8Array): Uint8Array | null;
  decode(bytes: Uint8Array): Promise<DecodedPixels>;
}

/** Why a file cannot be read that ends too early. */
export const CUT_SHORT = "the file is cut short";

/** A view of the same bytes; reading beyond them throws a RangeError. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes from `from` up to but without `to`, a character each. */
export function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
