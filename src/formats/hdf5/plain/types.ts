import type { Stored } from "../../bytes/numbers.ts";
import { expect, word } from "./pages.ts";

const CLASS = { whole: 0, float: 1, text: 3, opaque: 5, variable: 9 } as const;

/** The sizes of a data space; null for one without any place (HDF5 file format 3.0, IV.A.2.b). */
export function shapeOf(body: Buffer): number[] | null {
  const version = body.readUInt8(0);
  expect(version === 1 || version === 2, "a data space");
  if (version === 2 && body[3] === 2) return null;
  const start = version === 1 ? 8 : 4;
  return Array.from({ length: body.readUInt8(1) }, (_, i) => word(body, start + 8 * i));
}

/** A datatype message (HDF5 file format 3.0, IV.A.2.d). */
export interface ElementType {
  readonly size: number;
  /** Null for what is neither text nor plain little-endian numbers. */
  readonly kind: "text" | "texts of any length" | "opaque" | Stored | null;
}

/** IV.A.2.d */
export function typeOf(body: Buffer): ElementType {
  const size = body.readUInt32LE(4);
  const bits = body.readUIntLE(1, 3);
  switch (body.readUInt8(0) & 15) {
    case CLASS.whole:
      return { size, kind: whole(body, size, bits) };
    case CLASS.float:
      return { size, kind: float(body, size, bits) };
    case CLASS.text:
      return { size, kind: "text" };
    case CLASS.opaque:
      return { size, kind: "opaque" };
    case CLASS.variable:
      return { size, kind: (bits & 15) === 1 ? "texts of any length" : null };
    default:
      return { size, kind: null };
  }
}

/** Bit 0: big-endian; bit 3: signed; then the offset and the number of bits that count. */
function whole(body: Buffer, size: number, bits: number): Stored | null {
  const filled = body.readUInt16LE(8) === 0 && body.readUInt16LE(10) === 8 * size;
  if ((bits & 1) === 1 || !filled) return null;
  if (size !== 1 && size !== 2 && size !== 4 && size !== 8) return null;
  return (bits & 8) === 0 ? `u${size}` : `i${size}`;
}

/** Offset and precision, then where exponent and mantissa lie, and the exponent's bias: IEEE 754. */
const IEEE: readonly (readonly [Stored, string])[] = [
  ["f2", [0, 16, 10, 5, 0, 10, 15].join()],
  ["f4", [0, 32, 23, 8, 0, 23, 127].join()],
  ["f8", [0, 64, 52, 11, 0, 52, 1023].join()],
];
function float(body: Buffer, size: number, bits: number): Stored | null {
  const facts = [
    ...[body.readUInt16LE(8), body.readUInt16LE(10)],
    ...body.subarray(12, 16),
    body.readUInt32LE(16),
  ].join();
  const found = IEEE.find(([stored, known]) => stored === `f${size}` && known === facts);
  // little-endian, the mantissa's first bit implied, the sign in front
  const plain = (bits & 0x41) === 0 && ((bits >> 4) & 3) === 2 && bits >> 8 === 8 * size - 1;
  return found && plain ? found[0] : null;
}
