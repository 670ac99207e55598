import { Impossible, Unsupported } from "./unsupported.ts";
import { aligned, binary, mapped, number } from "./elementwise.ts";
import type { Lowering } from "./lowering.ts";
import { reduce } from "./reduction.ts";
import { reshape } from "./reshaping.ts";
import { channelsLast, floats, known, range, type Value } from "./value.ts";

/** Throws `Impossible` for a number below zero, or none at all, beside a variance: its root is none. */
function checkEpsilon({ name }: Lowering, epsilon: number): void {
  if (!(epsilon >= 0 && epsilon < Infinity))
    throw new Impossible(`'${name}' adds ${epsilon} to a variance`);
}

/** x [N, C, ...]; scale, offset, mean and variance [C], frozen; null stands for ones, or zeros. */
export function batchNorm(
  l: Lowering,
  x: Value,
  scale: Value | null,
  offset: Value | null,
  mean: Value | null,
  variance: Value | null,
  epsilon: number,
): Value {
  checkEpsilon(l, epsilon);
  const channels = known(x.shape, 1);
  const filled = (value: number): Value => floats(range(channels).map(() => value));
  const parameters = [
    scale ?? filled(1),
    offset ?? filled(0),
    mean ?? filled(0),
    variance ?? filled(1),
  ];
  const order = channelsLast(x.shape.length);
  const inputs = [l.node(x, order), ...parameters.map((value) => l.node(value))];
  return l.tensor(l.op("batchNorm", inputs, { epsilon }), order);
}

/** (x - mean) / sqrt(variance + epsilon), the statistics taken over `axes` of x itself. */
export function standardised(
  l: Lowering,
  x: Value,
  axes: readonly number[],
  epsilon: number,
): Value {
  const centred = binary(l, "sub", x, reduce(l, "mean", x, axes, true));
  return binary(l, "mul", centred, inverseDeviation(l, centred, axes, epsilon));
}
function inverseDeviation(
  l: Lowering,
  centred: Value,
  axes: readonly number[],
  epsilon: number,
): Value {
  checkEpsilon(l, epsilon);
  const square = mapped(l, centred, (node) => l.op("square", [node]));
  const variance = reduce(l, "mean", square, axes, true);
  return mapped(l, variance, (node) => l.op("rsqrt", [l.op("add", [node, l.scalar(epsilon)])]));
}

/** x * scale + offset; both broadcast against x. */
export function affine(l: Lowering, x: Value, scale: Value | null, offset: Value | null): Value {
  const wide = scale === null ? x : binary(l, "mul", x, scale);
  return offset === null ? wide : binary(l, "add", wide, offset);
}
/** [C] -> [C, 1, 1] for x [N, C, H, W]. */
export function perChannel(l: Lowering, value: Value, x: Value): Value {
  return reshape(l, value, [-1, ...range(Math.max(0, x.shape.length - 2)).map(() => 1)]);
}

/** Statistics of each picture and channel over its positions. */
export function instanceNorm(
  l: Lowering,
  x: Value,
  scale: Value | null,
  offset: Value | null,
  epsilon: number,
): Value {
  const own = standardised(l, x, range(x.shape.length - 2, 2), epsilon);
  const [a, b] = [scale, offset].map((value) => value && perChannel(l, value, x));
  return affine(l, own, a ?? null, b ?? null);
}

/** Statistics over the positions and the channels of one group; scale and offset [C]. */
export function groupNorm(
  l: Lowering,
  x: Value,
  groups: number,
  scale: Value | null,
  offset: Value | null,
  epsilon: number,
): Value {
  const [n = 1, c = 1, ...rest] = x.shape;
  if (c % groups !== 0) throw new Unsupported(`${c} channels do not make ${groups} groups`);
  const parted = reshape(l, x, [n, groups, c / groups, ...rest]);
  const own = standardised(l, parted, range(rest.length + 1, 2), epsilon);
  const [a, b] = [scale, offset].map((value) => value && perChannel(l, value, x));
  return affine(l, reshape(l, own, [n, c, ...rest]), a ?? null, b ?? null);
}

/** Statistics over the axes from `axis` on; scale and offset have their shape. */
export function layerNorm(
  l: Lowering,
  x: Value,
  axis: number,
  scale: Value | null,
  offset: Value | null,
  epsilon: number,
): Value {
  const axes = range(x.shape.length - axis, axis);
  return affine(l, standardised(l, x, axes, epsilon), scale, offset);
}

/** The mean and 1 / sqrt(variance + epsilon) over the axes from `axis` on. */
export function statistics(l: Lowering, x: Value, axis: number, epsilon: number): [Value, Value] {
  const axes = range(x.shape.length - axis, axis);
  const mean = reduce(l, "mean", x, axes, true);
  return [mean, inverseDeviation(l, binary(l, "sub", x, mean), axes, epsilon)];
}

/** x / sqrt(mean of squares + epsilon) over the axes from `axis` on. */
export function rmsNorm(
  l: Lowering,
  x: Value,
  axis: number,
  scale: Value | null,
  epsilon: number,
): Value {
  const axes = range(x.shape.length - axis, axis);
  return affine(l, binary(l, "mul", x, inverseDeviation(l, x, axes, epsilon)), scale, null);
}

const MOST_NEIGHBOURS = 1024;

/** Local response normalisation over `size` neighbouring channels (Krizhevsky et al. 2012). */
export function localResponseNorm(
  l: Lowering,
  x: Value,
  size: number,
  alpha: number,
  beta: number,
  bias: number,
): Value {
  if (!(Number.isInteger(size) && size >= 1))
    throw new Impossible(`'${l.name}' has a neighbourhood of ${size} channels`);
  // each is a node
  if (size > MOST_NEIGHBOURS) throw new Unsupported(`its neighbourhoods are ${size} channels`);
  const order = channelsLast(x.shape.length);
  const node = l.node(x, order);
  const channels = known(x.shape, 1);
  const squares = l.op("square", [node]);
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const last = order.length - 1;
  const padded = l.op("pad", [squares], {
    paddings: order.map((_, axis): [number, number] => (axis === last ? [before, after] : [0, 0])),
    value: 0,
  });
  const sum = range(size)
    .map((k) =>
      l.op("slice", [padded], {
        begin: order.map((_, axis) => (axis === last ? k : 0)),
        size: order.map((_, axis) => (axis === last ? channels : null)),
      }),
    )
    .reduce((a, b) => l.op("add", [a, b]));
  const scaled = l.op("add", [l.op("mul", [sum, l.scalar(alpha / size)]), l.scalar(bias)]);
  return l.tensor(l.op("mul", [node, l.op("pow", [scaled, l.scalar(-beta)])]), order);
}

/** x / |x| over one axis; p is 1 or 2. Where `epsilon` is 0, rows of zeros stay zeros. */
export function unitNorm(l: Lowering, x: Value, axis: number, p: number, epsilon: number): Value {
  const norm = reduce(l, p === 1 ? "l1" : "l2", x, [axis], true);
  if (epsilon > 0) return binary(l, "div", x, binary(l, "maximum", norm, number(epsilon)));
  const { nodes, order } = aligned(l, [x, norm]);
  const [a = "", b = ""] = nodes;
  const nonzero = l.op("greater", [b, l.scalar(0)]);
  return l.tensor(l.op("div", [a, l.op("select", [nonzero, b, l.scalar(1)])]), order);
}
