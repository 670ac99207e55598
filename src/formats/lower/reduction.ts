import type { NodeId } from "../../graph/index.ts";
import { exact, type Exact } from "./batch.ts";
import { binary, cast, number, unary } from "./elementwise.ts";
import { fold, reduceNumbers } from "./host.ts";
import type { Lowering } from "./lowering.ts";
import { squeeze } from "./reshaping.ts";
import { Unsupported } from "./unsupported.ts";
import { axesOf, axisOf, hasBatch, known, onceEach, orderOf, range, type Value } from "./value.ts";

/** `all` and `any` are of truth values; whatever else is not 0 counts as true. */
export type Reduction =
  | "sum"
  | "mean"
  | "max"
  | "min"
  | "prod"
  | "all"
  | "any"
  | "l1"
  | "l2"
  | "sumSquare"
  | "logSum"
  | "logSumExp";

function folding(op: Exact, from: number): (values: readonly number[]) => number {
  return (values) => values.reduce((a, b) => exact(op, a, b), from);
}
const HOST: Readonly<Partial<Record<Reduction, (values: readonly number[]) => number>>> = {
  sum: folding("add", 0),
  mean: (values) => exact("div", folding("add", 0)(values), values.length),
  max: folding("maximum", -Infinity),
  min: folding("minimum", Infinity),
  prod: folding("mul", 1),
};

/** Over `axes` of the file, each once, or it throws `Impossible`; the others keep the order in which the node has them. */
export function reduce(
  l: Lowering,
  how: Reduction,
  x: Value,
  axes: readonly number[],
  keepDims: boolean,
): Value {
  const gone = axesOf(onceEach(l.name, axes, x.shape.length), x.shape.length);
  if (how === "all" || how === "any")
    return reduce(l, how === "all" ? "min" : "max", cast(l, x, "bool"), axes, keepDims);
  // of truth values: whether all are true, or one
  if (l.dtype(x) === "bool")
    return cast(l, reduce(l, how, cast(l, x, "int32"), axes, keepDims), "bool");
  const [numbers, f] = [l.known(x), HOST[how]];
  const isPlain = how === "sum" || how === "mean" || how === "max" || how === "min";
  if (numbers && isPlain && !hasBatch(numbers))
    return fold(how, { axes: gone, keepDims }, [numbers]);
  if (numbers && f) return reduceNumbers(numbers, gone, keepDims, f);
  const order = orderOf(x);
  const attrs = { axes: order.flatMap((axis, i) => (gone.includes(axis) ? [i] : [])), keepDims };
  const node = reduced(l, how, l.node(x, order), attrs);
  if (keepDims) return l.tensor(node, order);
  const left = order.filter((axis) => !gone.includes(axis));
  const rank = [...left].sort((a, b) => a - b);
  return l.tensor(
    node,
    left.map((axis) => rank.indexOf(axis)),
  );
}

interface Attrs {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}
function reduced(
  l: Lowering,
  how: Exclude<Reduction, "all" | "any">,
  x: NodeId,
  attrs: Attrs,
): NodeId {
  switch (how) {
    case "l1":
      return l.op("sum", [l.op("abs", [x])], attrs);
    case "l2":
      return l.op("sqrt", [l.op("sum", [l.op("square", [x])], attrs)]);
    case "sumSquare":
      return l.op("sum", [l.op("square", [x])], attrs);
    case "logSum":
      return l.op("log", [l.op("sum", [x], attrs)]);
    case "logSumExp": {
      const top = l.op("max", [x], { ...attrs, keepDims: true });
      const sum = l.op("sum", [l.op("exp", [l.op("sub", [x, top])])], attrs);
      return l.op("add", [l.op("log", [sum]), l.reshape(top, l.nodeShape(sum))]);
    }
    case "prod":
      return product(l, x, attrs);
    default:
      return l.op(how, [x], attrs);
  }
}

