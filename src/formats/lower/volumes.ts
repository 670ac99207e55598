/** Windows over volumes [N, C, D, H, W] by the operations on pictures: what slides along depth is gathered into channels, or is a pooling of its own. */
import { at } from "../../base/at.ts";
import type { NodeId } from "../../graph/index.ts";
import type { Lowering } from "./lowering.ts";
import { reshape, transpose } from "./reshaping.ts";
import { known, range, type Tensor, type Value } from "./value.ts";
import type { Geometry } from "./windows.ts";

const PICTURE = [0, 2, 3, 1];
const VOLUME = [0, 2, 3, 4, 1];

/** Depth, rows, columns and channels of a node [N, D, H, W, C]. */
function sizesOf(l: Lowering, node: NodeId): [number, number, number, number] {
  const [, ...sizes] = l.nodeShape(node).map(Number);
  return sizes as [number, number, number, number];
}

/** The same windows along some of the axes. */
export const alongOnly = <G extends Geometry>(geometry: G, from: number, to?: number): G => {
  const { strides, dilations, padding } = geometry;
  const own = (all: readonly number[]): readonly number[] => all.slice(from, to);
  return {
    ...geometry,
    ...{ strides: own(strides), dilations: own(dilations) },
    padding:
      typeof padding === "string" ? padding : { begin: own(padding.begin), end: own(padding.end) },
  };
};

/**
 * What works on the axes of a volume one after another: `within` on its slices, pictures [N D, C, H, W], then `along` on its depth, as the
 * rows of pictures [N, C, D, H W].
 */
export function separately(
  l: Lowering,
  x: Value,
  within: (slices: Tensor) => Value,
  along: (depth: Tensor) => Value,
): Tensor {
  const volume = l.last(x);
  const [d, h, w, c] = sizesOf(l, volume);
  const slices = l.last(within(l.tensor(l.reshape(volume, [null, h, w, c]), PICTURE)));
  const [, rows = null, columns = null, channels = null] = l.nodeShape(slices);
  const flat = l.reshape(slices, [null, d, Number(rows) * Number(columns), channels]);
  const deep = l.last(along(l.tensor(flat, PICTURE)));
  const depth = at(l.nodeShape(deep), 1);
  return l.tensor(l.reshape(deep, [null, depth, rows, columns, channels]), VOLUME);
}

/**
 * A volume's slices with those that a window along depth sees beside them, as pictures [N D', g k C/g, H, W] whose channels are the k taps
 * of each of g groups of channels.
 */
export function gathered(
  l: Lowering,
  x: Value,
  taps: number,
  { stride, dilation, before, after }: DepthWindow,
  groups: number,
): Tensor {
  const volume = l.last(x);
  const [d, h, w, c] = sizesOf(l, volume);
  const depth = Math.floor((d + before + after - (taps - 1) * dilation - 1) / stride) + 1;
  const cells = l.reshape(volume, [null, d, h * w, c]);
  const padded =
    before > 0 || after > 0
      ? l.op("pad", [cells], { paddings: [[0, 0], [before, after], [0, 0], [0, 0]], value: 0 }) // prettier-ignore
      : cells;
  const seen = range(taps).map((k) => {
    if (taps === 1 && stride === 1) return padded;
    const tap = l.op("stridedSlice", [padded], {
      begin: [0, k * dilation, 0, 0],
      size: [null, depth, null, null],
      strides: [1, stride, 1, 1],
    });
    return groups === 1 ? tap : l.reshape(tap, [null, depth * h * w, groups, c / groups]);
  });
  const all = seen.length === 1 ? at(seen, 0) : l.op("concat", seen, { axis: 3 });
  return l.tensor(l.reshape(all, [null, h, w, taps * c]), PICTURE);
}
/** A window along depth: cells between windows and between its taps, and the zeros in front and behind. */
export interface DepthWindow {
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

/** A kernel [F, C / g, k, h, w] as that of pictures whose channels are `gathered`: [F, k C / g, h, w]. */
export function gatheredKernel(l: Lowering, kernel: Value): Value {
  const [filters, each, deep, h, w] = kernel.shape.map((_, axis) => known(kernel.shape, axis)) as [number, number, number, number, number]; // prettier-ignore
  return reshape(l, transpose(l, kernel, [0, 2, 1, 3, 4]), [filters, deep * each, h, w]);
}

/** Pictures [N D, C, H, W] as the volume [N, C, D, H, W]. */
export function asVolume(l: Lowering, slices: Value, depth: number): Tensor {
  const node = l.last(slices);
  return l.tensor(l.reshape(node, [null, depth, ...l.nodeShape(node).slice(1)]), VOLUME);
}

/**
 * Adds up slices that reach over each other, as a transposed convolution along depth does: x [N D, F k, H, W] with k slices for each of F
 * channels, `stride` apart and `dilation` from each other, of which `length` are kept from `begin` on.
 */
export function spread(
  l: Lowering,
  x: Value,
  taps: number,
  depth: number,
  { stride, dilation, begin, length }: Spread,
): Tensor {
  const node = l.last(x);
  const [, h = null, w = null, all = null] = l.nodeShape(node);
  const filters = Number(all) / taps;
  const cells = Number(h) * Number(w) * filters;
  const longest = Math.max(depth * stride + (taps - 1) * dilation, begin + length);
  const apart = l.reshape(node, [null, depth, cells, taps]);
  const parts = range(taps).map((k) => {
    const tap = l.op("slice", [apart], { begin: [0, 0, 0, k], size: [null, null, null, 1] });
    const rows = l.reshape(tap, [null, depth, 1, cells]);
    const spaced =
      stride === 1
        ? rows
        : l.op("pad", [rows], { paddings: [[0, 0], [0, 0], [0, stride - 1], [0, 0]], value: 0 }); // prettier-ignore
    const front = k * dilation;
    const behind = longest - depth * stride - front;
    return l.op("pad", [l.reshape(spaced, [null, depth * stride, 1, cells])], {
      paddings: [[0, 0], [front, behind], [0, 0], [0, 0]], // prettier-ignore
      value: 0,
    });
  });
  const whole = parts.reduce((a, b) => l.op("add", [a, b]));
  const kept =
    begin === 0 && longest === length
      ? whole
      : l.op("slice", [whole], { begin: [0, begin, 0, 0], size: [null, length, null, null] });
  return l.tensor(l.reshape(kept, [null, length, h, w, filters]), VOLUME);
}
/** Where slices come to lie. */
export interface Spread {
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
  readonly length: number;
}
