/** Shape rules: one per operation. A rule throws a RangeError with a plain reason when shapes do not fit. */
import type { DType, Shape } from "../base/tensor.ts";
import type { ConvAttrs, Op, OpAttrs, Pair, PoolAttrs, ReduceAttrs, ResizeAttrs } from "./ops.ts";
import { slide } from "./windows.ts";

export interface Typed {
  readonly shape: Shape;
  readonly dtype: DType;
}
type Rule<K extends Op> = (inputs: readonly Typed[], attrs: OpAttrs[K]) => Typed;
/** Sources carry their own shape. */
type Source = "input" | "constant" | "weight" | "opaque";

const float = (shape: Shape): Typed => ({ shape, dtype: "float32" });

function at(inputs: readonly Typed[], index: number): Typed {
  const input = inputs[index];
  if (!input) throw new RangeError(`input ${index} is missing`);
  return input;
}
function dim(shape: Shape, axis: number): number {
  const value = shape[axis];
  if (typeof value !== "number")
    throw new RangeError(`axis ${axis} of [${shape.join(", ")}] must be known`);
  return value;
}
function image(x: Typed): { batch: number | null; size: Pair; channels: number } {
  if (x.shape.length !== 4)
    throw new RangeError(`expected [N, H, W, C], got [${x.shape.join(", ")}]`);
  return {
    batch: x.shape[0] ?? null,
    size: [dim(x.shape, 1), dim(x.shape, 2)],
    channels: dim(x.shape, 3),
  };
}

const same = (inputs: readonly Typed[]): Typed => at(inputs, 0);

export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a.length - rank + i < 0 ? 1 : (a[a.length - rank + i] ?? null);
    const right = b.length - rank + i < 0 ? 1 : (b[b.length - rank + i] ?? null);
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    if (left === null || right === null) return null;
    throw new RangeError(`[${a.join(", ")}] and [${b.join(", ")}] do not broadcast`);
  });
}
const elementwise = (inputs: readonly Typed[]): Typed => ({
  shape: broadcast(at(inputs, 0).shape, at(inputs, 1).shape),
  dtype: at(inputs, 0).dtype,
});
const comparison = (inputs: readonly Typed[]): Typed => ({
  shape: broadcast(at(inputs, 0).shape, at(inputs, 1).shape),
  dtype: "bool",
});

function convolved(inputs: readonly Typed[], attrs: ConvAttrs, depthwise: boolean): Typed {
  const { batch, size, channels } = image(at(inputs, 0));
  const kernel = at(inputs, 1).shape;
  const groups = channels / dim(kernel, 2);
  const fits = depthwise ? groups === 1 : Number.isInteger(groups) && dim(kernel, 3) % groups === 0;
  if (!fits) throw new RangeError(`a kernel for ${dim(kernel, 2)} channels meets ${channels}`);
  const [rows, columns] = slide(
    size,
    [dim(kernel, 0), dim(kernel, 1)],
    attrs.strides,
    attrs.dilations,
    attrs.padding,
  );
  return float([
    batch,
    rows.out,
    columns.out,
    depthwise ? channels * dim(kernel, 3) : dim(kernel, 3),
  ]);
}
function pooled(inputs: readonly Typed[], attrs: PoolAttrs): Typed {
  const { batch, size, channels } = image(at(inputs, 0));
  const [rows, columns] = slide(size, attrs.window, attrs.strides, [1, 1], attrs.padding);
  return float([batch, rows.out, columns.out, channels]);
}
const restored = (
  inputs: readonly Typed[],
  attrs: { inputSize: readonly [number, number, number] },
): Typed => float([at(inputs, 0).shape[0] ?? null, ...attrs.inputSize]);
function resized(inputs: readonly Typed[], attrs: ResizeAttrs): Typed {
  const { batch, channels } = image(at(inputs, 0));
  return float([batch, ...attrs.size, channels]);
}
function reduced(inputs: readonly Typed[], { axes, keepDims }: ReduceAttrs): Typed {
  const { shape, dtype } = at(inputs, 0);
  return {
    dtype,
    shape: keepDims
      ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
      : shape.filter((_, axis) => !axes.includes(axis)),
  };
}
const grown = (shape: Shape, paddings: readonly (readonly [number, number])[]): Shape =>
  shape.map((size, axis) => {
    const [before, after] = paddings[axis] ?? [0, 0];
    return size === null ? null : size + before + after;
  });