const MOST_FACTORS = 1024;
/** The product along each axis, cell by cell. Throws `Unsupported` for more than 1024 cells of an axis. */
function product(l: Lowering, x: NodeId, { axes, keepDims }: Attrs): NodeId {
  const shape = l.nodeShape(x);
  const longest = Math.max(0, ...axes.map((axis) => shape[axis] ?? 1));
  // each is a node
  if (longest > MOST_FACTORS) throw new Unsupported(`it multiplies ${longest} cells`);
  const whole = axes.reduce((node, axis) => {
    const cells = range(shape[axis] ?? 1).map((i) =>
      l.op("slice", [node], {
        begin: shape.map((_, a) => (a === axis ? i : 0)),
        size: shape.map((_, a) => (a === axis ? 1 : null)),
      }),
    );
    return cells.reduce((a, b) => l.op("mul", [a, b]));
  }, x);
  if (keepDims) return whole;
  return l.reshape(
    whole,
    shape.filter((_, axis) => !axes.includes(axis)),
  );
}

/** Brings `axis` of the file to the end of the node, where softmax and the like work. */
export function alongLast(
  l: Lowering,
  x: Value,
  axis: number,
  body: (node: NodeId) => NodeId,
): Value {
  const at = axisOf(axis, x.shape.length);
  const own = orderOf(x);
  const order = own.at(-1) === at ? own : [...own.filter((a) => a !== at), at];
  return l.tensor(body(l.node(x, order)), order);
}

/** exp(x) / sum(exp(x)) along one axis, or its logarithm; negative axes count from the end. */
export const softmax = (l: Lowering, x: Value, axis: number, log = false): Value =>
  alongLast(l, x, axis, (node) => l.op(log ? "logSoftmax" : "softmax", [node]));

/** All are false when left out. */
interface ArgMaxSettings {
  readonly keepDims?: boolean;
  readonly last?: boolean;
  readonly least?: boolean;
}
/** Index of the first (or last) largest, or `least`, cell along an axis, as int32. */
export function argMax(
  l: Lowering,
  cells: Value,
  axis: number,
  { keepDims = false, last = false, least = false }: ArgMaxSettings = {},
): Value {
  const x = least ? unary(l, "neg", cells) : cells;
  const at = axisOf(axis, x.shape.length);
  const order = orderOf(x);
  const own = order.indexOf(at);
  const node = l.node(x, order);
  const size = l.nodeShape(node)[own] ?? 1;
  const first = l.op("argMax", [last ? l.op("reverse", [node], { axes: [own] }) : node], {
    axis: own,
  });
  const index = last ? l.op("sub", [wholeNumber(l, size - 1), first]) : first;
  const kept = l.tensor(
    l.reshape(
      index,
      l.nodeShape(node).map((n, i) => (i === own ? 1 : n)),
    ),
    order,
  );
  return keepDims ? kept : squeeze(l, kept, [at]);
}
const wholeNumber = (l: Lowering, value: number): NodeId =>
  l.node({ kind: "numbers", type: "int", shape: [], data: [value] });

/** Running sums along an axis: without the cell itself (`exclusive`), from the end (`reverse`). */
export function cumSum(
  l: Lowering,
  x: Value,
  axis: number,
  how: { readonly exclusive: boolean; readonly reverse: boolean },
): Value {
  const at = axisOf(axis, x.shape.length);
  const order = orderOf(x);
  const attrs = { ...how, axis: order.indexOf(at) };
  return l.tensor(l.op("cumSum", [l.node(x, order)], attrs), order);
}

/** The mean of the squared distances from the mean over `axes`, divided by their number less `correction` (1: the sample's). */
export function variance(
  l: Lowering,
  x: Value,
  axes: readonly number[],
  { keepDims, correction = 0 }: { readonly keepDims: boolean; readonly correction?: number },
): Value {
  const count = axes.reduce((product, axis) => product * known(x.shape, axis), 1);
  if (count <= correction) throw new Unsupported("it takes the variance of one number");
  const centred = binary(l, "sub", x, reduce(l, "mean", x, axes, true));
  const mean = reduce(l, "mean", unary(l, "square", centred), axes, keepDims);
  return correction === 0 ? mean : binary(l, "mul", mean, number(count / (count - correction)));
}
