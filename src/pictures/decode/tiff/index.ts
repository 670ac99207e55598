import { iccColours } from "../../colour/icc.ts";
import { CMYK_NOTE } from "../cmyk.ts";
import type { PictureBytes } from "../bytes.ts";
import type { PictureFormat, RowSink } from "../format.ts";
import { ROUNDED_NOTE } from "../samples.ts";
import { directoryOf, isTiff } from "./directory.ts";
import { checkPieces, layoutOf, type Layout } from "./layout.ts";
import { painter, type Paint } from "./paint.ts";
import { pieceRows } from "./rows.ts";

/** TIFF of 1 to 16 bits a sample: gray, RGB, palette, CMYK; in strips or tiles; its first picture. (TIFF 6.0) */
export const tiff: PictureFormat = {
  name: "TIFF",
  matches: isTiff,
  size: (bytes) => layoutOf(directoryOf(bytes)),
  judge: (bytes) => {
    checkPieces(layoutOf(directoryOf(bytes)), bytes.length);
  },
  orientation: (bytes) => {
    const [turned = 1] = directoryOf(bytes).numbers("orientation");
    return turned >= 1 && turned <= 8 ? turned : 1;
  },
  colours: (bytes) => iccColours(directoryOf(bytes).raw("profile")),
  decode,
};

async function decode(bytes: PictureBytes, all: RowSink): Promise<readonly string[]> {
  const directory = directoryOf(bytes);
  const layout = layoutOf(directory);
  const paint = painter(layout, directory.numbers("palette"));
  const { piece, height } = layout;
  const take = layout.separate ? separatePieces : pieces;
  for (let top = 0, first = 0; top < height; top += piece.height) {
    const rows = Math.min(piece.height, height - top);
    const own: RowSink = {
      wants: (y) => all.wants(top + y),
      take: (y, rgba) => {
        all.take(top + y, rgba);
      },
    };
    await take(bytes, layout, { first, rows }, paint, own);
    first += Math.ceil(layout.width / piece.width);
  }
  return [
    ...(layout.bits === 16 ? [ROUNDED_NOTE] : []),
    ...(layout.photometric === "CMYK" ? [CMYK_NOTE] : []),
    ...(directory.more ? ["of several pictures in the file the first was taken"] : []),
  ];
}

interface Band {
  /** Number of its first strip or tile, and how many rows it has. */
  readonly first: number;
  readonly rows: number;
}
/** Hands over the rows of a band. */
type TakeBand = (
  bytes: PictureBytes,
  layout: Layout,
  band: Band,
  paint: Paint,
  sink: RowSink,
) => Promise<void>;

/** A strip, row by row; a row of tiles side by side, as a whole. */
const pieces: TakeBand = async (bytes, layout, { first, rows }, paint, sink) => {
  const { width, piece, samples: each } = layout;
  const across = Math.ceil(width / piece.width);
  const rgba = new Uint8Array(width * 4 * (across === 1 ? 1 : rows));
  const line = (y: number): Uint8Array =>
    across === 1 ? rgba : rgba.subarray(y * width * 4, (y + 1) * width * 4);
  for (let i = 0; i < across; i++) {
    const left = i * piece.width;
    await pieceRows(bytes, layout, { index: first + i, rows, each }, (samples, y) => {
      if (!sink.wants(y)) return;
      paint(samples, Math.min(piece.width, width - left), line(y), left);
      if (i === across - 1) sink.take(y, line(y));
    });
  }
};

/** Colours one after the other are put side by side again. */
const separatePieces: TakeBand = async (bytes, layout, { first, rows }, paint, sink) => {
  const { width, height, piece, samples: each } = layout;
  const across = Math.ceil(width / piece.width);
  const plane = across * Math.ceil(height / piece.height);
  const all = new Uint16Array(width * each * rows);
  for (let k = 0; k < each; k++)
    for (let i = 0; i < across; i++)
      await pieceRows(
        bytes,
        layout,
        { index: k * plane + first + i, rows, each: 1 },
        (samples, y) => {
          const left = i * piece.width;
          const many = Math.min(piece.width, width - left);
          for (let x = 0; x < many; x++) all[(y * width + left + x) * each + k] = samples[x] ?? 0;
        },
      );
  const rgba = new Uint8Array(width * 4);
  for (let y = 0; y < rows; y++) {
    if (!sink.wants(y)) continue;
    paint(all.subarray(y * width * each, (y + 1) * width * each), width, rgba, 0);
    sink.take(y, rgba);
  }
};
