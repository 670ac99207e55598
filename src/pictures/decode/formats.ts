import { inputError } from "../../base/errors.ts";
import { PICTURE_NAMES } from "../../shared/picture-kinds.ts";
import { bmp } from "./bmp.ts";
import type { PictureBytes } from "./bytes.ts";
import { ascii, type PictureFormat } from "./format.ts";
import { gif } from "./gif/index.ts";
import { jpeg } from "./jpeg/index.ts";
import { png } from "./png/index.ts";
import { tiff } from "./tiff/index.ts";
import { webp } from "./webp/index.ts";

/** Known kinds of picture; the first that recognises the content reads it. */
export const FORMATS: readonly PictureFormat[] = [png, jpeg, webp, gif, tiff, bmp];

const SAVE_IT = "save it as PNG or JPEG";

/** What is not read, by what it begins with: where, how, what it is, and what to do if not to save it otherwise. */
const OTHERS: readonly (readonly [at: number, begins: RegExp, what: string, cure?: string])[] = [
  [4, /^ftyp(hei[cxms]|hev[cmx]|mif1|msf1)/, "an HEIC picture"],
  [4, /^ftypavi[fs]/, "an AVIF picture"],
  [0, /^\xff\x0a/, "a JPEG XL picture"],
  [4, /^JXL \r\n\x87\n/, "a JPEG XL picture"],
  [4, /^jP {2}\r\n\x87\n/, "a JPEG 2000 picture"],
  [0, /^\xff\x4f\xff\x51/, "a JPEG 2000 picture"],
  [0, /^8BPS/, "a Photoshop document"],
  [
    0,
    /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)?<svg[\s>]/,
    "a drawing (SVG), which has no pixels",
  ],
  [0, /^\0\0[\x01\x02]\0/, "an icon (ICO)"],
  [0, /^%PDF/, "a PDF document"],
  [0, /^P[1-6]\s/, "a Netpbm picture (PBM, PGM, PPM)"],
  [0, /^\x76\x2f\x31\x01/, "an OpenEXR picture"],
  [0, /^#\?RADIANCE/, "a Radiance picture (HDR)"],
  [0, /^DDS /, "a DirectDraw texture (DDS)"],
  [0, /^qoif/, "a QOI picture"],
  [128, /^DICM/, "a DICOM picture"],
  [0, /^(?:IIU\0|II\x1a\0|FUJIFILMCCD|IIRO)/, "a camera's raw picture"],
  [4, /^ftyp/, "a film or another container (MP4 family)"],
  [0, /^\x93NUMPY/, "a NumPy array and no picture", "give it with --input"],
];

/** The error for bytes of no kind that is read: what they seem to be, and what to do. */
export function notRead(bytes: PictureBytes, name: string): Error {
  const found = OTHERS.find(([at, begins]) => begins.test(ascii(bytes, at, at + 512)));
  const known = PICTURE_NAMES.join(", ");
  return found
    ? inputError(
        `${name} is ${found[2]}; ${found[3] ?? SAVE_IT} (pictures that are read: ${known}).`,
      )
    : inputError(`${name} is not a picture that ConvLens reads (${known}).`);
}
