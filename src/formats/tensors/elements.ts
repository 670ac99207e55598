/** Element types as PyTorch and safetensors name them. */
import type { TensorData } from "../../base/tensor.ts";
import { decode, type Stored } from "../bytes/numbers.ts";

/** IEEE-like small floats: bits of exponent and fraction, bias, and what the highest exponent means. */
interface Float8 {
  readonly fraction: number;
  readonly bias: number;
  /** `ieee`: infinity and NaN; `fn`: only all ones is NaN; `fnuz`: only the code of -0 is NaN. */
  readonly special: "ieee" | "fn" | "fnuz";
}
const FLOAT8: Readonly<Record<string, Float8>> = {
  float8_e4m3fn: { fraction: 3, bias: 7, special: "fn" },
  float8_e5m2: { fraction: 2, bias: 15, special: "ieee" },
  float8_e4m3fnuz: { fraction: 3, bias: 8, special: "fnuz" },
  float8_e5m2fnuz: { fraction: 2, bias: 16, special: "fnuz" },
};
const PLAIN: Readonly<Record<string, Stored>> = {
  float32: "f4",
  float64: "f8",
  float16: "f2",
  bfloat16: "b2",
  int8: "i1",
  int16: "i2",
  int32: "i4",
  int64: "i8",
  uint8: "u1",
  uint16: "u2",
  uint32: "u4",
  uint64: "u8",
  bool: "u1",
};

/** Bytes of one element; null for a type that is not read (complex, quantised). */
export function elementBytes(type: string): number | null {
  if (Object.hasOwn(FLOAT8, type)) return 1;
  return Object.hasOwn(PLAIN, type) ? Number(PLAIN[type]?.slice(1)) : null;
}

/** `bytes` little-endian, one element after the other; floats are widened to float32, integers become int32. */
export function decodeElements(
  bytes: Uint8Array,
  type: string,
  shape: readonly number[],
): TensorData {
  const small = Object.hasOwn(FLOAT8, type) ? FLOAT8[type] : undefined;
  if (!small) return decode(bytes, PLAIN[type] ?? "f4", shape);
  const table = Float32Array.from({ length: 256 }, (_, bits) => float8(bits, small));
  return {
    dtype: "float32",
    shape,
    data: Float32Array.from(bytes, (bits) => table[bits] as number),
  };
}

/** OCP 8-bit floating point specification 1.0, and the variants without a negative zero. */
function float8(bits: number, { fraction: width, bias, special }: Float8): number {
  const sign = bits & 0x80 ? -1 : 1;
  const exponent = (bits & 0x7f) >> width;
  const fraction = (bits & ((1 << width) - 1)) / (1 << width);
  if (special === "fnuz" && bits === 0x80) return NaN;
  if (special === "fn" && (bits & 0x7f) === 0x7f) return NaN;
  if (special === "ieee" && exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0
    ? sign * fraction * 2 ** (1 - bias)
    : sign * (1 + fraction) * 2 ** (exponent - bias);
}

/** Turns big-endian elements round, in place. */
export function swapBytes(bytes: Buffer, size: number): void {
  if (size === 2) bytes.swap16();
  else if (size === 4) bytes.swap32();
  else if (size === 8) bytes.swap64();
}
