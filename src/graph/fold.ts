/** The one place where operations are computed without an engine: on a few numbers that are known beforehand. */
import { at } from "../base/at.ts";
import { type DType, sizeOf, type TensorData } from "../base/tensor.ts";
import type { Made, OpAttrs } from "./ops/attributes.ts";
import type { Call, Known, Numbers } from "./ops/definition.ts";
import { definitions } from "./ops/index.ts";
import { count } from "./ops/shaping.ts";
import type { NodeOf } from "./types.ts";

/** Numbers that are known while a file is read, in doubles: sizes larger than 2^31 are kept. Booleans are 0 and 1. */
export interface KnownNumbers extends Known {
  readonly dtype: DType;
}
/** More numbers, or products of two, are left to an engine. */
export const MOST_FOLDED = 1 << 20;

/** The call of an operation on tensors without a free axis, and the type of what it gives. Throws a RangeError as `Definition.shape`. */
export function callOf<K extends Made>(
  op: K,
  attrs: OpAttrs[K],
  inputs: readonly (Known & { readonly dtype: DType })[],
): Call<K> & { readonly dtype: DType } {
  const { shape, dtype } = definitions[op].shape(inputs, attrs);
  return { attrs, inputs, dtype, shape: withoutFree(shape, at(inputs, 0).data.length) };
}
/** A reshape leaves one axis free: it takes the rest of `cells`. */
const withoutFree = (shape: readonly (number | null)[], cells: number): number[] =>
  shape.map((size) => size ?? cells / count(shape));

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/**
 * `op` on tensors as an engine would compute it: float32, int32 or bool. Null where it would make more than `most` numbers, or take
 * more than `most` multiply-adds. Throws a RangeError with a plain reason when the inputs do not fit.
 */
export function evaluate<K extends Made>(
  op: K,
  attrs: OpAttrs[K],
  inputs: readonly TensorData[],
  most = MOST_FOLDED,
): TensorData | null {
  const call = callOf(op, attrs, inputs);
  return tooLarge(op, call, most)
    ? null
    : {
        dtype: call.dtype,
        shape: call.shape,
        data: filled(op, call, inputs, new ARRAYS[call.dtype](sizeOf(call.shape))),
      };
}
/** The same in doubles, whole numbers where the type is int32. */
export function evaluateInDoubles<K extends Made>(
  op: K,
  attrs: OpAttrs[K],
  inputs: readonly KnownNumbers[],
  most = MOST_FOLDED,
): (KnownNumbers & { readonly data: Float64Array }) | null {
  const call = callOf(op, attrs, inputs);
  if (tooLarge(op, call, most)) return null;
  const data = filled(op, call, inputs, new Float64Array(sizeOf(call.shape)));
  return {
    dtype: call.dtype,
    shape: call.shape,
    data: call.dtype === "int32" ? data.map(Math.trunc) : data,
  };
}

/** As `evaluate`, of a node. */
export const evaluateNode = <K extends Made>(
  { op, attrs }: NodeOf<K>,
  inputs: readonly TensorData[],
  most?: number,
): TensorData | null => evaluate(op, attrs, inputs, most);

function filled<K extends Made, T extends Numbers>(
  op: K,
  call: Call<K>,
  inputs: readonly Known[],
  out: T,
): T {
  definitions[op].cells(out, inputs, call);
  return out;
}
const tooLarge = <K extends Made>(op: K, call: Call<K>, most: number): boolean =>
  !(sizeOf(call.shape) <= most && definitions[op].macs(call) <= most);
