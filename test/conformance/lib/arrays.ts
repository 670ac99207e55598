/** NumPy arrays of any number type, and the way from a file's order of axes to the graph's. */
import { readFileSync } from "node:fs";
import { sizeOf, type DType, type TensorData } from "../../../src/base/tensor.ts";

export interface NumPyArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

type Reader = (view: DataView, at: number) => number;
const TYPES: Readonly<Record<string, readonly [bytes: number, read: Reader]>> = {
  f2: [2, (view, at) => half(view.getUint16(at, true))],
  f4: [4, (view, at) => view.getFloat32(at, true)],
  f8: [8, (view, at) => view.getFloat64(at, true)],
  i1: [1, (view, at) => view.getInt8(at)],
  i2: [2, (view, at) => view.getInt16(at, true)],
  i4: [4, (view, at) => view.getInt32(at, true)],
  i8: [8, (view, at) => Number(view.getBigInt64(at, true))],
  u1: [1, (view, at) => view.getUint8(at)],
  u2: [2, (view, at) => view.getUint16(at, true)],
  u4: [4, (view, at) => view.getUint32(at, true)],
  u8: [8, (view, at) => Number(view.getBigUint64(at, true))],
  b1: [1, (view, at) => view.getUint8(at)],
};

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
}

/** Reads a `.npy` file of numbers or booleans. */
export function readArray(file: string): NumPyArray {
  const bytes = readFileSync(file);
  const wide = (bytes[6] ?? 1) > 1;
  const start = wide ? 12 + bytes.readUInt32LE(8) : 10 + bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, start);
  const descr = /'descr': '[<|=]?(\w\d)'/.exec(header)?.[1] ?? "?";
  const [size, read] = TYPES[descr] ?? raise(`${file}: numbers of type ${header}`);
  const tuple = /'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "";
  const stated = tuple.split(",").flatMap((word) => (word.trim() ? [Number(word)] : []));
  const reversed = header.includes("'fortran_order': True");
  const shape = reversed ? stated.toReversed() : stated;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = Float64Array.from({ length: sizeOf(shape) }, (_, i) => read(view, start + i * size));
  const array = { shape, data };
  return reversed ? transpose(array, shape.map((_, axis) => axis).reverse()) : array;
}

export function transpose({ shape, data }: NumPyArray, perm: readonly number[]): NumPyArray {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const to = perm.map((axis) => shape[axis] ?? 1);
  const steps = perm.map((axis) => strides[axis] ?? 0);
  const out = new Float64Array(data.length);
  const index = to.map(() => 0);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from] ?? NaN;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      from += steps[axis] ?? 0;
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (to[axis] ?? 0)) break;
      from -= (steps[axis] ?? 0) * (to[axis] ?? 0);
      index[axis] = 0;
    }
  }
  return { shape: to, data: out };
}

/** A file's array in the order of the graph: channels last where the file says that they come second. */
export function toGraphOrder(array: NumPyArray, channelsFirst: boolean): NumPyArray {
  const rank = array.shape.length;
  if (!channelsFirst || rank < 3) return array;
  return transpose(array, [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1]);
}

export function asTensor({ shape, data }: NumPyArray, dtype: DType): TensorData {
  if (dtype === "float32") return { dtype, shape, data: Float32Array.from(data) };
  if (dtype === "int32") return { dtype, shape, data: Int32Array.from(data) };
  return { dtype, shape, data: Uint8Array.from(data) };
}

function raise(message: string): never {
  throw new RangeError(message);
}
