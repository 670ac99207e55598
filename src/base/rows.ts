/** Tensors as rows along axis 0. */
import { at } from "./at.ts";
import { sizeOf, type TensorData } from "./tensor.ts";

/** Rows `first` to `last` (without it) of `tensor`, on the same memory. */
export function takeRows(
  { dtype, shape, data }: TensorData,
  first: number,
  last: number,
): TensorData {
  const size = sizeOf(shape.slice(1));
  const part = data.subarray(first * size, last * size);
  return { dtype, shape: [last - first, ...shape.slice(1)], data: part };
}

/** Tensors that differ in their number of rows only, one below the other. Throws a RangeError where there is none. */
export function joinRows(parts: readonly TensorData[]): TensorData {
  const { dtype, shape, data } = at(parts, 0);
  const Kind = data.constructor as new (length: number) => typeof data;
  const all = new Kind(parts.reduce((sum, part) => sum + part.data.length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part.data, from);
    from += part.data.length;
  }
  const rows = parts.reduce((sum, part) => sum + at(part.shape, 0), 0);
  return { dtype, shape: [rows, ...shape.slice(1)], data: all };
}
