/** The table of tensors in `schema.fbs`: shapes, types, and where the bytes of constants lie. */
import { inputError } from "../../base/errors.ts";
import { sizeOf } from "../../base/tensor.ts";
import type { Bytes } from "./bytes.ts";
import { byteLength } from "./elements.ts";
import { sparsityOf } from "./sparse.ts";
import type { Table } from "./table.ts";
import type { ElementType, Quantization, Range, TfliteTensor } from "./types.ts";

/** TensorType by its number; null is no number (text, a resource), or a complex one. */
const TYPES: readonly (ElementType | null)[] = [
  ...(["float32", "float16", "int32", "uint8", "int64", null, "bool", "int16"] as const),
  ...([null, "int8", "float64", null, "uint64", null, null, "uint32", "uint16", "int4"] as const),
];
const MAX_RANK = 16;

/**
 * `buffers`: where each of the file's buffers lies. Throws a ConvLensError of kind `input` for a shape that cannot be, and where
 * the bytes are not those of its shape.
 */
export function tensorOf(
  table: Table,
  index: number,
  buffers: readonly (Range | null)[],
  bytes: Bytes,
): TfliteTensor {
  const shape = table.i32s(0) ?? [];
  const signature = table.i32s(7) ?? [];
  const name = table.string(3) || `tensor ${index}`;
  const type = TYPES[table.i8(1)] ?? null;
  if (shape.length > MAX_RANK || shape.some((axis) => axis < -1))
    throw inputError(
      `'${bytes.source.name}' declares its tensor '${name}' with the shape [${shape.slice(0, MAX_RANK).join(", ")}], which cannot be; convert the model again.`,
    );
  const range = buffers[table.u32(2)] ?? null;
  // an empty list of numbers is a constant; what is computed has no bytes at all
  const data = range && (range.length > 0 || shape.includes(0)) ? range : null;
  const sparse = table.table(6);
  const quantization = quantizationOf(table.table(4));
  if (data && type && !sparse) checkSize(name, type, shape, data, bytes);
  if (data && quantization && !isScaled(shape, quantization))
    throw inputError(
      `'${bytes.source.name}' has ${quantization.scales.length} scales for its tensor '${name}' [${shape.join(", ")}] along axis ${quantization.axis}; convert the model again.`,
    );
  return {
    index,
    name,
    // the batch is 1 or -1 in one, and -1 in the other; sizes of pictures likewise
    shape: shape.map((axis, i) => (i > 0 && signature[i] === -1 ? -1 : axis)),
    type,
    quantization,
    data,
    sparsity: sparse && sparsityOf(sparse),
  };
}

function checkSize(
  name: string,
  type: ElementType,
  shape: readonly number[],
  data: Range,
  bytes: Bytes,
): void {
  const count = sizeOf(shape);
  if (count >= 0 && byteLength(type, count) === data.length) return;
  throw inputError(
    `'${bytes.source.name}' declares its tensor '${name}' as ${type} [${shape.join(", ")}], but holds ${data.length} bytes of it; convert the model again.`,
  );
}

function quantizationOf(table: Table | null): Quantization | null {
  if (!table) return null;
  const scales = table.f32s(2);
  if (scales.length === 0) return null;
  return { scales, zeros: table.i64s(3), axis: table.i32(6) };
}
/** One scale for all, or one for each position along the axis. */
const isScaled = (shape: readonly number[], { scales, axis }: Quantization): boolean =>
  scales.length === 1 || scales.length === shape[axis];
