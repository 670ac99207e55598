/** The numbers of a constant, straight from the file: dequantised, and filled up where it is stored without its zeros. */
import { at } from "../../base/at.ts";
import { inputError } from "../../base/errors.ts";
import { sizeOf, type DType, type TensorData } from "../../base/tensor.ts";
import { decode, type Stored } from "../bytes/numbers.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";
import { densified, type Sparsity } from "./sparse.ts";
import type { ElementType, Quantization, TfliteTensor } from "./types.ts";

const BITS: Readonly<Record<ElementType, number>> = {
  ...{ float16: 16, float32: 32, float64: 64, int4: 4, int8: 8, int16: 16, int32: 32, int64: 64 },
  ...{ uint8: 8, uint16: 16, uint32: 32, uint64: 64, bool: 8 },
};
/** Bytes that so many numbers take; halves are rounded up. */
export const byteLength = (type: ElementType, count: number): number =>
  Math.ceil((count * BITS[type]) / 8);

const STORED: Readonly<Record<Exclude<ElementType, "int4" | "bool">, Stored>> = {
  ...({ float16: "f2", float32: "f4", float64: "f8", int8: "i1", int16: "i2" } as const),
  ...({ int32: "i4", int64: "i8", uint8: "u1", uint16: "u2", uint32: "u4", uint64: "u8" } as const),
};

/** As it arrives in the graph: integers that stand for real numbers are these. */
export function dtypeOf({
  type,
  quantization,
}: Pick<TfliteTensor, "type" | "quantization">): DType {
  if (type === "bool") return "bool";
  return quantization !== null || type === null || type.startsWith("float") ? "float32" : "int32";
}

/** Row-major. Throws a ConvLensError of kind `input` for what is no constant of numbers, or not of the size it declares. */
export function readTensor(tensor: TfliteTensor, source: ByteSource): TensorData {
  const { data, type, shape, name, quantization, sparsity } = tensor;
  if (!data || type === null)
    throw inputError(
      `'${source.name}' keeps '${name}' as something that is not numbers, which is not read; convert the model without it.`,
    );
  if (!sparsity && byteLength(type, sizeOf(shape)) !== data.length)
    throw inputError(`'${source.name}' does not tell the shape of its constant '${name}'.`);
  const bytes = readBytes(source, data.start, data.length);
  const count = sparsity ? Math.floor((data.length * 8) / BITS[type]) : sizeOf(shape);
  const stored = elements(bytes, type, sparsity ? [count] : shape);
  const value = sparsity ? whole(stored, tensor, sparsity, source) : stored;
  return quantization && value.dtype === "int32" ? dequantised(value, quantization) : value;
}

function whole(
  stored: TensorData,
  { name, shape }: TfliteTensor,
  sparsity: Sparsity,
  source: ByteSource,
): TensorData {
  try {
    return densified(stored, shape, sparsity);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError(
      `'${source.name}' keeps '${name}' without its zeros, and ${error.message}; convert the model again.`,
      { cause: error },
    );
  }
}

function elements(bytes: Buffer, type: ElementType, shape: readonly number[]): TensorData {
  if (type === "bool") return { dtype: "bool", shape, data: new Uint8Array(bytes) };
  if (type === "int4") return { dtype: "int32", shape, data: nibbles(bytes, sizeOf(shape)) };
  return decode(bytes, STORED[type], shape);
}

/** (q - zero) * scale, with one pair per position along `axis` where there are several. */
function dequantised(
  { data, shape }: TensorData,
  { scales, zeros, axis }: Quantization,
): TensorData {
  const channels = scales.length;
  const inner = sizeOf(shape.slice(axis + 1));
  const scale = Float64Array.from(scales);
  // zeros may be left out
  const zero = scale.map((_, channel) => zeros[channel] ?? 0);
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const channel = channels === 1 ? 0 : Math.floor(i / inner) % channels;
    out[i] = ((data[i] as number) - (zero[channel] as number)) * (scale[channel] as number);
  }
  return { dtype: "float32", shape, data: out };
}

/** Two to a byte, the lower half first, in two's complement. */
function nibbles(bytes: Uint8Array, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    const half = (at(bytes, i >> 1) >> (i % 2 === 0 ? 0 : 4)) & 15;
    return half > 7 ? half - 16 : half;
  });
}
