import { at } from "../../base/at.ts";
import { slide, type ConvAttrs, type NodeId, type Padding, type Pair } from "../../graph/index.ts";
import { Impossible, Unsupported } from "./unsupported.ts";
import { keptKernel } from "./kernel.ts";
import type { Lowering } from "./lowering.ts";
import { reshape } from "./reshaping.ts";
import { alongOnly, asVolume, gathered, gatheredKernel, spread } from "./volumes.ts";
import { known, type Tensor, type Value } from "./value.ts";
import { checkGroups, checkWindows, type Geometry } from "./windows.ts";

/** Number of spatial axes: of series, pictures and volumes. */
export function spatialRank(x: Value): 1 | 2 | 3 {
  const rank = x.shape.length - 2;
  if (rank !== 1 && rank !== 2 && rank !== 3)
    throw new Unsupported(`it works on tensors of rank ${rank + 2}`);
  return rank;
}
/** A setting for rows and columns; a sequence is one row. */
export const pair = (values: readonly number[], fallback: number): Pair =>
  values.length === 1
    ? [fallback, values[0] ?? fallback]
    : [values[0] ?? fallback, values[1] ?? fallback];

/** `x` channels-last as pictures [N, H, W, C]; a sequence becomes one row. */
export function asPicture(l: Lowering, x: Value): NodeId {
  const rank = spatialRank(x);
  if (rank === 3) throw new Unsupported("it works on volumes");
  const node = l.last(x);
  if (rank === 2) return node;
  const [n = null, length = null, channels = null] = l.nodeShape(node);
  return l.reshape(node, [n, 1, length, channels]);
}
/** Back from `asPicture`, for a value of the same rank as `like`. */
export function fromPicture(l: Lowering, node: NodeId, like: Value): Tensor {
  if (spatialRank(like) === 2) return l.tensor(node, [0, 2, 3, 1]);
  const [n = null, , length = null, channels = null] = l.nodeShape(node);
  return l.tensor(l.reshape(node, [n, length, channels]), [0, 2, 1]);
}

/** Explicit padding for windows of `kernel` cells over `size`. */
export function paddingOf(
  size: readonly number[],
  kernel: readonly number[],
  geometry: Geometry,
): Padding {
  const { padding, strides, dilations } = geometry;
  if (padding === "upper") return "same";
  if (padding !== "lower") {
    const [begin, end] = [pair(padding.begin, 0), pair(padding.end, 0)];
    return [begin[0], end[0], begin[1], end[1]];
  }
  const along = kernel.map((cells, i): Pair => {
    const [stride, input] = [at(strides, i), at(size, i)];
    const span = (cells - 1) * at(dilations, i) + 1;
    const total = Math.max(0, (Math.ceil(input / stride) - 1) * stride + span - input);
    return [Math.ceil(total / 2), Math.floor(total / 2)];
  });
  const [rows, columns] = along.length === 1 ? [[0, 0] as const, along[0]] : along;
  return [...rows, ...(columns ?? [0, 0])] as unknown as Padding;
}

const spatialSize = (x: Value): number[] => x.shape.slice(2).map((_, i) => known(x.shape, i + 2));

function attrsOf(x: Value, kernel: readonly number[], geometry: Geometry): ConvAttrs {
  return {
    strides: pair(geometry.strides, 1),
    dilations: pair(geometry.dilations, 1),
    padding: paddingOf(spatialSize(x), kernel, geometry),
  };
}

/** A bias [C] over the last axis. */
export function biased(l: Lowering, x: NodeId, bias: Value | null): NodeId {
  return bias === null ? x : l.op("biasAdd", [x, l.node(bias)]);
}

/** One number for each filter, or one for all. */
function checkBias({ name }: Lowering, bias: Value | null, filters: number): void {
  const own = bias?.shape.at(-1) ?? 1;
  if (own !== 1 && own !== filters)
    throw new Impossible(`'${name}' has ${filters} filters and a bias of ${own}`);
}

