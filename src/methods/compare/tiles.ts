/** Filters or feature maps of two models, tile beside tile on one scale, with what the second has more than the first. */
import type {
  ComparedTiles,
  DifferenceScale,
  TilesRequest,
} from "../../shared/contract/compare.ts";
import { drawTiles, type PixelScale, type TileSource } from "../../shared/tiles.ts";

/** Numbers that are drawn as tiles: a kernel's filters, a layer's maps. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** Rows and columns of a tile, and of how many there are. */
  readonly height: number;
  readonly width: number;
  readonly total: number;
  /** Of a tile that is drawn: one channel, or three as a colour. */
  readonly channels: 1 | 3;
  /** Where the value is in `data`. */
  at(tile: number, y: number, x: number, channel: number): number;
}

type Drawn = Omit<ComparedTiles, "engine" | "seconds" | "layers">;

/**
 * `signed`: the scale of A and B has zero in its middle; else it goes from the smallest to the largest number of both. Tiles lie in
 * `data` as its last axis does.
 */
export function comparedTiles(
  a: Numbers,
  b: Numbers,
  { first, count, sort, difference: kind }: TilesRequest,
  signed: boolean,
): Drawn {
  const total = Math.min(a.total, b.total);
  const note = whyNoDifference(a, b);
  const change = note === null ? changes(a, b, total) : null;
  const order = [...Array(total).keys()];
  if (sort === "change" && change)
    order.sort((i, j) => (change.each[j] ?? 0) - (change.each[i] ?? 0) || i - j);
  const indices = order.slice(first, first + count);
  const { scale, range } = commonScale(a, b, signed);
  const magnitude = magnitudeOf(kind, range, signed, change?.largest ?? 0);
  const draw = (of: Numbers): Drawn["a"] =>
    drawTiles(sourceOf(of, indices), 0, indices.length, () => scale);
  return {
    ...{ shapes: [a.shape, b.shape], total, indices, note, range, signed, magnitude },
    ...{ a: draw(a), b: draw(b) },
    difference:
      note === null
        ? drawTiles(differenceOf(a, b, indices), 0, indices.length, () => ({
            ...{ kind: "signed", magnitude },
          }))
        : null,
    largest: change?.largest ?? 0,
    change: change?.each ?? null,
    relative: change?.whole ?? null,
  };
}

/** The end of the scale of a difference. A difference of maps on the scale of the maps spans as many units as they do. */
export function magnitudeOf(
  kind: DifferenceScale,
  [min, max]: readonly [number, number],
  signed: boolean,
  largest: number,
): number {
  if (kind === "own") return largest;
  return signed ? Math.max(Math.abs(min), Math.abs(max)) : max - min;
}

function whyNoDifference(a: Numbers, b: Numbers): string | null {
  const [own, other] = [a.shape.slice(0, -1), b.shape.slice(0, -1)];
  if (own.join() === other.join()) return null;
  return `There is no difference to draw: A's are ${own.join(" × ")}, B's are ${other.join(" × ")}.`;
}

function commonScale(
  a: Numbers,
  b: Numbers,
  signed: boolean,
): { scale: PixelScale; range: [number, number] } {
  let [min, max] = [Infinity, -Infinity];
  for (const { data } of [a, b])
    for (const value of data) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  if (!signed) return { scale: { kind: "range", min, max }, range: [min, max] };
  const magnitude = Math.max(Math.abs(min), Math.abs(max));
  return { scale: { kind: "signed", magnitude }, range: [-magnitude, magnitude] };
}

const sourceOf = (numbers: Numbers, indices: readonly number[]): TileSource => ({
  ...{ total: indices.length, width: numbers.width, height: numbers.height },
  channels: numbers.channels,
  value: (tile, y, x, channel) => numbers.data[numbers.at(indices[tile] ?? 0, y, x, channel)] ?? 0,
});

/** A difference of colours is that of their means: it has one sign. */
const differenceOf = (a: Numbers, b: Numbers, indices: readonly number[]): TileSource => ({
  ...{ total: indices.length, width: a.width, height: a.height, channels: 1 },
  value: (tile, y, x) => {
    let sum = 0;
    for (let channel = 0; channel < a.channels; channel++) {
      const index = indices[tile] ?? 0;
      sum += (b.data[b.at(index, y, x, channel)] ?? 0) - (a.data[a.at(index, y, x, channel)] ?? 0);
    }
    return sum / a.channels;
  },
});

/**
 * |b - a| of each tile with all its channels as a share of what a tile of A is (the root mean square of their norms: one that is
 * hardly there would else change by any factor), |b - a| / |a| over all, and the largest |b - a|.
 */
function changes(
  a: Numbers,
  b: Numbers,
  total: number,
): { each: Float32Array; whole: number; largest: number } {
  const [own, other] = [a.shape.at(-1) ?? 1, b.shape.at(-1) ?? 1];
  const rows = a.data.length / own;
  const apart = new Float64Array(total);
  const norm = new Float64Array(total);
  let largest = 0;
  for (let row = 0; row < rows; row++)
    for (let tile = 0; tile < total; tile++) {
      const x = a.data[row * own + tile] ?? 0;
      const by = (b.data[row * other + tile] ?? 0) - x;
      apart[tile] = (apart[tile] ?? 0) + by * by;
      norm[tile] = (norm[tile] ?? 0) + x * x;
      largest = Math.max(largest, Math.abs(by));
    }
  const relative = (distance: number, of: number): number =>
    distance === 0 ? 0 : Math.sqrt(distance / (of || 1));
  const sum = (values: Float64Array): number => values.reduce((x, y) => x + y, 0);
  const usual = sum(norm) / Math.max(1, total);
  return {
    each: Float32Array.from(apart, (distance) => relative(distance, usual)),
    whole: relative(sum(apart), sum(norm)),
    largest,
  };
}
