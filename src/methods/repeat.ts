import { asFloats, type FloatTensor, type TensorData } from "../base/tensor.ts";
import type { Inputs } from "./types.ts";

/** The same picture `times` times along the batch axis. */
export function repeat(value: TensorData, times: number): FloatTensor {
  const { data, shape } = asFloats(value);
  if (times === 1) return { dtype: "float32", shape, data };
  const repeated = new Float32Array(data.length * times);
  for (let i = 0; i < times; i++) repeated.set(data, i * data.length);
  return { dtype: "float32", shape: [times, ...shape.slice(1)], data: repeated };
}

/** A model seen as a function of one of its inputs: the picture; the others stay as they are given, one row each. */
export interface PictureOf {
  readonly inputs: Inputs;
  /** Which of them is the picture. */
  readonly at: number;
}

/** What is fed when the picture becomes `rows` [N, H, W, C]: every other input N times. */
export function fedWith({ inputs, at }: PictureOf, rows: FloatTensor): Inputs {
  const count = rows.shape[0] ?? 1;
  return inputs.map((value, i) => {
    if (i === at) return rows;
    return value.dtype === "float32" ? repeat(value, count) : repeatWhole(value, count);
  });
}

/** Whole numbers stay whole. */
function repeatWhole(value: TensorData, times: number): TensorData {
  const data = value.data.slice(0, 0);
  const Kind = data.constructor as new (length: number) => typeof data;
  const repeated = new Kind(value.data.length * times);
  for (let i = 0; i < times; i++) repeated.set(value.data, i * value.data.length);
  return { ...value, shape: [times, ...value.shape.slice(1)], data: repeated };
}