/** x [N, C, ...], kernel [F, C / groups, ...], bias [F] -> [N, F, ...]. */
export function convolution(
  l: Lowering,
  x: Value,
  kernel: Value,
  bias: Value | null,
  geometry: Geometry,
  groups: number,
): Tensor {
  const [filters, inputs, ...taps] = kernel.shape.map((_, axis) => known(kernel.shape, axis));
  if (filters === undefined || inputs === undefined || taps.length !== spatialRank(x))
    throw new Unsupported(`its kernel has rank ${kernel.shape.length}`);
  checkWindows(l, taps, geometry);
  checkGroups(l, groups, filters);
  checkBias(l, bias, filters);
  if (spatialRank(x) === 3) return overVolume(l, x, kernel, bias, geometry, groups);
  const attrs = attrsOf(x, taps, geometry);
  const picture = asPicture(l, x);
  if (inputs * groups !== known(x.shape, 1))
    throw new Unsupported(
      `its kernel takes ${inputs * groups} channels, and gets ${known(x.shape, 1)}`,
    );
  const { arrangement, layout } = keptKernel(kernel.shape, groups, false);
  const operation = layout === "hwcm" ? "depthwiseConv2d" : "conv2d";
  const sum = l.op(operation, [picture, l.arranged(kernel, arrangement, layout)], attrs);
  return fromPicture(l, biased(l, sum, bias), x);
}

/** The convolution of a volume as one of its slices, each with those beside it as channels. */
function overVolume(
  l: Lowering,
  x: Value,
  kernel: Value,
  bias: Value | null,
  geometry: Geometry,
  groups: number,
): Tensor {
  const deep = known(kernel.shape, 2);
  const { strides, dilations } = geometry;
  const [stride, dilation] = [at(strides, 0), at(dilations, 0)];
  const { before, after } = depthPadding(known(x.shape, 2), deep, geometry);
  const slices = gathered(l, x, deep, { stride, dilation, before, after }, groups);
  const flat = gatheredKernel(l, kernel);
  const own = alongOnly(geometry, 1);
  const made = convolution(l, slices, flat, bias, own, groups);
  const span = (deep - 1) * dilation + 1;
  return asVolume(l, made, Math.floor((known(x.shape, 2) + before + after - span) / stride) + 1);
}
/** Zeros in front of and behind a volume. */
function depthPadding(
  size: number,
  cells: number,
  geometry: Geometry,
): { before: number; after: number } {
  const depth = alongOnly(geometry, 0, 1);
  const told = paddingOf([size], [cells], depth);
  if (typeof told !== "string") return { before: told[2], after: told[3] };
  const [, own] = slide(
    [1, size],
    [1, cells],
    [1, at(depth.strides, 0)],
    [1, at(depth.dilations, 0)],
    told,
  );
  return { before: own.before, after: own.after };
}

/** Sizes that a transposed convolution gives: as told, or by its padding and `outputPadding`. */
export interface Transposed {
  readonly outputPadding: readonly number[];
  /** Overrides padding and output padding. */
  readonly outputShape: readonly number[] | null;
}

