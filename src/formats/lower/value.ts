/** What flows between the layers of a file while it is lowered onto the graph: shapes in the file's order of axes (NCHW), nodes in the graph's (NHWC). */
import type { NodeId } from "../../graph/index.ts";
import type { DType, TensorData } from "../../base/tensor.ts";
import { freed, isFree } from "./batch.ts";
import { Impossible, Unsupported } from "./unsupported.ts";

/** Something that the network computes. */
export interface Tensor {
  readonly kind: "tensor";
  readonly node: NodeId;
  /** In the file's order of axes; multiples of BATCH are free. */
  readonly shape: readonly number[];
  /** Axis i of the node is axis `order[i]` of the file: [0, 2, 3, 1] for pictures that are kept channels-last. */
  readonly order: readonly number[];
}

/** What is done to a parameter when it is read: seen in another shape, then its axes put in another order. */
export interface Arrangement {
  readonly shape: readonly number[];
  readonly perm: readonly number[];
}

/** A parameter of the file, read when it is needed. */
export interface Parameter {
  readonly kind: "parameter";
  /** The file's own name for it. */
  readonly name: string;
  readonly fileShape: readonly number[];
  /** Its address: the name, or more where the parameter is seen in another shape or order. */
  readonly ref: string;
  readonly shape: readonly number[];
  /** As it arrives in the graph. */
  readonly dtype: DType;
  /** Row-major, of `shape`; half floats widened, 64-bit integers narrowed. */
  read(): TensorData;
  /** Where it is seen in another shape or order: as the file has it, and what is done to it then. */
  readonly arranged?: { readonly stored: Parameter; readonly steps: readonly Arrangement[] };
}

/** Numbers that are known while the file is read: sizes, axes, small constants. They stay out of the graph. */
export interface Numbers {
  readonly kind: "numbers";
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly type: "float" | "int" | "bool";
}

/** An operand: computed by the network, stored in the file, or known while it is read. */
export type Value = Tensor | Parameter | Numbers;

/** Whether any of the numbers counts pictures, as the first size of a shape does. */
export const hasBatch = ({ data }: Numbers): boolean => data.some(isFree);

/** How its node has its axes; those that have no node yet keep the file's order. */
export const orderOf = (x: Value): readonly number[] =>
  x.kind === "tensor" ? x.order : range(x.shape.length);

/** `length` whole numbers from `from` on. */
export const range = (length: number, from = 0): number[] =>
  Array.from({ length }, (_, i) => from + i);
/** Whether an order of axes moves none: [0, 1, 2, ...]. */
export const isPlain = (order: readonly number[]): boolean => order.every((axis, i) => axis === i);

/** The order of axes in which the graph keeps pictures and sequences: channels last. */
export const channelsLast = (rank: number): number[] =>
  rank < 3 ? range(rank) : [0, ...range(rank - 2, 2), 1];

/** Whole numbers that are known; a vector where no shape is given. */
export const ints = (
  data: readonly number[],
  shape: readonly number[] = [data.length],
): Numbers => ({
  kind: "numbers",
  shape,
  data,
  type: "int",
});
/** Real numbers that are known; a vector where no shape is given. */
export const floats = (
  data: readonly number[],
  shape: readonly number[] = [data.length],
): Numbers => ({ kind: "numbers", shape, data, type: "float" });

/** An axis counted from the front; negative ones count from the end. */
export function axisOf(axis: number, rank: number): number {
  const found = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(found) || found < 0 || found >= Math.max(rank, 1))
    throw new Unsupported(`it refers to axis ${axis} of a tensor of rank ${rank}`);
  return found;
}
/** Axes counted from the front, in the order given. Throws `Unsupported` for one out of range. */
export const axesInOrder = (axes: readonly number[], rank: number): number[] =>
  axes.map((axis) => axisOf(axis, rank));
/** The same of the layer `name`; throws `Impossible` for an axis that is named twice. */
export function onceEach(name: string, axes: readonly number[], rank: number): number[] {
  const found = axesInOrder(axes, rank);
  if (new Set(found).size < found.length)
    throw new Impossible(`'${name}' names an axis twice: [${axes.join(", ")}]`);
  return found;
}
/** Axes counted from the front, sorted and each once. Throws `Unsupported` for one out of range. */
export const axesOf = (axes: readonly number[], rank: number): number[] =>
  [...new Set(axes.map((axis) => axisOf(axis, rank)))].sort((a, b) => a - b);

/** A size that must be known. */
export function known(shape: readonly number[], axis: number): number {
  const size = shape.at(axis);
  if (size === undefined || isFree(size))
    throw new Unsupported(`axis ${axis} of ${show(shape)} must be known`);
  return size;
}

/** The shape that shapes broadcast to, by NumPy's rules. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map(({ length }) => length));
  return range(rank).map((axis) => {
    const all = shapes.map((shape) => {
      const at = axis - rank + shape.length;
      return at < 0 ? 1 : (shape[at] ?? 1);
    });
    const stretched = all.filter((size) => size !== 1);
    if (new Set(stretched).size > 1)
      throw new Unsupported(`shapes ${shapes.map(show).join(" and ")} do not broadcast`);
    return stretched[0] ?? 1;
  });
}
/** A shape for messages: `[N, 3, 224, 224]`, N for every size that counts the batch. */
export const show = (shape: readonly number[]): string =>
  `[${shape.map((n) => freed(n) ?? "N").join(", ")}]`;
