import type { NodeId, Unary } from "../../graph/index.ts";
import { at } from "../../base/at.ts";
import { sizeOf, type DType } from "../../base/tensor.ts";
import { exact, exactly, freed, isTest, type Exact } from "./batch.ts";
import { fold, mapNumbers } from "./host.ts";
import type { Lowering } from "./lowering.ts";
import {
  broadcastShape,
  floats,
  hasBatch,
  orderOf,
  range,
  type Numbers,
  type Value,
} from "./value.ts";

/** Operations of two operands; the graph has them under the same names. */
export type Binary = Exact;

/** Of whole numbers they give whole ones; the others give real ones. */
const WHOLE: readonly Unary[] = [
  ...(["relu", "relu6", "square", "abs", "neg", "sign", "floor", "round", "logicalNot"] as const),
];
/** Nodes of `values` with their axes in one order, ready to broadcast, and what they broadcast to. */
interface Aligned {
  readonly nodes: readonly NodeId[];
  readonly order: readonly number[];
}

/** The largest tensor keeps its order; the others follow. */
export function aligned(l: Lowering, values: readonly Value[]): Aligned {
  const rank = broadcastShape(values.map(({ shape }) => shape)).length;
  const leads = values.flatMap((v) => (v.kind === "tensor" && v.shape.length === rank ? [v] : []));
  const [lead] = leads.sort((a, b) => sizeOf(b.shape) - sizeOf(a.shape));
  const order = lead?.order ?? range(rank);
  return { nodes: values.map((value) => stretchable(l, value, order)), order };
}

/** Missing axes in front are ones; those that the node then has in front are left out again. */
function stretchable(l: Lowering, value: Value, order: readonly number[]): NodeId {
  const missing = order.length - value.shape.length;
  if (missing === 0) return l.node(value, order);
  const shape = [...range(missing).map(() => 1), ...value.shape];
  const inFront = order.slice(0, missing).every((axis) => axis < missing);
  if (inFront && value.kind === "tensor")
    return l.node(value, order.slice(missing).map((axis) => axis - missing)); // prettier-ignore
  if (value.kind === "tensor") {
    const own = [...range(missing), ...value.order.map((axis) => axis + missing)];
    const node = l.reshape(
      value.node,
      own.map((axis) => freed(at(shape, axis))),
    );
    return l.node({ kind: "tensor", node, shape, order: own }, order);
  }
  const lengths = order.map((axis) => at(shape, axis));
  const ones = lengths.findIndex((size) => size !== 1);
  const skipped = ones < 0 ? order.length : Math.min(ones, missing);
  // axes of length 1 are taken out before the others are moved
  const kept = order.slice(skipped);
  const sorted = [...kept].sort((a, b) => a - b);
  return l.arranged(value, {
    shape: sorted.map((axis) => at(shape, axis)),
    perm: kept.map((axis) => sorted.indexOf(axis)),
  });
}

/** Elementwise with NumPy's broadcasting; numbers stay numbers. Whole numbers divide towards zero. */
export function binary(l: Lowering, op: Binary, first: Value, second: Value): Value {
  const [a, b] = alike(l, first, second);
  const [left, right] = [l.known(a), l.known(b)];
  if (left && right) {
    const whole = left.type === "int" ? Math.trunc : Number;
    return hasBatch(left) || hasBatch(right)
      ? mapNumbers([left, right], isTest(op) ? "bool" : left.type, (x, y) => whole(exact(op, x, y)))
      : fold(op, {}, [left, right]);
  }
  const { nodes, order } = aligned(l, [a, b]);
  if (op !== "div" || l.dtype(a) === "float32") return l.tensor(l.op(op, nodes), order);
  return l.tensor(l.op("cast", [wholeQuotient(l, nodes)], { dtype: l.dtype(a) }), order);
}

/**
 * Whole numbers divided towards zero, as floats. An engine may multiply by a reciprocal, and 5 / 5 be less than 1: half a unit more
 * changes no quotient otherwise.
 */
function wholeQuotient(l: Lowering, operands: readonly NodeId[]): NodeId {
  const [x = "", y = ""] = operands.map((id) => l.op("cast", [id], { dtype: "float32" }));
  const more = l.op("add", [l.op("abs", [x]), l.scalar(0.5)]);
  const size = l.op("floor", [l.op("div", [more, l.op("abs", [y])])]);
  return l.op("mul", [l.op("mul", [l.op("sign", [x]), l.op("sign", [y])]), size]);
}

