/** Interpolation along one axis as ONNX's `Resize` defines it, as weights over the old cells for each new one. */
import { at } from "../../base/at.ts";
import { Unsupported } from "./unsupported.ts";

/**
 * An axis that is resized, from and to so many cells; `scale` is what coordinates are computed
 * with, and may differ from to / from where the size was rounded.
 */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
  /** Part of the axis that is looked at, 0 to 1; only where it is cropped. */
  readonly region: readonly [number, number];
}
/**
 * `Resize`'s attributes in ONNX's words: `centres` is `coordinate_transformation_mode`, `nearest`
 * is `nearest_mode` (or `inwards`: floor where the axis grows, ceil where it shrinks), `cubic` is
 * `cubic_coeff_a`.
 */
export interface Sampling {
  readonly mode: string;
  readonly centres: string;
  readonly nearest: string;
  /** Catmull-Rom's coefficient. */
  readonly cubic: number;
  readonly excludeOutside: boolean;
  readonly extrapolation: number;
  readonly antialias: boolean;
}

/** Where new cell `i` lies on the old axis. */
function place(i: number, { from, to, scale, region }: Axis, { centres, mode }: Sampling): number {
  const length = scale * from;
  // which cell is the nearest is decided in single precision, as runtimes have it: 1.5 / 0.6 is 2.5 there
  const as = mode === "nearest" ? Math.fround : Number;
  const halfPixel = (): number => as(as((i + 0.5) / scale) - 0.5);
  switch (centres) {
    case "half_pixel":
      return halfPixel();
    case "half_pixel_symmetric": {
      // sizes that were rounded down shift the middle
      const offset = (from / 2) * (1 - to / length);
      return as(as(offset + as((i + 0.5) / scale)) - 0.5);
    }
    case "pytorch_half_pixel":
      return to > 1 ? halfPixel() : 0;
    case "align_corners":
      return length === 1 ? 0 : as((i * (from - 1)) / (length - 1));
    case "asymmetric":
      return as(i / scale);
    case "tf_crop_and_resize": {
      const [start, end] = region;
      return to > 1
        ? start * (from - 1) + (i * (end - start) * (from - 1)) / (to - 1)
        : 0.5 * (start + end) * (from - 1);
    }
    default:
      throw new Unsupported(`it resizes with coordinates by '${centres}'`);
  }
}

function nearestCell(x: number, how: string, scale: number): number {
  const floor = Math.floor(x);
  switch (how) {
    case "round_prefer_floor":
      return x === floor + 0.5 ? floor : Math.round(x);
    case "round_prefer_ceil":
      return Math.round(x);
    case "floor":
      return floor;
    case "ceil":
      return Math.ceil(x);
    case "inwards":
      return scale < 1 ? Math.ceil(x) : floor;
    default:
      throw new Unsupported(`it takes the nearest cell by '${how}'`);
  }
}

const triangle = (d: number): number => Math.max(0, 1 - Math.abs(d));
/** Keys 1981, "Cubic convolution interpolation for digital image processing". */
function keys(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0;
}

/** 8192 cells from 2048; more would only take memory. */
const MAX_WEIGHTS = 2 ** 24;

/** Weights [to, from], row-major. Throws `Unsupported` for a way of sampling that is not known, and for sizes beyond pictures. */
export function weightsOf(axis: Axis, sampling: Sampling): Float32Array {
  const { from, to } = axis;
  if (to * from > MAX_WEIGHTS) throw new Unsupported(`it resizes ${from} cells to ${to}`);
  const weights = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const x = place(i, axis, sampling);
    const row = weights.subarray(i * from, (i + 1) * from);
    if (isOutside(x, axis, sampling)) continue;
    for (const [cell, weight] of blend(x, axis, sampling)) {
      const inside = Math.max(0, Math.min(cell, from - 1));
      row[inside] = at(row, inside) + weight;
    }
  }
  return weights;
}

const isOutside = (x: number, { from }: Axis, { centres }: Sampling): boolean =>
  centres === "tf_crop_and_resize" && (x < 0 || x > from - 1);
/** For each new cell whether it lies outside of the old axis; its weights are zero. */
export const outside = (axis: Axis, sampling: Sampling): boolean[] =>
  Array.from({ length: axis.to }, (_, i) => isOutside(place(i, axis, sampling), axis, sampling));

/** The cells around `x` with their weights, which add up to 1; cells outside stand for the border. */
function blend(
  x: number,
  { from, scale }: Axis,
  sampling: Sampling,
): (readonly [number, number])[] {
  const { mode, nearest, cubic, antialias, excludeOutside } = sampling;
  if (mode === "nearest") return [[nearestCell(x, nearest, scale), 1]];
  if (mode !== "linear" && mode !== "cubic") throw new Unsupported(`it interpolates by '${mode}'`);
  const reach = mode === "linear" ? 1 : 2;
  // shrinking, the kernel is stretched to see all cells
  const stretch = antialias && scale < 1 ? scale : 1;
  const first = Math.floor(x - reach / stretch) + 1;
  const last = Math.ceil(x + reach / stretch) - 1;
  const cells: [number, number][] = [];
  for (let cell = Math.min(first, Math.floor(x)); cell <= Math.max(last, Math.floor(x)); cell++) {
    const d = (cell - x) * stretch;
    const outside = excludeOutside && (cell < 0 || cell >= from);
    cells.push([cell, outside ? 0 : mode === "linear" ? triangle(d) : keys(d, cubic)]);
  }
  const total = cells.reduce((sum, [, weight]) => sum + weight, 0);
  return cells.map(([cell, weight]) => [cell, total === 0 ? 0 : weight / total] as const);
}
