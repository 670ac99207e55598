/** Kinds of picture that are read, as they are called, with the ends of their files' names. */
const KINDS = {
  PNG: ["png"],
  JPEG: ["jpg", "jpeg"],
  WebP: ["webp"],
  GIF: ["gif"],
  TIFF: ["tif", "tiff"],
  BMP: ["bmp"],
} as const;

export type PictureKind = keyof typeof KINDS;

/** Their names, for sentences. */
export const PICTURE_NAMES: readonly string[] = Object.keys(KINDS);

/** Ends of picture files' names, without the dot. */
export const PICTURE_EXTENSIONS: readonly string[] = Object.values(KINDS).flat();

/** Of files that are looked at: pictures, and arrays in their place. */
export const LOOKED_AT_EXTENSIONS: readonly string[] = [...PICTURE_EXTENSIONS, "npy"];

/** A name of a file that is looked at. */
export const LOOKED_AT_FILE = new RegExp(`\\.(${LOOKED_AT_EXTENSIONS.join("|")})$`, "i");
/** A name that a picture file has. In package.json's conditions it is the same (a test compares them). */
export const PICTURE_FILE = new RegExp(`\\.(${PICTURE_EXTENSIONS.join("|")})$`, "i");