/** Where one operand is float and the other is not, both become float. */
function alike(l: Lowering, a: Value, b: Value): [Value, Value] {
  const types = [l.dtype(a), l.dtype(b)];
  if (types[0] === types[1] || !types.includes("float32")) return [a, b];
  return [cast(l, a, "float32"), cast(l, b, "float32")];
}

/**
 * Elementwise; numbers stay numbers. Throws `Unsupported` where a size that counts the batch would
 * become anything but so many times the batch.
 */
export function unary(l: Lowering, op: Unary, x: Value): Value {
  const numbers = l.known(x);
  if (numbers) {
    const real = WHOLE.includes(op) ? numbers : castNumbers(numbers, "float32");
    if (!hasBatch(real) || op === "sign" || op === "logicalNot") return fold(op, {}, [real]);
    const f = (n: number): number => at(fold(op, {}, [number(n)]).data, 0);
    return mapNumbers([real], real.type, (n) => exactly(f, n));
  }
  const order = orderOf(x);
  return l.tensor(l.op(op, [l.node(x, order)]), order);
}

/** Applies `body` to the node of `x`; its cells keep their places. */
export function mapped(l: Lowering, x: Value, body: (node: NodeId) => NodeId): Value {
  const order = orderOf(x);
  return l.tensor(body(l.node(x, order)), order);
}

/**
 * `x` as another type: floats to whole numbers towards zero, to bool by whether they are not 0.
 * Numbers stay numbers.
 */
export function cast(l: Lowering, x: Value, dtype: DType): Value {
  if (l.dtype(x) === dtype) return x;
  const numbers = l.known(x);
  if (numbers) return castNumbers(numbers, dtype);
  return mapped(l, x, (node) => {
    const fed = dtype === "float32" ? l.network.floatOf(node) : null;
    return fed ?? l.op("cast", [node], { dtype });
  });
}
function castNumbers(x: Numbers, dtype: DType): Numbers {
  if (dtype === "float32") return { ...x, type: "float" };
  if (dtype === "bool") return { ...x, type: "bool", data: x.data.map((n) => +(n !== 0)) };
  return { ...x, type: "int", data: x.data.map(Math.trunc) };
}

/** `whenTrue` where `condition`, else `whenFalse`; broadcast. */
export function select(l: Lowering, condition: Value, whenTrue: Value, whenFalse: Value): Value {
  const [yes, no] = alike(l, whenTrue, whenFalse);
  const test = cast(l, condition, "bool");
  const all = [test, yes, no].map((value) => l.known(value));
  const [c, a, b] = all;
  if (c && a && b) return fold("select", {}, [c, a, b]);
  const { nodes, order } = aligned(l, [test, yes, no]);
  return l.tensor(l.op("select", nodes), order);
}

/** Null: no limit on that side. */
export function clip(l: Lowering, x: Value, min: Value | null, max: Value | null): Value {
  const limits = [min, max].map((limit) => (limit === null ? null : limitOf(l, limit)));
  const [low, high] = [limits[0] ?? -Infinity, limits[1] ?? Infinity];
  const folded = l.dtype(x) !== "float32" || l.known(x);
  // engines have no word for limits that leave nothing: the upper one counts
  if (limits.includes(undefined) || folded || low >= high) {
    const raised = min === null ? x : binary(l, "maximum", x, min);
    return max === null ? raised : binary(l, "minimum", raised, max);
  }
  return mapped(l, x, (node) => {
    if (low === 0 && high === Infinity) return l.op("relu", [node]);
    if (low === 0 && high === 6) return l.op("relu6", [node]);
    return l.op("clip", [node], { min: low, max: high });
  });
}
/** A single number; undefined when the network computes it. */
function limitOf(l: Lowering, limit: Value): number | undefined {
  if (limit.kind === "tensor" || sizeOf(limit.shape) !== 1) return undefined;
  return l.numbers(limit, "limit").data[0];
}

/** A float scalar. */
export const number = (value: number): Numbers => floats([value], []);
