/** Numbers as files store them -> float32, or int32 for integers. */
import type { TensorData } from "../../base/tensor.ts";
import { widenBrain, widenHalf } from "./half.ts";

/** A stored element type: `f4` float32, `f2` float16, `b2` bfloat16, `i8` int64, `u1` uint8, `?` bool. */
export type Stored =
  "f2" | "f4" | "f8" | "b2" | "i1" | "i2" | "i4" | "i8" | "u1" | "u2" | "u4" | "u8";

const NAMES: Readonly<Record<Stored, string>> = {
  f2: "float16",
  f4: "float32",
  f8: "float64",
  b2: "bfloat16",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
};
/** `float16` for `f2`: as NumPy and PyTorch call it. */
export const dtypeName = (stored: Stored): string => NAMES[stored];

/** A 64-bit integer as the nearest of 32 bits: "to the end" (2^63 - 1) stays beyond every end. */
export const narrowed = (n: bigint | number): number =>
  Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Number(n)));

/** `bytes` little-endian and exactly one element after the other. */
export function decode(bytes: Uint8Array, stored: Stored, shape: readonly number[]): TensorData {
  const size = Number(stored.slice(1));
  // typed arrays want aligned memory; ours is, except for a view into a larger buffer
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset: at } = aligned;
  const n = bytes.length / size;
  switch (stored) {
    case "f4":
      return { dtype: "float32", shape, data: new Float32Array(buffer, at, n) };
    case "f8":
      return { dtype: "float32", shape, data: Float32Array.from(new Float64Array(buffer, at, n)) };
    case "f2":
      return { dtype: "float32", shape, data: widenHalf(new Uint16Array(buffer, at, n)) };
    case "b2":
      return { dtype: "float32", shape, data: widenBrain(new Uint16Array(buffer, at, n)) };
    case "i4":
      return { dtype: "int32", shape, data: new Int32Array(buffer, at, n) };
    case "i1":
      return { dtype: "int32", shape, data: Int32Array.from(new Int8Array(buffer, at, n)) };
    case "i2":
      return { dtype: "int32", shape, data: Int32Array.from(new Int16Array(buffer, at, n)) };
    case "u1":
      return { dtype: "int32", shape, data: Int32Array.from(new Uint8Array(buffer, at, n)) };
    case "u2":
      return { dtype: "int32", shape, data: Int32Array.from(new Uint16Array(buffer, at, n)) };
    case "u4":
      return { dtype: "int32", shape, data: Int32Array.from(new Uint32Array(buffer, at, n)) };
    case "i8":
      return {
        dtype: "int32",
        shape,
        data: Int32Array.from(new BigInt64Array(buffer, at, n), narrowed),
      };
    case "u8":
      return {
        dtype: "int32",
        shape,
        data: Int32Array.from(new BigUint64Array(buffer, at, n), narrowed),
      };
  }
}
