/** TensorProto: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/tensor.proto */
import { at } from "../../base/at.ts";
import { inputError } from "../../base/errors.ts";
import { sizeOf, type TensorData } from "../../base/tensor.ts";
import type { Field, Message } from "../bytes/protobuf.ts";
import { decode, type Stored } from "../bytes/numbers.ts";
import { dataType, dtypeOf, type DataType, type FileShape, type StoredTensor } from "./types.ts";

const STORED: Readonly<Partial<Record<DataType, Stored>>> = {
  FLOAT: "f4",
  DOUBLE: "f8",
  HALF: "f2",
  BFLOAT16: "b2",
  INT8: "i1",
  INT16: "i2",
  INT32: "i4",
  INT64: "i8",
  UINT8: "u1",
  UINT16: "u2",
  UINT32: "u4",
  UINT64: "u8",
  BOOL: "u1",
};
/** A constant that is one number over and over may not grow beyond this. */
const MAX_REPEATED = 2 ** 23;

/** Bytes of one element; null for a type that holds no numbers. */
export function elementBytes(type: DataType): number | null {
  const stored = STORED[type];
  return stored ? Number(stored.slice(1)) : null;
}

/** `bytes`, little-endian, as numbers of the graph. Throws a ConvLensError of kind `input` when their number is not that of `shape`. */
export function tensorOf(
  bytes: Uint8Array,
  type: DataType,
  shape: readonly number[],
  what: string,
): TensorData {
  const stored = STORED[type];
  if (!stored) throw inputError(`${what} is of the type ${type}, which is not read.`);
  if (bytes.length !== sizeOf(shape) * Number(stored.slice(1)))
    throw inputError(
      `${what} declares the shape [${shape.join(", ")}], but ${bytes.length} bytes are there; save the model again.`,
    );
  const tensor = decode(bytes, stored, shape);
  return type === "BOOL" ? { dtype: "bool", shape, data: Uint8Array.from(tensor.data) } : tensor;
}

/** `TensorShapeProto` */
export function shapeOf(message: Message): FileShape {
  const axes: (number | null)[] = [];
  for (const field of message.fields()) {
    if (field.number === 3 && field.bool()) return null;
    if (field.number !== 2) continue;
    let size = 0;
    for (const part of field.message().fields()) if (part.number === 1) size = part.int();
    axes.push(size === -1 ? null : size);
  }
  return axes;
}

/** Reads the head of a TensorProto; its numbers stay in the file until `read`. `what` names it in messages. */
export function storedTensor(message: Message, what: string): StoredTensor {
  let type: DataType = "INVALID";
  let shape: FileShape = [];
  let content: Field | null = null;
  const values: Field[] = [];
  for (const field of message.fields()) {
    if (field.number === 1) type = dataType(field.int());
    else if (field.number === 2) shape = shapeOf(field.message());
    else if (field.number === 4) content = field;
    else if (VALUES.has(field.number)) values.push(field);
  }
  const bytes = content;
  const known = shape?.every((axis) => axis !== null) ? shape : null;
  if (!known) {
    const read = (): never => {
      throw inputError(`${what} leaves its shape open; save the model again.`);
    };
    return { type, shape: [], read };
  }
  return {
    type,
    shape: known,
    read: () =>
      bytes && bytes.length > 0
        ? tensorOf(bytes.bytes(), type, known, what)
        : repeated(values, type, known, what),
  };
}

/** `half_val` 13 has the bits of a half float; the others have the numbers themselves. */
const VALUES = new Set([5, 6, 7, 10, 11, 13, 16, 17]);

/** Numbers one by one; the last one stands for all that are missing. */
function repeated(
  fields: readonly Field[],
  type: DataType,
  shape: readonly number[],
  what: string,
): TensorData {
  const size = sizeOf(shape);
  const listed = fields.flatMap((field) => {
    if (field.number === 5) return field.floats();
    return field.number === 6 ? field.doubles() : field.ints();
  });
  if (size > Math.max(listed.length, MAX_REPEATED) || listed.length > size)
    throw inputError(
      `${what} declares the shape [${shape.join(", ")}], but ${listed.length} numbers are there; save the model again.`,
    );
  const dtype = dtypeOf(type);
  const data =
    dtype === "float32"
      ? new Float32Array(size)
      : dtype === "int32"
        ? new Int32Array(size)
        : new Uint8Array(size);
  const numbers = type === "HALF" || type === "BFLOAT16" ? fromBits(listed, type) : listed;
  // none at all are zeros
  const last = numbers.length > 0 ? at(numbers, -1) : 0;
  for (let i = 0; i < size; i++) data[i] = clamped(numbers[i] ?? last, dtype);
  return { dtype, shape, data };
}

const fromBits = (bits: readonly number[], type: "HALF" | "BFLOAT16"): ArrayLike<number> =>
  tensorOf(new Uint8Array(Uint16Array.from(bits).buffer), type, [bits.length], "a constant").data;

/** An index such as 2^63 - 1 ("to the end") stays large. */
const clamped = (value: number, dtype: string): number =>
  dtype === "int32" ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value)) : value;
