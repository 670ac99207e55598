/** Operations on numbers that are known while the file is read, by what they mean (`graph/fold.ts`). */
import { evaluateInDoubles, MOST_FOLDED, type Made, type OpAttrs } from "../../graph/index.ts";
import { at } from "../../base/at.ts";
import { sizeOf, type DType } from "../../base/tensor.ts";
import { isFree } from "./batch.ts";
import { Unsupported } from "./unsupported.ts";
import { broadcastShape, ints, range, type Numbers } from "./value.ts";

/** How numbers arrive in the graph. */
export const NUMBERS_AS = { float: "float32", int: "int32", bool: "bool" } as const;
const TYPES: Readonly<Record<DType, Numbers["type"]>> = {
  float32: "float",
  int32: "int",
  bool: "bool",
};

/** More numbers than this are no arithmetic of shapes. */
export const MAX_NUMBERS = MOST_FOLDED;

/** Throws `Unsupported` before numbers are made that nobody counted on. */
export function roomFor(shape: readonly number[]): readonly number[] {
  const cells = sizeOf(shape);
  if (!(cells <= MAX_NUMBERS)) throw new Unsupported(`it makes a constant of ${cells} numbers`);
  return shape;
}

/** From `start` up to `limit`, which is left out, by `step`; as real numbers or whole ones. */
export function counted(
  start: number,
  limit: number,
  step: number,
  type: Numbers["type"],
): Numbers {
  const length = Math.max(0, Math.ceil((limit - start) / step));
  roomFor([length]);
  return {
    kind: "numbers",
    type,
    shape: [length],
    data: range(length).map((i) => start + i * step),
  };
}
/** The first of the numbers, all over a shape. */
export function filled(value: Numbers, shape: readonly number[]): Numbers {
  if (shape.some(isFree)) throw new Unsupported("it makes a constant for each picture");
  roomFor(shape);
  return { ...value, shape, data: range(sizeOf(shape)).map(() => at(value.data, 0)) };
}

/** `op` on known numbers. Those that hold the batch may only be moved: what is computed with them goes through `exact`. */
export function fold<K extends Made>(
  op: K,
  attrs: OpAttrs[K],
  inputs: readonly Numbers[],
): Numbers {
  const known = inputs.map(({ shape, data, type }) => ({ shape, data, dtype: NUMBERS_AS[type] }));
  const made = evaluateInDoubles(op, attrs, known);
  if (!made) throw new Unsupported(`it makes a constant of more than ${MAX_NUMBERS} numbers`);
  return { kind: "numbers", shape: made.shape, data: Array.from(made.data), type: TYPES[made.dtype] };
} // prettier-ignore

/** `x` broadcast to `shape`. */
function stretched(x: Numbers, shape: readonly number[]): readonly number[] {
  if (x.data.length === sizeOf(shape)) return x.data;
  return fold("broadcastLike", {}, [x, { ...x, shape: roomFor(shape) }]).data;
}

/** `f` on each cell of what the inputs broadcast to. */
export function mapNumbers(
  inputs: readonly Numbers[],
  type: Numbers["type"],
  f: (...values: number[]) => number,
): Numbers {
  const shape = broadcastShape(inputs.map((input) => input.shape));
  const columns = inputs.map((input) => stretched(input, shape));
  const data = range(sizeOf(shape)).map((i) => f(...columns.map((column) => at(column, i))));
  return { kind: "numbers", shape, data, type };
}

/** The axes in another order: axis i of the result is axis `perm[i]` of `x`. */
export const transposeNumbers = (x: Numbers, perm: readonly number[]): Numbers =>
  fold("transpose", { perm }, [x]);

/** Cells `indices` along `axis`. */
export function pickNumbers(x: Numbers, axis: number, indices: readonly number[]): Numbers {
  const size = at(x.shape, axis);
  const missing = indices.find((i) => i < 0 || i >= size);
  if (missing !== undefined) throw new Unsupported(`it picks cell ${missing} of ${size}`);
  return fold("gather", { axis }, [x, ints(indices)]);
}

/**
 * Joined along an axis, counted from the front. Throws `Unsupported` for no inputs and for more
 * than `MAX_NUMBERS`.
 */
export function concatNumbers(inputs: readonly Numbers[], axis: number): Numbers {
  const [first] = inputs;
  if (!first) throw new Unsupported("it joins nothing");
  roomFor(first.shape.slice(0, axis)); // where an axis is empty, the others can be of any size
  return fold("concat", { axis }, inputs);
}

/** `f` on the cells along `axes`. */
export function reduceNumbers(
  x: Numbers,
  axes: readonly number[],
  keepDims: boolean,
  f: (values: readonly number[]) => number,
): Numbers {
  const kept = range(x.shape.length).filter((axis) => !axes.includes(axis));
  const moved = transposeNumbers(x, [...kept, ...axes]);
  const width = sizeOf(axes.map((axis) => at(x.shape, axis)));
  const rows = sizeOf(roomFor(kept.map((axis) => at(x.shape, axis))));
  const data = range(rows).map((i) => f(moved.data.slice(i * width, (i + 1) * width)));
  const shape = keepDims
    ? x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n))
    : kept.map((axis) => at(x.shape, axis));
  return { ...x, shape, data };
}
