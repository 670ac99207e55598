import { at } from "../../base/at.ts";
import type { NodeId, Pair, PoolAttrs } from "../../graph/index.ts";
import { asPicture, fromPicture, pair, paddingOf, spatialRank } from "./convolution.ts";
import { binary, number } from "./elementwise.ts";
import type { Lowering } from "./lowering.ts";
import { alongOnly, separately } from "./volumes.ts";
import { checkPool, type Geometry } from "./windows.ts";
import { floats, known, orderOf, range, type Tensor, type Value } from "./value.ts";

/** A pooling as files describe it, with one number for each spatial axis. */
export interface Pool extends Geometry {
  readonly window: readonly number[];
  /** A last window that sticks out of the picture counts too. */
  readonly ceil: boolean;
}

type Explicit = [number, number, number, number];

/** Padding for rows and columns as the file has it, and what `ceil` adds behind. */
export function geometry(
  l: Lowering,
  x: Value,
  pool: Pool,
): { attrs: Omit<PoolAttrs, "padding">; padding: Explicit; extra: Pair } {
  checkPool(l, pool.window, pool);
  const size = x.shape.slice(2).map((_, i) => known(x.shape, i + 2));
  const [window, strides, dilations] = [
    pair(pool.window, 1),
    pair(pool.strides, 1),
    pair(pool.dilations, 1),
  ];
  const sizes = pair(size, 1);
  const told = paddingOf(size, pool.window, pool);
  const along = ([0, 1] as const).map((axis) => {
    const [input, stride] = [sizes[axis], strides[axis]];
    const span = (window[axis] - 1) * dilations[axis] + 1;
    const same = Math.max(0, (Math.ceil(input / stride) - 1) * stride + span - input);
    const [before, after] =
      typeof told === "string"
        ? [Math.floor(same / 2), Math.ceil(same / 2)]
        : ([at(told, axis * 2), at(told, axis * 2 + 1)] as const);
    let out = Math.floor((input + before + after - span) / stride) + 1;
    if (pool.ceil) {
      out = Math.ceil((input + before + after - span) / stride) + 1;
      // the last window must start inside the picture or the padding before it
      if ((out - 1) * stride >= input + before) out--;
    }
    return {
      before,
      after,
      extra: Math.max(0, (out - 1) * stride + span - input - before - after),
    };
  });
  const [rows, columns] = along as [(typeof along)[number], (typeof along)[number]];
  return {
    attrs: { window, strides },
    padding: [rows.before, rows.after, columns.before, columns.after],
    extra: [rows.extra, columns.extra],
  };
}
/** TensorFlow's `same` stays what engines know best. */
const joined = (pool: Pool, padding: Explicit, [down, across]: Pair): PoolAttrs["padding"] => {
  if (pool.padding === "upper" && !pool.ceil) return "same";
  const all: Explicit = [padding[0], padding[1] + down, padding[2], padding[3] + across];
  return all.every((n) => n === 0) ? "valid" : all;
};

/**
 * The maximum of each window of x [N, C, ...spatial], one or two spatial axes; padding counts as
 * -Infinity. Dilated windows, which the engines lack, are computed tap by tap.
 */
export function maxPool(l: Lowering, x: Value, pool: Pool): Tensor {
  if (spatialRank(x) === 3) return overVolume(l, x, pool, (own, part) => maxPool(l, own, part));
  const { attrs, padding, extra } = geometry(l, x, pool);
  const picture = asPicture(l, x);
  const dilations = pair(pool.dilations, 1);
  if (dilations[0] === 1 && dilations[1] === 1)
    return fromPicture(
      l,
      l.op("maxPool", [picture], { ...attrs, padding: joined(pool, padding, extra) }),
      x,
    );
  return fromPicture(l, overTaps(l, picture, attrs, dilations, padding, extra, "maximum"), x);
}

/** A pooling of a volume: of its slices, and then along its depth, which are the rows of pictures there. */
function overVolume(
  l: Lowering,
  x: Value,
  pool: Pool,
  pooled: (x: Value, pool: Pool) => Tensor,
): Tensor {
  const { window, padding, ...rest } = pool;
  const within = { ...alongOnly({ padding, ...rest }, 1), window: window.slice(1) };
  const first = alongOnly({ padding, ...rest }, 0, 1);
  const one = (all: readonly number[], other: number): number[] => [at(all, 0), other];
  const along = {
    ...{ ...first, window: one(window, 1) },
    ...{ strides: one(first.strides, 1), dilations: one(first.dilations, 1) },
    padding:
      typeof first.padding === "string"
        ? first.padding
        : { begin: [first.padding.begin[0] ?? 0, 0], end: [first.padding.end[0] ?? 0, 0] },
  };
  return separately(
    l,
    x,
    (slices) => pooled(slices, within),
    (depth) => pooled(depth, along),
  );
}

/** The maximum, or the sum, over the taps of the window. */
function overTaps(
  l: Lowering,
  picture: NodeId,
  attrs: Omit<PoolAttrs, "padding">,
  dilations: Pair,
  padding: Explicit,
  extra: Pair,
  how: "maximum" | "add",
): NodeId {
  const border = how === "add" ? 0 : -Infinity;
  const all = tapsOf(l, picture, attrs, dilations, padding, extra, border);
  return all.reduce((a, b) => l.op(how, [a, b]));
}

