import { colormap, type ColormapName } from "../../shared/colormaps.ts";
import type { Tiles } from "../../shared/contract/lenses.ts";
import { encodePng } from "../encode/png.ts";
import { NUMBER_HEIGHT, writeNumber, type Sheet } from "./numbers.ts";

const GAP = 2;
const LEAST_SIDE = 24;

interface Look {
  /** Small tiles are enlarged to about this many pixels. */
  readonly side?: number;
  /** The number that stands above a tile; null: none does. */
  readonly numberOf?: (tile: number) => number | null;
}

/** Tiles as one PNG, row after row, on white; one-channel tiles in a colour map. */
export function tileGrid(
  tiles: Tiles,
  columns: number,
  colours: ColormapName,
  look: Look = {},
): Uint8Array {
  const { rgb, width, height } = tileSheet(tiles, columns, colours, look);
  return encodePng(rgb, width, height, 3);
}

/** The same as pixels. */
export function tileSheet(
  tiles: Tiles,
  columns: number,
  colours: ColormapName,
  { side = LEAST_SIDE, numberOf }: Look = {},
): Sheet {
  const zoom = Math.max(1, Math.round(side / Math.max(tiles.width, tiles.height)));
  const above = numberOf ? NUMBER_HEIGHT + GAP : 0;
  const [cellWidth, cellHeight] = [tiles.width * zoom + GAP, tiles.height * zoom + GAP + above];
  const width = Math.min(columns, tiles.count) * cellWidth + GAP;
  const height = Math.ceil(tiles.count / columns) * cellHeight + GAP;
  const rgb = new Uint8Array(width * height * 3).fill(255);
  const sheet = { width, height, rgb };
  const table = colormap(colours);
  const { channels, pixels } = tiles;
  for (let tile = 0; tile < tiles.count; tile++) {
    const left = GAP + (tile % columns) * cellWidth;
    const row = GAP + Math.floor(tile / columns) * cellHeight;
    const number = numberOf?.(tile) ?? null;
    if (number !== null) writeNumber(sheet, number, left, row);
    const top = row + above;
    for (let y = 0; y < tiles.height * zoom; y++)
      for (let x = 0; x < tiles.width * zoom; x++) {
        const cell = Math.floor(y / zoom) * tiles.width + Math.floor(x / zoom);
        const from = (tile * tiles.width * tiles.height + cell) * channels;
        const to = ((top + y) * width + left + x) * 3;
        for (let k = 0; k < 3; k++)
          rgb[to + k] =
            channels === 3 ? (pixels[from + k] ?? 0) : (table[3 * (pixels[from] ?? 0) + k] ?? 0);
      }
  }
  return sheet;
}

/** Columns for a grid that is about as wide as it is high. */
export const squareColumns = (count: number): number => Math.max(1, Math.ceil(Math.sqrt(count)));
