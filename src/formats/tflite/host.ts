/** Arithmetic on shapes (SHAPE, STRIDED_SLICE, PACK, ...): a few numbers, computed while the file is read. */
import { sizeOf, type TensorData } from "../../base/tensor.ts";

/** Numbers that are known without a picture. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly dtype: TensorData["dtype"];
}

export const MAX_HOST = 4096;

export const hostOf = (
  values: readonly number[],
  shape: readonly number[] = [values.length],
  dtype: TensorData["dtype"] = "int32",
): HostTensor => ({ values, shape, dtype });

export function toData({ shape, values, dtype }: HostTensor): TensorData {
  if (dtype === "float32") return { dtype, shape, data: Float32Array.from(values) };
  if (dtype === "int32") return { dtype, shape, data: Int32Array.from(values) };
  return { dtype, shape, data: Uint8Array.from(values) };
}

/** Element by element with broadcasting of a single number. */
export function elementwise(
  a: HostTensor,
  b: HostTensor,
  combine: (a: number, b: number) => number,
  dtype: HostTensor["dtype"] = a.dtype,
): HostTensor | null {
  const [large, small] = a.values.length >= b.values.length ? [a, b] : [b, a];
  const same = a.shape.length === b.shape.length && a.shape.every((n, i) => n === b.shape[i]);
  if (small.values.length !== 1 && !same) return null;
  const pick = (from: HostTensor, i: number): number =>
    from.values[from.values.length === 1 ? 0 : i] ?? NaN;
  const values = large.values.map((_, i) => combine(pick(a, i), pick(b, i)));
  const lead = Math.max(0, small.shape.length - large.shape.length);
  return { values, dtype, shape: [...Array<number>(lead).fill(1), ...large.shape] };
}

/** Elements of the axis 0 at `indices`. */
export function gather(x: HostTensor, indices: HostTensor): HostTensor | null {
  const inner = x.shape.slice(1);
  const size = sizeOf(inner);
  if (indices.values.length * size > MAX_HOST) return null;
  const values = indices.values.flatMap((index) => {
    const at = index < 0 ? index + (x.shape[0] ?? 0) : index;
    return x.values.slice(at * size, (at + 1) * size);
  });
  return { values, dtype: x.dtype, shape: [...indices.shape, ...inner] };
}

/** Along axis 0, which is where lists of sizes are put together. */
export function concatenate(parts: readonly HostTensor[]): HostTensor | null {
  const [first] = parts;
  if (parts.reduce((sum, { values }) => sum + values.length, 0) > MAX_HOST) return null;
  const rows = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  return {
    values: parts.flatMap(({ values }) => values),
    dtype: first?.dtype ?? "int32",
    shape: [rows, ...(first?.shape.slice(1) ?? [])],
  };
}