/** x [N, C, ...], kernel [C, F / groups, ...], bias [F] -> [N, F, ...]: the gradient of a convolution. */
export function transposedConvolution(
  l: Lowering,
  x: Value,
  kernel: Value,
  bias: Value | null,
  geometry: Geometry,
  groups: number,
  { outputPadding, outputShape }: Transposed,
): Tensor {
  const [inputs, each, ...taps] = kernel.shape.map((_, axis) => known(kernel.shape, axis));
  if (inputs === undefined || each === undefined || taps.length !== spatialRank(x))
    throw new Unsupported(`its kernel has rank ${kernel.shape.length}`);
  checkWindows(l, taps, geometry);
  checkGroups(l, groups, inputs);
  checkBias(l, bias, each * groups);
  const axes = spatialSize(x).map((size, i) => {
    const [stride, extra] = [at(geometry.strides, i), outputPadding[i] ?? 0];
    const span = (at(taps, i) - 1) * at(geometry.dilations, i) + 1;
    const whole = (size - 1) * stride + span + extra;
    const wanted =
      outputShape?.[i] ?? (typeof geometry.padding === "string" ? size * stride : null);
    const pads = wanted === null ? null : whole - wanted;
    // what no window reaches stands behind
    const begin = pads === null ? padAt(geometry, "begin", i) : front(Math.max(0, pads), geometry);
    const end = pads === null ? padAt(geometry, "end", i) : pads - begin;
    return { length: whole - begin - end, begin, end: end - extra };
  });
  const [first] = axes;
  if (axes.length === 3 && first)
    return overVolumeTransposed(l, x, kernel, bias, geometry, groups, {
      axes: [first, ...axes.slice(1)],
      outputPadding,
      outputShape,
    });
  const padding = (i: number): Pair => {
    const { begin, end } = axes[i] ?? { begin: 0, end: 0 };
    return [begin, end];
  };
  const [rows, columns] =
    axes.length === 1 ? [[0, 0] as const, padding(0)] : [padding(0), padding(1)];
  const size = pair(
    axes.map(({ length }) => length),
    1,
  );
  const { arrangement, layout } = keptKernel(kernel.shape, groups, true);
  const [lowered, margins] = uncropped([...rows, ...columns], size);
  const whole = l.op(
    layout === "hwcm" ? "depthwiseConv2dInputGrad" : "conv2dInputGrad",
    [asPicture(l, x), l.arranged(kernel, arrangement, layout)],
    {
      strides: pair(geometry.strides, 1),
      dilations: pair(geometry.dilations, 1),
      padding: lowered,
      inputSize: [margins.size[0], margins.size[1], each * groups],
    },
  );
  const padded =
    margins.after.some((n) => n > 0) || margins.before.some((n) => n > 0)
      ? l.op("pad", [whole], {
          paddings: [[0, 0], [margins.before[0], margins.after[0]], [margins.before[1], margins.after[1]], [0, 0]], // prettier-ignore
          value: 0,
        })
      : whole;
  return fromPicture(l, biased(l, padded, bias), x);
}

/** Each slice gives as many as the kernel is deep, which are added up where they meet. */
function overVolumeTransposed(
  l: Lowering,
  x: Value,
  kernel: Value,
  bias: Value | null,
  geometry: Geometry,
  groups: number,
  {
    axes: [deep],
    outputPadding,
    outputShape,
  }: Transposed & { readonly axes: readonly [{ length: number; begin: number }, ...unknown[]] },
): Tensor {
  const [inputs, each, taps, h, w] = kernel.shape.map((_, axis) => known(kernel.shape, axis)) as [number, number, number, number, number]; // prettier-ignore
  const depth = known(x.shape, 2);
  const slices = gathered(l, x, 1, { stride: 1, dilation: 1, before: 0, after: 0 }, 1);
  const flat = reshape(l, kernel, [inputs, each * taps, h, w]);
  const own = { outputPadding: outputPadding.slice(1), outputShape: outputShape?.slice(1) ?? null };
  const made = transposedConvolution(l, slices, flat, null, alongOnly(geometry, 1), groups, own);
  const [stride, dilation] = [at(geometry.strides, 0), at(geometry.dilations, 0)];
  const whole = spread(l, made, taps, depth, { stride, dilation, ...deep });
  return l.tensor(biased(l, l.last(whole), bias), whole.order);
}

const padAt = ({ padding }: Geometry, side: "begin" | "end", i: number): number =>
  typeof padding === "string" ? 0 : (padding[side][i] ?? 0);
const front = (pads: number, { padding }: Geometry): number =>
  padding === "upper" ? Math.floor(pads / 2) : Math.ceil(pads / 2);

/** Padding below zero means that the result is larger than what the windows reach: zeros around it. */
function uncropped(pads: readonly number[], size: Pair) {
  const grow = pads.map((n) => Math.max(0, -n));
  const [top = 0, bottom = 0, left = 0, right = 0] = grow;
  const kept = pads.map((n) => Math.max(0, n)) as unknown as Padding;
  return [
    kept,
    {
      before: [top, left] as const,
      after: [bottom, right] as const,
      size: [size[0] - top - bottom, size[1] - left - right] as const,
    },
  ] as const;
}
