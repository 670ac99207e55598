/** What flows along the edges of a TensorFlow graph while it is read. */
import type { NodeId } from "../../graph/index.ts";
import { sizeOf, type DType, type Shape } from "../../base/tensor.ts";
import type { Parameter } from "./types.ts";

/** So many times the free batch: what a shape says of an axis that is known only when a picture is fed. */
export class Batches {
  constructor(readonly factor: number) {}
}
/** A number that is known when the file is read. */
export type Known = number | Batches;

/** A small tensor that is known when the file is read: shapes, axes, constants. */
export interface Host {
  readonly kind: "host";
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly Known[];
}
/** A parameter, seen as a tensor of `shape`. */
export interface ParameterValue {
  readonly kind: "parameter";
  readonly parameter: Parameter;
  readonly shape: readonly number[];
}
export type Value =
  | Host
  | ParameterValue
  | { readonly kind: "node"; readonly id: NodeId }
  /** A variable itself, not its value. */
  | { readonly kind: "variable"; readonly parameter: Parameter }
  /** The side of a branch that is never taken. */
  | { readonly kind: "dead" };

/** Why an operation is shown but not executed. */
export class Unsupported extends Error {}

export const host = (dtype: DType, shape: readonly number[], data: readonly Known[]): Host => ({
  kind: "host",
  dtype,
  shape,
  data,
});
export const node = (id: NodeId): Value => ({ kind: "node", id });

/** Numbers of an int32 vector, or a scalar. */
export const integers = (data: readonly Known[], shape: readonly number[] = [data.length]): Host =>
  host("int32", shape, data);

/** The shape of a tensor as a vector; the free batch is `factor` pictures. */
export const shapeVector = (shape: Shape, factor = 1): Host =>
  integers(shape.map((axis) => axis ?? new Batches(factor)));

/** Larger constants stay in the file. */
const MOST_KNOWN = 4096;

/** A parameter's numbers, where they are few; null else. */
export function known(value: Value): Host | null {
  if (value.kind === "host") return value;
  if (value.kind !== "parameter" || sizeOf(value.shape) > MOST_KNOWN) return null;
  const { dtype, data } = value.parameter.read();
  return host(dtype, value.shape, Array.from(data));
}
