import type { Made, OpAttrs, ResizeAttrs } from "../../../../src/graph/index.ts";
import { type Array64, at, count, fill, give, indices, zeros } from "./arrays.ts";
import { convolve, convolveBack, pool, poolBack } from "./windows.ts";

type Reference<Attrs> = (attrs: Attrs, ...inputs: Array64[]) => Array64;
type None = OpAttrs["relu"];

const map =
  (f: (x: number) => number): Reference<None> =>
  (_attrs, x) => ({ shape: x.shape, data: x.data.map(f) });
function broadcastShape(...shapes: (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(...shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)),
  );
}
const zip =
  (f: (...values: number[]) => number): Reference<None> =>
  (_attrs, ...inputs) =>
    fill(broadcastShape(...inputs.map(({ shape }) => shape)), (index) =>
      f(...inputs.map((input) => at(input, index))),
    );
const test = (f: (a: number, b: number) => boolean): Reference<None> =>
  zip((a = 0, b = 0) => Number(f(a, b)));
const reduce =
  (f: (values: number[]) => number): Reference<OpAttrs["sum"]> =>
  ({ axes, keepDims }, x) => {
    const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const groups = new Map<string, number[]>();
    for (const index of indices(x.shape)) {
      const key = index.map((i, axis) => (axes.includes(axis) ? 0 : i)).join();
      groups.set(key, [...(groups.get(key) ?? []), at(x, index)]);
    }
    const data = [...indices(kept)].map((index) => f(groups.get(index.join()) ?? []));
    return { shape: keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis)), data };
  };
const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
function softmax(x: Array64): Array64 {
  const last = x.shape.length - 1;
  const length = x.shape[last] ?? 1;
  return fill(x.shape, (index) => {
    const row = Array.from({ length }, (_, i) => at(x, index.with(last, i)));
    return Math.exp(at(x, index)) / total(row.map(Math.exp));
  });
}
/** By the series of the error function, good to 1e-12 up to |x| = 4. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
/** Weights of the cells of an axis of `from` in cell `i` of `to`, by the definitions of `ResizeAttrs`. */
function weights(
  kind: "linear" | "nearest",
  centres: ResizeAttrs["centres"],
  from: number,
  to: number,
  i: number,
) {
  const scale = centres === "corners" && to > 1 ? (from - 1) / (to - 1) : from / to;
  const clamp = (cell: number): number => Math.min(Math.max(cell, 0), from - 1);
  if (kind === "nearest") {
    const place = (centres === "half-pixel" ? i + 0.5 : i) * scale;
    return [[clamp(centres === "corners" ? Math.round(place) : Math.floor(place)), 1]] as const;
  }
  const place = centres === "half-pixel" ? (i + 0.5) * scale - 0.5 : i * scale;
  const low = Math.floor(place);
  return [
    [clamp(low), 1 - (place - low)],
    [clamp(low + 1), place - low],
  ] as const;
}
function* blends(kind: "linear" | "nearest", attrs: ResizeAttrs, x: readonly number[]) {
  const [n = 1, h = 1, w = 1, channels = 1] = x;
  for (const index of indices([n, ...attrs.size, channels]))
    for (const [row, a] of weights(kind, attrs.centres, h, attrs.size[0], index[1] ?? 0))
      for (const [column, b] of weights(kind, attrs.centres, w, attrs.size[1], index[2] ?? 0))
        yield { to: index, from: [index[0] ?? 0, row, column, index[3] ?? 0], weight: a * b };
}
function resize(kind: "linear" | "nearest", attrs: ResizeAttrs, x: Array64): Array64 {
  const y = zeros([x.shape[0] ?? 1, ...attrs.size, x.shape[3] ?? 1]);
  for (const { to, from, weight } of blends(kind, attrs, x.shape))
    give(y, to, weight * at(x, from));
  return y;
}
function resizeBack(
  kind: "linear" | "nearest",
  attrs: OpAttrs["resizeBilinearGrad"],
  dy: Array64,
): Array64 {
  const x = zeros([dy.shape[0] ?? 1, ...attrs.inputSize]);
  for (const { to, from, weight } of blends(kind, attrs, x.shape))
    give(x, from, weight * at(dy, to));
  return x;
}
const shifted = (index: readonly number[], by: readonly number[]): number[] =>
  index.map((i, axis) => i + (by[axis] ?? 0));
function padded(
  x: Array64,
  paddings: readonly (readonly [number, number])[],
  cell: (i: number, size: number) => number,
  outside: number,
): Array64 {
  const shape = x.shape.map(
    (size, axis) => size + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0),
  );
  return fill(shape, (index) => {
    const place = index.map((i, axis) => cell(i - (paddings[axis]?.[0] ?? 0), x.shape[axis] ?? 1));
    return place.some((i, axis) => i < 0 || i >= (x.shape[axis] ?? 1)) ? outside : at(x, place);
  });
}
/** What `shape` becomes when its one free axis takes the rest. */
function resolve(shape: readonly (number | null)[], cells: number): number[] {
  const known = count(shape.map((size) => size ?? 1));
  return shape.map((size) => size ?? cells / known);
}

