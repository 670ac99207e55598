/** `schema.fbs` -> what is needed of it. Nothing of the tensors' numbers is read. */
import { inputError } from "../../base/errors.ts";
import type { Bytes } from "./bytes.ts";
import { flexNumbers } from "./flex-buffer.ts";
import { operatorCode, type OperatorCode } from "./operator-codes.ts";
import { Table } from "./table.ts";
import { tensorOf } from "./tensors.ts";
import type { Port, Range, TfliteModel, TfliteOperator } from "./types.ts";

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

const LONGEST_RECORD = 8;

function operatorOf(table: Table, codes: readonly OperatorCode[], bytes: Bytes): TfliteOperator {
  return {
    code: codes[table.u32(0)] ?? raise(bytes),
    inputs: table.i32s(1) ?? [],
    outputs: table.i32s(2) ?? [],
    options: table.u8(3) === 0 ? null : table.table(4),
    settings: () => {
      const range = table.range(5);
      return range ? flexNumbers(bytes, range) : new Map<string, number>();
    },
    record: () => {
      const { start = 0, length = 0 } = table.range(5) ?? {};
      const count = Math.min(LONGEST_RECORD, Math.floor(length / 4));
      return Array.from({ length: count }, (_, i) => bytes.i32(start + 4 * i));
    },
  };
}

function raise(bytes: Bytes): never {
  throw bytes.damaged();
}
