/** `schema.fbs` -> what is needed of it. Nothing of the tensors' numbers is read. */
import { inputError } from "../../base/errors.ts";
import { Table, type Bytes } from "./flatbuffer.ts";
import { operatorCode, type OperatorCode } from "./operators.ts";
import type {
  ElementType,
  Port,
  Quantization,
  Range,
  TfliteModel,
  TfliteOperator,
  TfliteTensor,
} from "./types.ts";

const TYPES: readonly (ElementType | null)[] = [
  ...(["float32", "float16", "int32", "uint8", "int64", null, "bool", "int16"] as const),
  ...([null, "int8", "float64", null, "uint64", null, null, "uint32", "uint16", "int4"] as const),
];
const BITS: Readonly<Record<ElementType, number>> = {
  ...{ float16: 16, float32: 32, float64: 64, int4: 4, int8: 8, int16: 16, int32: 32, int64: 64 },
  ...{ uint8: 8, uint16: 16, uint32: 32, uint64: 64, bool: 8 },
};
export const byteLength = (type: ElementType, count: number): number =>
  Math.ceil((count * BITS[type]) / 8);

/** The first signature's subgraph, or the first one. Throws a ConvLensError of kind `input`. */
export function parseModel(bytes: Bytes): TfliteModel {
  const model = Table.root(bytes);
  const codes = model
    .tables(1)
    .map((code) => operatorCode(code.i8(0), code.i32(3), code.string(1)));
  const buffers = model.tables(4).map((buffer) => rangeOf(buffer, bytes));
  const subgraphs = model.tables(2);
  const signatures = model.tables(7);
  const [signature] = signatures;
  const chosen = signature?.u32(4) ?? 0;
  const subgraph = subgraphs[chosen];
  if (!subgraph)
    throw inputError(`'${bytes.source.name}' holds no network; convert the model again.`);
  const tensors = subgraph.tables(0).map((table, i) => tensorOf(table, i, buffers, bytes));
  const name = (index: number): string => tensors[index]?.name ?? raise(bytes);
  const port = (index: number, maps: readonly Table[]): Port => {
    const map = maps.find((one) => one.u32(1) === index);
    return { name: map?.string(0) ?? name(index), tensor: index };
  };
  return {
    producer: model.string(3),
    tensors,
    operators: subgraph.tables(3).map((table) => operatorOf(table, codes, bytes)),
    inputs: (subgraph.i32s(1) ?? []).map((index) => port(index, signature?.tables(0) ?? [])),
    outputs: (subgraph.i32s(2) ?? []).map((index) => port(index, signature?.tables(1) ?? [])),
    others:
      signatures.length > 1
        ? signatures.slice(1).map((one) => one.string(2) ?? "?")
        : subgraphs.flatMap((one, i) => (i === chosen ? [] : one.string(4) || `subgraph ${i}`)),
    metadata: new Map(
      model.tables(6).flatMap((entry) => {
        const range = buffers[entry.u32(1)];
        return range ? [[entry.string(0) ?? "", range]] : [];
      }),
    ),
  };
}

/** Inside the FlatBuffer, or (in files beyond 2 GB) behind it, at an offset from the file's start. */
function rangeOf(buffer: Table, bytes: Bytes): Range | null {
  const [start, length] = [buffer.u64(1), buffer.u64(2)];
  // writers that meant to fill these in later leave 1 behind
  if (start > 1) {
    if (!(start + length <= bytes.source.size)) throw bytes.damaged();
    return { start, length };
  }
  return buffer.range(0);
}

const MAX_RANK = 16;

function tensorOf(
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
  const sparse = table.has(6);
  if (data && type && !sparse) checkSize(name, type, shape, data, bytes);
  return {
    index,
    name,
    // the batch is 1 or -1 in one, and -1 in the other; sizes of pictures likewise
    shape: shape.map((axis, i) => (i > 0 && signature[i] === -1 ? -1 : axis)),
    type,
    quantization: quantizationOf(table.table(4)),
    data,
    sparse,
  };
}

function checkSize(
  name: string,
  type: ElementType,
  shape: readonly number[],
  data: Range,
  bytes: Bytes,
): void {
  const count = shape.reduce((product, axis) => product * axis, 1);
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

function operatorOf(table: Table, codes: readonly OperatorCode[], bytes: Bytes): TfliteOperator {
  return {
    code: codes[table.u32(0)] ?? raise(bytes),
    inputs: table.i32s(1) ?? [],
    outputs: table.i32s(2) ?? [],
    options: table.u8(3) === 0 ? null : table.table(4),
  };
}

function raise(bytes: Bytes): never {
  throw bytes.damaged();
}