/** Each operation by its definition, in doubles. */
export const reference: { readonly [K in Made]: Reference<OpAttrs[K]> } = {
  conv2d: (attrs, x, kernel) => convolve(x, kernel, attrs, false),
  depthwiseConv2d: (attrs, x, kernel) => convolve(x, kernel, attrs, true),
  conv2dInputGrad: (attrs, dy, kernel) => convolveBack(dy, kernel, attrs, false),
  depthwiseConv2dInputGrad: (attrs, dy, kernel) => convolveBack(dy, kernel, attrs, true),
  biasAdd: (_attrs, x, bias) => fill(x.shape, (index) => at(x, index) + at(bias, index)),
  matMul: ({ transposeA, transposeB }, a, b) => {
    const [left, right] = [transposeA ? flip(a) : a, transposeB ? flip(b) : b];
    const inner = left.shape.at(-1) ?? 0;
    const lead = broadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2));
    return fill([...lead, left.shape.at(-2) ?? 0, right.shape.at(-1) ?? 0], (index) => {
      const [i = 0, j = 0] = index.slice(-2);
      const batch = index.slice(0, -2);
      return total(
        Array.from({ length: inner }, (_, k) => at(left, [...batch, i, k]) * at(right, [...batch, k, j])), // prettier-ignore
      );
    });
  },
  batchNorm: ({ epsilon }, x, scale, offset, mean, variance) =>
    zip((value = 0, s = 0, o = 0, m = 0, v = 0) => ((value - m) / Math.sqrt(v + epsilon)) * s + o)(
      {},
      x,
      scale,
      offset,
      mean,
      variance,
    ),
  maxPool: (attrs, x) => pool(x, attrs, (values) => Math.max(...values)),
  avgPool: (attrs, x) => pool(x, attrs, (values) => total(values) / values.length),
  maxPoolGrad: (attrs, x, _y, dy) =>
    poolBack(dy, x.shape, attrs, (cells) => {
      const values = cells.map((cell) => at(x, cell));
      const best = values.indexOf(Math.max(...values));
      return values.map((_, i) => Number(i === best));
    }),
  avgPoolGrad: (attrs, dy) =>
    poolBack(dy, [dy.shape[0] ?? 1, ...attrs.inputSize], attrs, (cells) =>
      cells.map(() => 1 / cells.length),
    ),
  relu: map((x) => Math.max(x, 0)),
  relu6: map((x) => Math.min(Math.max(x, 0), 6)),
  leakyRelu: ({ alpha }, x) => map((v) => (v > 0 ? v : alpha * v))({}, x),
  elu: map((x) => (x > 0 ? x : Math.expm1(x))),
  sigmoid: map((x) => 1 / (1 + Math.exp(-x))),
  tanh: map(Math.tanh),
  softplus: map((x) => Math.log1p(Math.exp(x))),
  exp: map(Math.exp),
  log: map(Math.log),
  sqrt: map(Math.sqrt),
  rsqrt: map((x) => 1 / Math.sqrt(x)),
  square: map((x) => x * x),
  abs: map(Math.abs),
  neg: map((x) => -x),
  sign: map(Math.sign),
  erf: map(erf),
  reciprocal: map((x) => 1 / x),
  floor: map(Math.floor),
  round: map((x) => (x % 1 === 0.5 || x % 1 === -0.5 ? 2 * Math.round(x / 2) : Math.round(x))),
  sin: map(Math.sin),
  atan: map(Math.atan),
  cos: map(Math.cos),
  clip: ({ min, max }, x) => map((v) => Math.min(Math.max(v, min), max))({}, x),
  reluGrad: zip((dy = 0, x = 0) => (x > 0 ? dy : 0)),
  relu6Grad: zip((dy = 0, x = 0) => (x > 0 && x < 6 ? dy : 0)),
  eluGrad: zip((dy = 0, y = 0) => (y >= 0 ? dy : dy * (y + 1))),
  add: zip((a = 0, b = 0) => a + b),
  sub: zip((a = 0, b = 0) => a - b),
  mul: zip((a = 0, b = 0) => a * b),
  div: zip((a = 0, b = 0) => a / b),
  maximum: zip((a = 0, b = 0) => Math.max(a, b)),
  minimum: zip((a = 0, b = 0) => Math.min(a, b)),
  pow: zip((a = 0, b = 0) => a ** b),
  greater: test((a, b) => a > b),
  greaterEqual: test((a, b) => a >= b),
  less: test((a, b) => a < b),
  lessEqual: test((a, b) => a <= b),
  equal: test((a, b) => a === b),
  notEqual: test((a, b) => a !== b),
  logicalAnd: zip((a = 0, b = 0) => a * b),
  logicalOr: zip((a = 0, b = 0) => Math.max(a, b)),
  logicalNot: map((x) => 1 - x),
  select: zip((condition = 0, a = 0, b = 0) => (condition ? a : b)),
  cast: ({ dtype }, x) =>
    map((v) => (dtype === "float32" ? v : dtype === "int32" ? Math.trunc(v) : Number(v !== 0)))(
      {},
      x,
    ),
  sum: reduce(total),
  mean: reduce((values) => total(values) / values.length),
  max: reduce((values) => Math.max(...values)),
  min: reduce((values) => Math.min(...values)),
  argMax: ({ axis }, x) =>
    reduce((values) => values.indexOf(Math.max(...values)))({ axes: [axis], keepDims: false }, x),
  cumSum: ({ axis, exclusive, reverse }, x) =>
    fill(x.shape, (index) => {
      const [own, size] = [index[axis] ?? 0, x.shape[axis] ?? 0];
      const cells = Array.from({ length: size }, (_, i) => i).filter((i) => (reverse ? i >= own : i <= own)); // prettier-ignore
      return total(cells.filter((i) => !exclusive || i !== own).map((i) => at(x, index.with(axis, i)))); // prettier-ignore
    }),
  softmax: (_attrs, x) => softmax(x),
  logSoftmax: (_attrs, x) => map(Math.log)({}, softmax(x)),
  reshape: ({ shape }, x) => ({ shape: resolve(shape, x.data.length), data: x.data }),
  transpose: ({ perm }, x) =>
    fill(
      perm.map((axis) => x.shape[axis] ?? 1),
      (index) =>
        at(
          x,
          perm.map((_, axis) => index[perm.indexOf(axis)] ?? 0),
        ),
    ),
  concat: ({ axis }, ...inputs) => {
    const sizes = inputs.map(({ shape }) => shape[axis] ?? 0);
    return fill((inputs[0]?.shape ?? []).with(axis, total(sizes)), (index) => {
      let place = index[axis] ?? 0;
      let i = 0;
      for (; place >= (sizes[i] ?? 0); i++) place -= sizes[i] ?? 0;
      return at(inputs[i] ?? zeros([]), index.with(axis, place));
    });
  },
  slice: ({ begin, size }, x) =>
    fill(
      x.shape.map((whole, axis) => size[axis] ?? whole - (begin[axis] ?? 0)),
      (index) => at(x, shifted(index, begin)),
    ),
  stridedSlice: ({ begin, size, strides }, x) =>
    fill(
      x.shape.map(
        (whole, i) => size[i] ?? Math.ceil((whole - (begin[i] ?? 0)) / (strides[i] ?? 1)),
      ),
      (index) =>
        at(
          x,
          index.map((n, i) => (begin[i] ?? 0) + n * (strides[i] ?? 1)),
        ),
    ),
  gather: ({ axis }, x, indices) => {
    const rank = indices.shape.length;
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return fill(shape, (index) => {
      const place = at(indices, index.slice(axis, axis + rank));
      return at(x, [...index.slice(0, axis), place, ...index.slice(axis + rank)]);
    });
  },
  pad: ({ paddings, value }, x) => padded(x, paddings, (i) => i, value),
  mirrorPad: ({ paddings, mode }, x) => {
    const edge = mode === "reflect" ? 1 : 0;
    const cell = (i: number, size: number): number =>
      i < 0 ? -i - 1 + edge : i >= size ? 2 * size - 1 - i - edge : i;
    return padded(x, paddings, cell, NaN);
  },
  reverse: ({ axes }, x) =>
    fill(x.shape, (index) =>
      at(
        x,
        index.map((i, axis) => (axes.includes(axis) ? (x.shape[axis] ?? 1) - 1 - i : i)),
      ),
    ),
  tile: ({ multiples }, x) =>
    fill(
      x.shape.map((size, axis) => size * (multiples[axis] ?? 1)),
      (index) =>
        at(
          x,
          index.map((i, axis) => i % (x.shape[axis] ?? 1)),
        ),
    ),
  broadcastLike: (_attrs, x, like) => fill(like.shape, (index) => at(x, index)),
  oneHot: ({ depth }, x) =>
    fill([...x.shape, depth], (index) => Number(at(x, index.slice(0, -1)) === index.at(-1))),
  resizeBilinear: (attrs, x) => resize("linear", attrs, x),
  resizeNearest: (attrs, x) => resize("nearest", attrs, x),
  resizeBilinearGrad: (attrs, dy) => resizeBack("linear", attrs, dy),
  resizeNearestGrad: (attrs, dy) => resizeBack("nearest", attrs, dy),
};

/** The last two axes exchanged. */
function flip(x: Array64): Array64 {
  const swap = (list: readonly number[]): number[] => [...list.slice(0, -2), ...list.slice(-2).reverse()]; // prettier-ignore
  return fill(swap(x.shape), (index) => at(x, swap(index)));
}
