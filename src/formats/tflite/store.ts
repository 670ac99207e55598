import { inputError } from "../../base/errors.ts";
import type { KernelLayout, WeightStore } from "../../graph/index.ts";
import { sizeOf, type TensorData } from "../../base/tensor.ts";
import { decode, type Stored } from "../bytes/numbers.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";
import { byteLength } from "./parse.ts";
import type { ElementType, Quantization, TfliteTensor } from "./types.ts";

const STORED: Readonly<Record<Exclude<ElementType, "int4" | "bool">, Stored>> = {
  ...({ float16: "f2", float32: "f4", float64: "f8", int8: "i1", int16: "i2" } as const),
  ...({ int32: "i4", int64: "i8", uint8: "u1", uint16: "u2", uint32: "u4", uint64: "u8" } as const),
};

/** A constant tensor, as it is or turned into the layout of the graph's kernels (`multiplier` only for `hwcm`). */
export function refOf(tensor: TfliteTensor, layout?: KernelLayout, multiplier = 1): string {
  if (!layout) return String(tensor.index);
  return layout === "hwcm" ? `${tensor.index}:hwcm:${multiplier}` : `${tensor.index}:${layout}`;
}

/** Constants straight from the file: dequantised, kernels turned from OHWI (1HWC) into the graph's layouts. */
export class TfliteStore implements WeightStore {
  constructor(
    private readonly tensors: readonly TfliteTensor[],
    private readonly source: ByteSource,
  ) {}

  read(ref: string): Promise<TensorData> {
    return Promise.resolve().then(() => {
      this.source.verify();
      const [index, layout, multiplier] = ref.split(":");
      const tensor = this.tensors[Number(index)];
      if (!tensor) throw new RangeError(`no tensor ${ref}`);
      const value = readTensor(tensor, this.source);
      if (layout === undefined) return value;
      const [, h = 1, w = 1, last = 1] = value.shape;
      if (layout === "hwcm") {
        const m = Number(multiplier);
        return { ...value, shape: [h, w, last / m, m] };
      }
      return permute(value, layout === "hwoi" ? [1, 2, 0, 3] : [1, 2, 3, 0]);
    });
  }
  close(): void {
    this.source.close();
  }
}

/** Integers that stand for real numbers arrive as these (float32), other integers as int32. */
export function readTensor(tensor: TfliteTensor, source: ByteSource): TensorData {
  const { data, type, shape, name, quantization } = tensor;
  if (!data || type === null || tensor.sparse)
    throw inputError(
      `'${source.name}' keeps '${name}' ${tensor.sparse ? "as a sparse tensor" : "as something that is not numbers"}, which is not read; convert the model without it.`,
    );
  if (byteLength(type, sizeOf(shape)) !== data.length)
    throw inputError(`'${source.name}' does not tell the shape of its constant '${name}'.`);
  const bytes = readBytes(source, data.start, data.length);
  if (type === "bool") return { dtype: "bool", shape, data: new Uint8Array(bytes) };
  const value =
    type === "int4"
      ? { dtype: "int32" as const, shape, data: nibbles(bytes, sizeOf(shape)) }
      : decode(bytes, STORED[type], shape);
  return quantization && value.dtype === "int32" ? dequantise(value, quantization) : value;
}

/** (q - zero) * scale, with one pair per position along `axis` where there are several. */
function dequantise(
  { data, shape }: TensorData,
  { scales, zeros, axis }: Quantization,
): TensorData {
  const channels = scales.length > 1 ? (shape[axis] ?? 1) : 1;
  const inner = sizeOf(shape.slice(axis + 1));
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const channel = channels === 1 ? 0 : Math.floor(i / inner) % channels;
    out[i] = ((data[i] ?? 0) - (zeros[channel] ?? 0)) * (scales[channel] ?? 0);
  }
  return { dtype: "float32", shape, data: out };
}

/** Two to a byte, the lower half first, in two's complement. */
function nibbles(bytes: Uint8Array, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    const half = ((bytes[i >> 1] ?? 0) >> (i % 2 === 0 ? 0 : 4)) & 15;
    return half > 7 ? half - 16 : half;
  });
}

function permute(value: TensorData, perm: readonly number[]): TensorData {
  const { shape, data } = value;
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const to = perm.map((axis) => shape[axis] ?? 1);
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = perm.map((axis) => strides[axis] ?? 0);
  const [d0 = 1, d1 = 1, d2 = 1, d3 = 1] = to;
  const out = data.slice();
  let at = 0;
  for (let a = 0; a < d0; a++)
    for (let b = 0; b < d1; b++)
      for (let c = 0; c < d2; c++)
        for (let d = 0; d < d3; d++) out[at++] = data[a * s0 + b * s1 + c * s2 + d * s3] ?? 0;
  return { ...value, shape: to, data: out };
}