export const shapeRules: { readonly [K in Exclude<Op, Source>]: Rule<K> } = {
  conv2d: (inputs, attrs) => convolved(inputs, attrs, false),
  depthwiseConv2d: (inputs, attrs) => convolved(inputs, attrs, true),
  conv2dInputGrad: restored,
  depthwiseConv2dInputGrad: restored,
  biasAdd: same,
  matMul: (inputs, { transposeA, transposeB }) => {
    const [a, b] = [at(inputs, 0).shape, at(inputs, 1).shape];
    if (a.length < 2 || b.length < 2) throw new RangeError("matMul takes two matrices");
    const inner = [a.at(transposeA ? -2 : -1), b.at(transposeB ? -1 : -2)];
    const [left, right] = [a.slice(0, -2), b.slice(0, -2)];
    const one = (lead: Shape): boolean => lead.every((size) => size === 1);
    const stacked = String(left) === String(right) || one(left) || one(right);
    if (inner[0] !== inner[1] || !stacked)
      throw new RangeError(`matMul of [${a.join(", ")}] and [${b.join(", ")}]`);
    const [rows, columns] = [a.at(transposeA ? -1 : -2), b.at(transposeB ? -2 : -1)];
    return float([...broadcast(left, right), rows ?? null, columns ?? null]);
  },
  batchNorm: same,
  maxPool: pooled,
  avgPool: pooled,
  maxPoolGrad: same,
  avgPoolGrad: restored,
  relu: same,
  relu6: same,
  leakyRelu: same,
  elu: same,
  sigmoid: same,
  tanh: same,
  softplus: same,
  exp: same,
  log: same,
  sqrt: same,
  rsqrt: same,
  square: same,
  abs: same,
  neg: same,
  sign: same,
  erf: same,
  reciprocal: same,
  floor: same,
  round: same,
  sin: same,
  cos: same,
  clip: same,
  reluGrad: same,
  relu6Grad: same,
  eluGrad: same,
  add: elementwise,
  sub: elementwise,
  mul: elementwise,
  div: elementwise,
  maximum: elementwise,
  minimum: elementwise,
  pow: elementwise,
  greater: comparison,
  greaterEqual: comparison,
  less: comparison,
  lessEqual: comparison,
  equal: comparison,
  notEqual: comparison,
  logicalAnd: comparison,
  logicalOr: comparison,
  logicalNot: same,
  select: (inputs) => ({
    shape: broadcast(at(inputs, 0).shape, broadcast(at(inputs, 1).shape, at(inputs, 2).shape)),
    dtype: at(inputs, 1).dtype,
  }),
  cast: (inputs, { dtype }) => ({ shape: at(inputs, 0).shape, dtype }),
  sum: reduced,
  mean: reduced,
  max: reduced,
  min: reduced,
  argMax: (inputs, { axis }) => ({
    shape: at(inputs, 0).shape.filter((_, i) => i !== axis),
    dtype: "int32",
  }),
  cumSum: same,
  softmax: same,
  logSoftmax: same,
  reshape: (inputs, { shape }) => {
    const { dtype, shape: from } = at(inputs, 0);
    const count = (s: Shape): number => s.reduce<number>((n, axis) => n * (axis ?? 1), 1);
    const [before, after] = [count(from), count(shape)];
    // a free axis may take whole axes in or give them up: [N, 4, 3] <-> [N * 4, 3]
    const fits =
      from.includes(null) && shape.includes(null)
        ? before % after === 0 || after % before === 0
        : from.includes(null) !== shape.includes(null) || before === after;
    if (!fits)
      throw new RangeError(`[${from.join(", ")}] does not reshape to [${shape.join(", ")}]`);
    return { shape, dtype };
  },
  transpose: (inputs, { perm }) => {
    const { shape, dtype } = at(inputs, 0);
    return { shape: perm.map((axis) => shape[axis] ?? null), dtype };
  },
  concat: (inputs, { axis }) => {
    const { shape, dtype } = at(inputs, 0);
    const total = inputs.reduce((sum, input) => sum + dim(input.shape, axis), 0);
    return { shape: shape.map((size, i) => (i === axis ? total : size)), dtype };
  },
  slice: (inputs, { begin, size }) => {
    const { shape, dtype } = at(inputs, 0);
    const out = shape.map((whole, axis) => {
      const wanted = size[axis];
      if (typeof wanted === "number") return wanted;
      return whole === null ? null : whole - (begin[axis] ?? 0);
    });
    return { shape: out, dtype };
  },
  stridedSlice: (inputs, { begin, size, strides }) => {
    const { shape, dtype } = at(inputs, 0);
    const out = shape.map((whole, axis) => {
      const wanted = size[axis];
      if (typeof wanted === "number" || whole === null) return wanted ?? null;
      return Math.ceil((whole - (begin[axis] ?? 0)) / (strides[axis] ?? 1));
    });
    return { shape: out, dtype };
  },
  gather: (inputs, { axis }) => {
    const { shape, dtype } = at(inputs, 0);
    return {
      shape: [...shape.slice(0, axis), ...at(inputs, 1).shape, ...shape.slice(axis + 1)],
      dtype,
    };
  },
  pad: (inputs, { paddings }) => ({
    ...at(inputs, 0),
    shape: grown(at(inputs, 0).shape, paddings),
  }),
  mirrorPad: (inputs, { paddings }) => ({
    ...at(inputs, 0),
    shape: grown(at(inputs, 0).shape, paddings),
  }),
  reverse: same,
  tile: (inputs, { multiples }) => {
    const { shape, dtype } = at(inputs, 0);
    return {
      shape: shape.map((size, i) => (size === null ? null : size * (multiples[i] ?? 1))),
      dtype,
    };
  },
  broadcastLike: (inputs) => ({ shape: at(inputs, 1).shape, dtype: at(inputs, 0).dtype }),
  oneHot: (inputs, { depth }) => float([...at(inputs, 0).shape, depth]),
  resizeBilinear: resized,
  resizeNearest: resized,
  resizeBilinearGrad: restored,
  resizeNearestGrad: restored,
};
