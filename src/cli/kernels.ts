import { drawFilters, type StoredFilters } from "../methods/filters/index.ts";
import type { Tiles } from "../shared/contract/lenses.ts";
import { floats, type FloatTensor } from "../shared/tensor.ts";
import { squareColumns, tileGrid } from "./grid.ts";

/** Kernels with more input channels than colours show at most this many filters and channels of each. */
const MOST_FILTERS = 64;
const MOST_CHANNELS = 64;

/** Kernel [h, w, in, k] and bias [k] of some filters. */
export function pickFilters(
  { kernel, bias }: StoredFilters,
  filters: readonly number[],
): { kernel: FloatTensor; bias: FloatTensor | null } {
  const [height, width, inputs, count] = kernel.shape;
  const rows = height * width * inputs;
  const data = new Float32Array(rows * filters.length);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / filters.length);
    data[i] = kernel.data[row * count + (filters[i % filters.length] ?? 0)] ?? 0;
  }
  const own = bias && Float32Array.from(filters, (filter) => bias.data[filter] ?? 0);
  return {
    kernel: floats([height, width, inputs, filters.length], data),
    bias: own && floats([filters.length], own),
  };
}

/** Colour or one-channel kernels as a square; others one filter a row, its input channels side by side. */
export function drawKernels(
  layer: string,
  stored: StoredFilters,
  filters: readonly number[] | null,
): Uint8Array {
  const [height, width, inputs, count] = stored.kernel.shape;
  const wanted = filters ?? [...Array(count).keys()];
  const request = { layer, scale: "filter", first: 0 } as const;
  const one = (filter: number): Tiles =>
    inputs === 3 || inputs === 1
      ? drawFilters(stored, { ...request, view: "colour", first: filter, count: 1 }).tiles
      : drawFilters(stored, { ...request, view: { filter }, count: MOST_CHANNELS }).tiles;
  const flat = inputs === 3 || inputs === 1;
  const drawn = (flat ? wanted : wanted.slice(0, MOST_FILTERS)).map(one);
  const tiles: Tiles = {
    ...{ width, height, first: 0, channels: inputs === 3 ? 3 : 1, ranges: new Float32Array() },
    count: drawn.reduce((sum, part) => sum + part.count, 0),
    total: count,
    pixels: Buffer.concat(drawn.map(({ pixels }) => pixels)),
  };
  return tileGrid(tiles, flat ? squareColumns(tiles.count) : (drawn[0]?.count ?? 1), "gray");
}
