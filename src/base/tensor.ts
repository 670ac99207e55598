/** Element types of the graph. Half floats are widened to float32 when they are read from a file. */
export type DType = "float32" | "int32" | "bool";

/** A shape; `null` is the free batch axis, which only axis 0 may be. Image tensors are NHWC. */
export type Shape = readonly (number | null)[];

/** A dense tensor outside any engine: row-major, exactly `product(shape)` elements. */
export interface TensorData {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** A tensor of float32. */
export interface FloatTensor extends TensorData {
  readonly dtype: "float32";
  readonly data: Float32Array;
}

/** How many elements a shape has; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

/** Fills `out` with values by their index, many times as fast as `from` of its constructor does. */
export function filled<T extends Float32Array | Float64Array | Uint8Array>(
  out: T,
  value: (index: number) => number,
): T {
  for (let i = 0; i < out.length; i++) out[i] = value(i);
  return out;
}

/** A float32 tensor over `data`; throws a RangeError when the sizes disagree. */
export function floats(shape: readonly number[], data: Float32Array): FloatTensor {
  if (sizeOf(shape) !== data.length)
    throw new RangeError(`shape [${shape.join(", ")}] does not hold ${data.length} numbers`);
  return { dtype: "float32", shape, data };
}

/** `tensor` as float32; an engine's float result is taken as it is. */
export function asFloats(tensor: TensorData): FloatTensor {
  return tensor.data instanceof Float32Array
    ? { dtype: "float32", shape: tensor.shape, data: tensor.data }
    : { dtype: "float32", shape: tensor.shape, data: Float32Array.from(tensor.data) };
}
