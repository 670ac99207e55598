import { inputError } from "../../base/errors.ts";
import { sizeOf, type DType, type TensorData } from "../../base/tensor.ts";
import { decode, dtypeName, narrowed, type Stored } from "../bytes/numbers.ts";
import type { Field, Message } from "../bytes/protobuf.ts";

/** TensorProto.DataType, as far as it is read. */
const TYPES: ReadonlyMap<number, Stored> = new Map([
  [1, "f4"],
  [2, "u1"],
  [3, "i1"],
  [4, "u2"],
  [5, "i2"],
  [6, "i4"],
  [7, "i8"],
  [9, "u1"],
  [10, "f2"],
  [11, "f8"],
  [12, "u4"],
  [13, "u8"],
  [16, "b2"],
]);
const BOOL = 9;
const FLOATS: readonly number[] = [1, 10, 11, 16];

/** How an element type arrives in the graph. */
export const dtypeOf = (type: number): DType =>
  type === BOOL ? "bool" : FLOATS.includes(type) ? "float32" : "int32";

/** Bytes in another file of the model's folder. */
export interface ExternalData {
  readonly location: string;
  readonly offset: number;
  readonly length: number | null;
}
/** Reads the bytes of external data; throws a ConvLensError of kind `input`. */
export type ReadExternal = (data: ExternalData, length: number, tensor: string) => Uint8Array;

/** A tensor in the file, not yet read. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  readonly raw: Field | null;
  readonly typed: readonly Field[];
  readonly external: ExternalData | null;
}

/** Throws a ConvLensError of kind `input` where no tensor can have its shape. */
export function parseTensor(message: Message): StoredTensor {
  let [name, type, location] = ["", 0, 0];
  let raw: Field | null = null;
  const shape: number[] = [];
  const typed: Field[] = [];
  const entries = new Map<string, string>();
  for (const field of message.fields()) {
    if (field.number === 1) shape.push(...field.ints());
    else if (field.number === 2) type = field.int();
    else if (field.number === 8) name = field.text();
    else if (field.number === 9) raw = field;
    else if (TYPED.includes(field.number)) typed.push(field);
    else if (field.number === 13) addEntry(entries, field.message());
    else if (field.number === 14) location = field.int();
  }
  if (![...shape, sizeOf(shape)].every((size) => Number.isSafeInteger(size) && size >= 0))
    throw impossible(message.file, name, shape);
  const external = location === 1 ? externalOf(entries) : null;
  return { name, shape, type, raw, typed, external };
}
/** float_data, int32_data, string_data, int64_data, double_data, uint64_data */
const TYPED: readonly number[] = [4, 5, 6, 7, 10, 11];

function addEntry(entries: Map<string, string>, message: Message): void {
  let [key, value] = ["", ""];
  for (const field of message.fields()) {
    if (field.number === 1) key = field.text();
    else if (field.number === 2) value = field.text();
  }
  entries.set(key, value);
}
function externalOf(entries: ReadonlyMap<string, string>): ExternalData {
  const length = entries.get("length");
  return {
    location: entries.get("location") ?? "",
    offset: Number(entries.get("offset") ?? 0),
    length: length === undefined ? null : Number(length),
  };
}

/** An onnx.TensorProto.DataType by name: `float32`, `bool`; `type 17` for one that is not read. */
export const storedName = (type: number): string => {
  const stored = TYPES.get(type);
  return type === BOOL ? "bool" : stored ? dtypeName(stored) : `type ${type}`;
};
/** Whether the numbers of this type can be read: not texts, complex numbers, or floats of 8 and integers of 4 bits. */
export const isReadable = ({ type }: StoredTensor): boolean => isKnown(type);
export const isKnown = (type: number): boolean => TYPES.has(type);

const MAX_AXES_TOLD = 8;
/** The refusal (kind `input`) of a tensor with negative sizes or more cells than can be. */
export function impossible(file: string, name: string, shape: readonly unknown[]): Error {
  const told =
    shape.slice(0, MAX_AXES_TOLD).join(", ") + (shape.length > MAX_AXES_TOLD ? ", …" : "");
  return inputError(
    `'${file}' declares '${name}' with shape [${told}], which no tensor can have; export the model again.`,
  );
}

/** The numbers of a tensor. Its size is checked against the bytes that are there before anything is allocated. */
export function readTensor(
  tensor: StoredTensor,
  file: string,
  readExternal: ReadExternal,
): TensorData {
  const { name, shape, type, raw, typed, external } = tensor;
  const stored = TYPES.get(type);
  const cells = sizeOf(shape);
  if (!stored)
    throw inputError(
      `'${file}' stores '${name}' as ${storedName(type)}, which is not read; export it as float32.`,
    );
  const dtype = dtypeOf(type);
  const length = cells * Number(stored.slice(1));
  const mismatch = (bytes: number | string): Error =>
    inputError(
      `'${file}' declares '${name}' with shape [${shape.join(", ")}], and stores ${bytes} for it; export the model again.`,
    );
  const finish = (value: TensorData): TensorData =>
    dtype === "bool"
      ? { dtype, shape, data: Uint8Array.from(value.data, (n) => +(n !== 0)) }
      : value;
  if (external) return finish(decode(readExternal(external, length, name), stored, shape));
  if (raw) {
    if (raw.length !== length) throw mismatch(`${raw.length} bytes`);
    return finish(decode(raw.bytes(), stored, shape));
  }
  const numbers = typed.flatMap((field) => typedNumbers(field, type));
  if (numbers.length !== cells) throw mismatch(`${numbers.length} numbers`);
  if (type === 10 || type === 16) {
    const bits = Uint16Array.from(numbers);
    return decode(new Uint8Array(bits.buffer), stored, shape);
  }
  if (dtype === "float32") return { dtype, shape, data: Float32Array.from(numbers) };
  return finish({ dtype: "int32", shape, data: Int32Array.from(numbers, narrowed) });
}

function typedNumbers(field: Field, type: number): number[] {
  if (field.number === 4) return field.floats();
  if (field.number === 10) return field.doubles();
  if (field.number === 6) return [];
  // halves stand as their bits in int32_data
  return field.ints().map((n) => (type === 10 || type === 16 ? n & 0xffff : n));
}
