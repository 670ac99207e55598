import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DIGITS = new URL("../models/onnx/small_torch_legacy.onnx", import.meta.url);
/** Two sizes of a TensorShapeProto: 32 and 32; and two that are a name without letters. */
const FIXED = Buffer.from([0x0a, 2, 0x08, 32, 0x0a, 2, 0x08, 32]);
const FREE = Buffer.from([0x0a, 2, 0x12, 0, 0x0a, 2, 0x12, 0]);

/** The network that reads digits, with rows and columns of its input left free: only 32 x 32 goes through all its layers. */
export function freeDigits(): Buffer {
  const bytes = readFileSync(fileURLToPath(DIGITS));
  FREE.copy(bytes, bytes.lastIndexOf(FIXED));
  return bytes;
}