/** For each cell of the window the strided part of the padded picture that it sees, row by row. */
export function tapsOf(
  l: Lowering,
  picture: NodeId,
  { window, strides }: Omit<PoolAttrs, "padding">,
  dilations: Pair,
  padding: Explicit,
  extra: Pair,
  border: number,
): NodeId[] {
  const padded = l.op("pad", [picture], {
    paddings: [[0, 0], [padding[0], padding[1] + extra[0]], [padding[2], padding[3] + extra[1]], [0, 0]], // prettier-ignore
    value: border,
  });
  const [, h = null, w = null] = l.nodeShape(padded);
  const out = ([h, w] as const).map((size, axis) => {
    const span = (at(window, axis) - 1) * at(dilations, axis) + 1;
    return Math.floor(((size ?? 0) - span) / at(strides, axis)) + 1;
  });
  return range(window[0]).flatMap((i) =>
    range(window[1]).map((j) =>
      l.op("stridedSlice", [padded], {
        begin: [0, i * dilations[0], j * dilations[1], 0],
        size: [null, at(out, 0), at(out, 1), null],
        strides: [1, ...strides, 1],
      }),
    ),
  );
}

/** `countPadding`: the file's padding counts in the mean, as zeros. */
export function averagePool(l: Lowering, x: Value, pool: Pool, countPadding: boolean): Tensor {
  if (spatialRank(x) === 3)
    return overVolume(l, x, pool, (own, part) => averagePool(l, own, part, countPadding));
  const { attrs, padding, extra } = geometry(l, x, pool);
  const picture = asPicture(l, x);
  const dilations = pair(pool.dilations, 1);
  if (dilations[0] !== 1 || dilations[1] !== 1) {
    const sum = overTaps(l, picture, attrs, dilations, padding, extra, "add");
    // how many taps of each window lie in the picture: the same sum over a picture of ones
    const [, h = null, w = null] = l.nodeShape(picture);
    const margin = countPadding ? padding : ([0, 0, 0, 0] as const);
    const one = l.node(floats([1], [1, 1, 1, 1]));
    const size = [1, (h ?? 1) + margin[0] + margin[1], (w ?? 1) + margin[2] + margin[3], 1];
    const ones = l.op("tile", [one], { multiples: size });
    const rest = padding.map((n, i) => n - at(margin, i)) as Explicit;
    const count = overTaps(l, ones, attrs, dilations, rest, extra, "add");
    return fromPicture(l, l.op("div", [sum, count]), x);
  }
  if (!countPadding || padding.every((n) => n === 0))
    return fromPicture(
      l,
      l.op("avgPool", [picture], { ...attrs, padding: joined(pool, padding, extra) }),
      x,
    );
  const unpadded = { ...pool, padding: { begin: [], end: [] } };
  const padded = l.op("pad", [picture], {
    paddings: [[0, 0], [padding[0], padding[1]], [padding[2], padding[3]], [0, 0]], // prettier-ignore
    value: 0,
  });
  return fromPicture(
    l,
    l.op("avgPool", [padded], { ...attrs, padding: joined(unpadded, [0, 0, 0, 0], extra) }),
    x,
  );
}

/** The sum of each window of x [N, C, ...spatial]; what is padded, or sticks out, counts nothing. */
export function sumPool(l: Lowering, x: Value, pool: Pool): Value {
  const { padding, extra } = geometry(l, x, pool);
  const [top, bottom, left, right] = padding;
  const axes = pool.window.length;
  const begin = [top, left].slice(-axes);
  const end = [bottom + extra[0], right + extra[1]].slice(-axes);
  const mean = averagePool(l, x, { ...pool, ceil: false, padding: { begin, end } }, true);
  const cells = pool.window.reduce((product, n) => product * n, 1);
  return binary(l, "mul", mean, number(cells));
}

/** Over all positions; the result has one of them. */
export function globalPool(l: Lowering, x: Value, how: "mean" | "max"): Tensor {
  const order = orderOf(x);
  const axes = order.flatMap((axis, i) => (axis >= 2 ? [i] : []));
  return l.tensor(l.op(how, [l.node(x, order)], { axes, keepDims: true }), order);
}

/** Means over `size` equal or nearly equal parts of each axis, from floor(i * n / k) to ceil((i + 1) * n / k). */
export function adaptivePool(
  l: Lowering,
  x: Value,
  size: readonly number[],
  how: "mean" | "max",
): Tensor {
  const whole = x.shape.slice(2).map((_, i) => known(x.shape, i + 2));
  if (size.every((n) => n === 1)) return globalPool(l, x, how);
  if (whole.every((n, i) => n % at(size, i) === 0)) {
    const window = whole.map((n, i) => n / at(size, i));
    const zeros = window.map(() => 0);
    const pool: Pool = {
      window,
      strides: window,
      dilations: window.map(() => 1),
      padding: { begin: zeros, end: zeros },
      ceil: false,
    };
    return how === "mean" ? averagePool(l, x, pool, false) : maxPool(l, x, pool);
  }
  if (spatialRank(x) === 3)
    return separately(
      l,
      x,
      (slices) => adaptivePool(l, slices, size.slice(1), how),
      (depth) => adaptivePool(l, depth, [at(size, 0), known(depth.shape, 3)], how),
    );
  const [rows, columns] = [pair(whole, 1), pair(size, 1)];
  const picture = asPicture(l, x);
  const split = (node: NodeId, axis: 1 | 2): NodeId => {
    const [n, k] = [at(rows, axis - 1), at(columns, axis - 1)];
    if (n === k) return node;
    const parts = range(k).map((i) => {
      const [from, to] = [Math.floor((i * n) / k), Math.ceil(((i + 1) * n) / k)];
      const part = l.op("slice", [node], {
        begin: range(4).map((a) => (a === axis ? from : 0)),
        size: range(4).map((a) => (a === axis ? to - from : null)),
      });
      return l.op(how, [part], { axes: [axis], keepDims: true });
    });
    return l.op("concat", parts, { axis });
  };
  return fromPicture(l, split(split(picture, 1), 2), x);
}
