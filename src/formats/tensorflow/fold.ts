/** Arithmetic on what is known when the file is read: how shapes are worked out inside a graph. */
import { broadcast } from "../../graph/index.ts";
import { sizeOf, type DType } from "../../base/tensor.ts";
import { Batches, host, Unsupported, type Host, type Known } from "./values.ts";

/** A plain number; throws where it depends on how many pictures are fed. */
export function plain(value: Known): number {
  if (value instanceof Batches) throw new Unsupported("it depends on the number of pictures");
  return value;
}

/** Larger results are left to the engine. */
const MOST_FOLDED = 65_536;

type Binary = (a: Known, b: Known) => Known;
const numeric =
  (f: (a: number, b: number) => number): Binary =>
  (a, b) =>
    f(plain(a), plain(b));

const add: Binary = (a, b) => {
  if (a === 0) return b;
  return b === 0 ? a : plain(a) + plain(b);
};
const multiply: Binary = (a, b) => {
  if (a instanceof Batches) return b === 0 ? 0 : new Batches(a.factor * plain(b));
  return b instanceof Batches ? multiply(b, a) : a * b;
};
const divide =
  (whole: boolean): Binary =>
  (a, b) => {
    if (a instanceof Batches && b instanceof Batches) return a.factor / b.factor;
    const quotient = (x: number): number => (whole ? Math.floor(x / plain(b)) : x / plain(b));
    return a instanceof Batches ? new Batches(quotient(a.factor)) : quotient(a);
  };
/** The free batch is at least one picture. */
const larger: Binary = (a, b) => {
  if (a instanceof Batches) return b instanceof Batches || b > 1 ? numeric(Math.max)(a, b) : a;
  return b instanceof Batches ? larger(b, a) : Math.max(a, b);
};
const same = (a: Known, b: Known): boolean =>
  a instanceof Batches && b instanceof Batches ? a.factor === b.factor : plain(a) === plain(b);
const flag =
  (f: (a: number, b: number) => boolean): Binary =>
  (a, b) =>
    Number(f(plain(a), plain(b)));

const BINARY: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ["Add", add],
  ["AddV2", add],
  ["Sub", (a, b) => (b === 0 ? a : plain(a) - plain(b))],
  ["Mul", multiply],
  ["Div", divide(false)],
  ["RealDiv", divide(false)],
  ["FloorDiv", divide(true)],
  ["TruncateDiv", numeric((a, b) => Math.trunc(a / b))],
  ["FloorMod", numeric((a, b) => a - b * Math.floor(a / b))],
  ["Mod", numeric((a, b) => a % b)],
  ["Maximum", larger],
  ["Minimum", numeric(Math.min)],
  ["Pow", numeric(Math.pow)],
  ["SquaredDifference", numeric((a, b) => (a - b) ** 2)],
]);
const COMPARISONS: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ["Equal", (a, b) => Number(same(a, b))],
  ["NotEqual", (a, b) => Number(!same(a, b))],
  ["Greater", flag((a, b) => a > b)],
  ["GreaterEqual", flag((a, b) => a >= b)],
  ["Less", flag((a, b) => a < b)],
  ["LessEqual", flag((a, b) => a <= b)],
  ["LogicalAnd", flag((a, b) => a !== 0 && b !== 0)],
  ["LogicalOr", flag((a, b) => a !== 0 || b !== 0)],
]);
const UNARY: ReadonlyMap<string, (a: number) => number> = new Map<string, (a: number) => number>([
  ["Neg", (a) => -a],
  ["Abs", Math.abs],
  ["Sqrt", Math.sqrt],
  ["Rsqrt", (a) => 1 / Math.sqrt(a)],
  ["Square", (a) => a * a],
  ["Exp", Math.exp],
  ["Log", Math.log],
  ["Floor", Math.floor],
  ["Ceil", Math.ceil],
  ["Reciprocal", (a) => 1 / a],
  ["Inv", (a) => 1 / a],
  ["LogicalNot", (a) => Number(a === 0)],
]);
const REDUCTIONS: ReadonlyMap<string, (values: readonly Known[]) => Known> = new Map([
  ["Prod", (values: readonly Known[]) => values.reduce(multiply, 1)],
  ["Sum", (values: readonly Known[]) => values.reduce(add, 0)],
  ["Max", (values: readonly Known[]) => values.reduce(larger, -Infinity)],
  ["Min", (values: readonly Known[]) => Math.min(...values.map(plain))],
  ["Mean", (values: readonly Known[]) => plain(values.reduce(add, 0)) / values.length],
  ["All", (values: readonly Known[]) => Number(values.map(plain).every((v) => v !== 0))],
  ["Any", (values: readonly Known[]) => Number(values.map(plain).some((v) => v !== 0))],
]);

const rounded = (value: Known, dtype: DType): Known =>
  value instanceof Batches ? value : dtype === "float32" ? Math.fround(value) : Math.trunc(value);

/** An elementwise operation of one or two known tensors; null for another operation. */
export function foldElementwise(op: string, [a, b]: readonly Host[]): Host | null {
  const unary = UNARY.get(op);
  if (a && !b && unary)
    return host(
      a.dtype,
      a.shape,
      a.data.map((value) => rounded(unary(plain(value)), a.dtype)),
    );
  const compares = COMPARISONS.get(op);
  const binary = BINARY.get(op) ?? compares;
  if (!a || !b || !binary) return null;
  const dtype: DType = compares ? "bool" : a.dtype;
  const shape = broadcast(a.shape, b.shape).map((axis) => axis ?? 1);
  if (sizeOf(shape) > MOST_FOLDED) return null;
  const [left, right] = [expand(a, shape), expand(b, shape)];
  return host(
    dtype,
    shape,
    left.map((value, i) => rounded(binary(value, right[i] ?? 0), dtype)),
  );
}

/** A reduction of a known tensor; null for another operation. */
export function foldReduction(
  op: string,
  x: Host,
  axes: readonly number[],
  keepDims: boolean,
): Host | null {
  const reduce = REDUCTIONS.get(op);
  if (!reduce) return null;
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const groups = Array.from({ length: sizeOf(kept) }, (): Known[] => []);
  x.data.forEach((value, i) => groups[offset(indexOf(i, x.shape), kept)]?.push(value));
  const shape = keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
  return host(x.dtype, shape, groups.map(reduce));
}

/** Row-major coordinates of element `i`. */
export function indexOf(i: number, shape: readonly number[]): number[] {
  const at: number[] = [];
  let rest = i;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    at.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return at;
}
/** Where coordinates lie in a tensor of `shape`; an axis of length 1 is broadcast, leading axes may be left out. */
export function offset(at: readonly number[], shape: readonly number[]): number {
  const lead = at.length - shape.length;
  return shape.reduce(
    (sum, size, axis) => sum * size + (size === 1 ? 0 : (at[axis + lead] ?? 0)),
    0,
  );
}
/** `x` broadcast to `shape`. */
export function expand(x: Host, shape: readonly number[]): Known[] {
  return Array.from(
    { length: sizeOf(shape) },
    (_, i) => x.data[offset(indexOf(i, shape), x.shape)] ?? 0,
  );
}
