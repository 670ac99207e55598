import { at } from "../../base/at.ts";
import type { StoredFilters } from "../../methods/filters/index.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import { drawTiles, type TileSource } from "../../shared/tiles.ts";
import { squareColumns, tileGrid } from "../../pictures/index.ts";

/** Kernels with more input channels than colours show at most this many filters and channels of each. */
const MOST_FILTERS = 64;
const MOST_CHANNELS = 64;

/** Kernel [h, w, in, k] (of volumes as it is stored, [d, h, w, in, k]) and bias [k] of some filters. */
export function pickFilters(
  { stored, kernel, bias }: StoredFilters,
  filters: readonly number[],
): { kernel: FloatTensor; bias: FloatTensor | null } {
  const { shape, data: all } = kernel.depth === undefined ? kernel : stored;
  const count = at(shape, shape.length - 1);
  const rows = all.length / count;
  const data = new Float32Array(rows * filters.length);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / filters.length);
    data[i] = all[row * count + (filters[i % filters.length] ?? 0)] ?? 0;
  }
  const own = bias && Float32Array.from(filters, (filter) => bias.data[filter] ?? 0);
  return {
    kernel: floats([...shape.slice(0, -1), filters.length], data),
    bias: own && floats([filters.length], own),
  };
}

/**
 * Filters as a PNG, each tile stretched to its own range: colour and one-channel kernels as a square, others one filter
 * a row with its input channels side by side, of volumes those of each slice. Where it is to be about `wide` pixels wide, filters have
 * their numbers above them.
 */
export function drawKernels(
  { kernel }: StoredFilters,
  filters: readonly number[],
  wide: number | null = null,
): Uint8Array {
  const [height, width, inputs, count] = kernel.shape;
  const valueAt = (filter: number, y: number, x: number, channel: number): number =>
    kernel.data[((y * width + x) * inputs + channel) * count + filter] ?? 0;
  const isColour = inputs === 3 && kernel.depth === undefined;
  const flat = isColour || inputs === 1;
  const rows = flat ? filters : filters.slice(0, MOST_FILTERS);
  const across = flat ? 1 : Math.min(inputs, MOST_CHANNELS);
  const source: TileSource = {
    ...{ width, height, total: rows.length * across, channels: isColour ? 3 : 1 },
    value: (tile, y, x, channel) =>
      valueAt(rows[Math.floor(tile / across)] ?? 0, y, x, flat ? channel : tile % across),
  };
  const tiles = drawTiles(source, 0, source.total, (own) => ({ kind: "range", ...own }));
  const columns = flat ? squareColumns(tiles.count) : across;
  const numberOf = (tile: number): number | null =>
    tile % across === 0 ? at(rows, tile / across) : null;
  const look = wide === null ? {} : { side: wide / columns, numberOf };
  return tileGrid(tiles, columns, "gray", look);
}
