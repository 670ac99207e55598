import type { Size } from "../format.ts";
import type { Directory, Tag } from "./directory.ts";

/** How samples become colours. */
export type Photometric = "white is zero" | "black is zero" | "RGB" | "palette" | "CMYK";
export type Compression = "none" | "LZW" | "PackBits" | "Deflate";

const PHOTOMETRIC: Readonly<Record<number, Photometric>> = {
  ...{ 0: "white is zero", 1: "black is zero", 2: "RGB", 3: "palette", 5: "CMYK" },
};
const COLOURS: Readonly<Record<Photometric, number>> = {
  ...{ "white is zero": 1, "black is zero": 1, palette: 1, RGB: 3, CMYK: 4 },
};
const COMPRESSION: Readonly<Record<number, Compression>> = {
  ...{ 1: "none", 5: "LZW", 8: "Deflate", 32773: "PackBits", 32946: "Deflate" },
};
/** What is not read, by its name. */
const OTHER: Readonly<Record<number, string>> = {
  ...{ 2: "fax", 3: "fax", 4: "fax", 6: "JPEG", 7: "JPEG", 34712: "JPEG 2000", 34925: "LZMA" },
  ...{ 50000: "Zstandard", 50001: "WebP", 34887: "LERC" },
};
const CURE =
  "save it as PNG, or as TIFF with 8 or 16 bits, compressed by LZW or Deflate or not at all";

/** What there is of a picture's pixels, and where. */
export interface Layout extends Size {
  readonly little: boolean;
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly bits: number;
  /** Samples a pixel, and how many of them are colours. */
  readonly samples: number;
  readonly colours: number;
  readonly photometric: Photometric;
  readonly compression: Compression;
  /** Whether each sample says by how much it differs from its left neighbour. */
  readonly differences: boolean;
  /** Whether each colour has strips or tiles of its own. */
  readonly separate: boolean;
  /** The sample behind the colours: opacity, with colours already multiplied by it or not; or nothing that is known. */
  readonly alpha: "straight" | "multiplied" | null;
  /** Width and height of a strip or tile. */
  readonly piece: Size;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

/** Reads a directory. Throws, with the cure, for what is not read. */
export function layoutOf(directory: Directory): Layout {
  const one = (tag: Tag, otherwise: number): number => directory.numbers(tag)[0] ?? otherwise;
  const size = { width: one("width", 0), height: one("height", 0) };
  const samples = one("samples", 1);
  const [bits = 1, ...others] = directory.numbers("bits");
  const compression = COMPRESSION[one("compression", 1)];
  if (!compression) {
    const number = one("compression", 1);
    throw new Error(
      `its compression (${OTHER[number] ?? `number ${number}`}) is not read; ${CURE}`,
    );
  }
  const photometric = PHOTOMETRIC[one("photometric", 1)];
  if (!photometric) throw new Error(`its colours are of a kind that is not read; ${CURE}`);
  const format = one("sampleFormat", 1);
  if (format !== 1 && format !== 4)
    throw new Error(
      `its pixels are ${format === 3 ? "numbers with a point" : "signed numbers"}; ${CURE}, or give the array with --input FILE.npy`,
    );
  const colours = COLOURS[photometric];
  if (
    ![1, 2, 4, 8, 16].includes(bits) ||
    others.some((other) => other !== bits) ||
    (bits < 8 && samples > 1) ||
    (photometric === "palette" && bits > 8)
  )
    throw new Error(`it has ${[bits, ...others].slice(0, 8).join(", ")} bits a sample; ${CURE}`);
  if (samples < colours || samples > 16)
    throw new Error(`it has ${samples} samples a pixel; ${CURE}`);
  const predictor = one("predictor", 1);
  if (predictor > 2 || (predictor === 2 && bits < 8))
    throw new Error(`its predictor is not read; ${CURE}`);
  if (one("fillOrder", 1) !== 1) throw new Error(`its bits are in reverse order; ${CURE}`);
  const tiled = directory.numbers("tileOffsets").length > 0;
  const piece = tiled
    ? { width: one("tileWidth", 0), height: one("tileHeight", 0) }
    : { width: size.width, height: Math.min(size.height, one("rowsPerStrip", size.height)) };
  const extra = samples > colours ? one("extraSamples", 0) : 0;
  return {
    ...{ ...size, bits, samples, colours, photometric, compression, piece },
    little: directory.little,
    differences: predictor === 2,
    separate: one("planar", 1) === 2 && samples > 1,
    alpha: extra === 1 ? "multiplied" : extra === 2 ? "straight" : null,
    offsets: directory.numbers(tiled ? "tileOffsets" : "stripOffsets"),
    lengths: directory.numbers(tiled ? "tileBytes" : "stripBytes"),
  };
}

/** A row of tiles, or a strip of colours that lie apart, is held as wide as the picture: it may take so many bytes. */
const MOST_HELD = 1 << 27;

/** Throws where the pieces cannot be those of such a picture. */
export function checkPieces(layout: Layout, fileBytes: number): void {
  const { width, height, piece, offsets, lengths, separate, samples } = layout;
  const many =
    Math.ceil(width / piece.width) * Math.ceil(height / piece.height) * (separate ? samples : 1);
  if (piece.width < 1 || piece.height < 1 || !(many <= offsets.length) || lengths.length < many)
    throw new Error("its directory is damaged");
  const held = width * Math.min(piece.height, height) * (separate ? 2 * samples : 4);
  if ((separate || piece.width < width) && held > MOST_HELD)
    throw new Error("its strips or tiles are too large; save it as PNG, or with smaller ones");
  if (piece.width > width + 4096) throw new Error("its directory is damaged");
  // pieces that share their bytes make much of little
  if (lengths.slice(0, many).reduce((sum, length) => sum + length, 0) > 2 * fileBytes)
    throw new Error("its directory is damaged: its parts are larger than the file");
}
