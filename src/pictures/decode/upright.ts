import { turnedRound } from "./filter.ts";
import type { Size } from "./format.ts";
import type { Reduction } from "./reduce.ts";

/** How an EXIF orientation turns what is stored: rows and columns change places, then each may be mirrored in what is stored. */
interface Turn {
  readonly swapped: boolean;
  readonly mirrorsColumns: boolean;
  readonly mirrorsRows: boolean;
}

const turnOf = (orientation: number): Turn => ({
  swapped: orientation >= 5,
  mirrorsColumns: [2, 3, 7, 8].includes(orientation),
  mirrorsRows: [3, 4, 6, 7].includes(orientation),
});

/** The size of an upright picture. */
export const uprightSize = ({ width, height }: Size, orientation: number): Size =>
  turnOf(orientation).swapped ? { width: height, height: width } : { width, height };

/** Turns stored pixels [height, width, 3] upright. */
export function upright({ width, height }: Size, rgb: Uint8Array, orientation: number): Uint8Array {
  if (orientation === 1) return rgb;
  const { swapped, mirrorsColumns, mirrorsRows } = turnOf(orientation);
  const out = uprightSize({ width, height }, orientation);
  const to = new Uint8Array(rgb.length);
  let place = 0;
  for (let y = 0; y < out.height; y++)
    for (let x = 0; x < out.width; x++) {
      const [u, v] = swapped ? [y, x] : [x, y];
      const from =
        ((mirrorsRows ? height - 1 - v : v) * width + (mirrorsColumns ? width - 1 - u : u)) * 3;
      for (let k = 0; k < 3; k++) to[place++] = rgb[from + k] ?? 0;
    }
  return to;
}

/** What to take of the stored pixels for a reduction of the upright ones, and how to turn the result of it. */
export function stored(
  reduction: Reduction,
  { width, height }: Size,
  orientation: number,
): { readonly reduction: Reduction; turned(rgb: Uint8Array): Uint8Array } {
  const { swapped, mirrorsColumns, mirrorsRows } = turnOf(orientation);
  if (reduction.kind === "filter") {
    const { rows: own, columns: others } = reduction;
    const [down, across] = swapped ? [others, own] : [own, others];
    const rows = mirrorsRows ? turnedRound(down, height) : down;
    const columns = mirrorsColumns ? turnedRound(across, width) : across;
    const size = { width: columns.starts.length, height: rows.starts.length };
    return {
      reduction: { kind: "filter", rows, columns },
      turned: (rgb) => upright(size, rgb, orientation),
    };
  }
  const { kind } = reduction;
  // the lines of a grid lie between pixels
  const last = kind === "mean" ? 0 : 1;
  const mirrored = (places: Int32Array, length: number): Int32Array =>
    places.map((place) => length - last - place).reverse();
  const [down, across] = swapped
    ? [reduction.columns, reduction.rows]
    : [reduction.rows, reduction.columns];
  const rows = mirrorsRows ? mirrored(down, height) : down;
  const columns = mirrorsColumns ? mirrored(across, width) : across;
  const one = kind === "mean" ? 1 : 0;
  const size = { width: columns.length - one, height: rows.length - one };
  return { reduction: { kind, rows, columns }, turned: (rgb) => upright(size, rgb, orientation) };
}
