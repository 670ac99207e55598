import type { DType, Shape } from "../../base/tensor.ts";
import type { Made, OpAttrs } from "./attributes.ts";

/** Shape and element type of a tensor. */
export interface Typed {
  readonly shape: Shape;
  readonly dtype: DType;
}
/** A tensor without a free axis; its numbers too, row-major, where they are known beforehand. */
export interface Sized {
  readonly shape: readonly number[];
  readonly data?: ArrayLike<number>;
}
/** A tensor whose numbers are known. */
export type Known = Required<Sized>;
/** What numbers are written to: the type of the array rounds them. */
export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

/** An operation on tensors of known sizes: its attributes, its inputs, the shape of its output. */
export interface Call<K extends Made> {
  readonly attrs: OpAttrs[K];
  readonly inputs: readonly Sized[];
  readonly shape: readonly number[];
}

/**
 * What cells there are beyond the ends of an input's axis: ones that count as read although they hold no numbers (`padding`), none
 * (`nothing`), the last one again and again (`edge`), the axis once more (`wrap`), mirrored without its last cell (`reflect`) or
 * with it (`symmetric`).
 */
export type Beyond = "padding" | "nothing" | "edge" | "wrap" | "reflect" | "symmetric";
/** Of one axis of an input, cell i of axis `axis` of the output reads the whole numbers from i * step + low to i * step + high. */
export interface Line {
  readonly axis: number;
  readonly step: number;
  readonly low: number;
  readonly high: number;
  readonly beyond: Beyond;
}
/** Every cell of the axis, or those on a line. */
export type AxisReads = "all" | Line;
/**
 * Which cells of an input a cell of the output reads: the product of what it reads along each axis of the input; the cell at its own
 * place in row-major order (`in order`, a reshape); or no numbers at all (`nothing`, only the shape counts). Where that cannot
 * be told exactly it is more than what is read, never less.
 */
export type Reads = "nothing" | "in order" | readonly AxisReads[];

/** All that an operation means, whatever runs it. */
export interface Definition<K extends Made> {
  /** Shape and type of the output. Throws a RangeError with a plain reason when the inputs do not fit. */
  readonly shape: (inputs: readonly Typed[], attrs: OpAttrs[K]) => Typed;
  /** Which cells of input `index` a cell of the output depends on. */
  readonly reads: (call: Call<K>, index: number) => Reads;
  /** Products that are summed up, zeros of the padding included; 0 for all but convolutions and matrix products. */
  readonly macs: (call: Call<K>) => number;
  /** Fills the output (of the call's shape) from the inputs' numbers; in doubles, rounded by the type of `out`. */
  readonly cells: (out: Numbers, inputs: readonly Known[], call: Call<K>) => void;
}
/** What every operation means: forgetting one is a compile error where the families are put together, and so is a part of its meaning. */
export type Definitions = { readonly [P in Made]: Definition<P> };
/** Some of them that have to do with one another. */
export type Family = Partial<Definitions>;

/** Of operations that are neither convolutions nor matrix products. */
export const noMacs = (): number => 0;
