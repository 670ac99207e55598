import { asFloats, type FloatTensor, type TensorData } from "../shared/tensor.ts";

/** The same picture `times` times along the batch axis. */
export function repeat(value: TensorData, times: number): FloatTensor {
  const { data, shape } = asFloats(value);
  if (times === 1) return { dtype: "float32", shape, data };
  const repeated = new Float32Array(data.length * times);
  for (let i = 0; i < times; i++) repeated.set(data, i * data.length);
  return { dtype: "float32", shape: [times, ...shape.slice(1)], data: repeated };
}
