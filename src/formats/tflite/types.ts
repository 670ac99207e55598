import type { OperatorCode } from "./operator-codes.ts";
import type { Sparsity } from "./sparse.ts";
import type { Table } from "./table.ts";

/** How numbers are stored. */
export type ElementType =
  | "float16"
  | "float32"
  | "float64"
  | "int4"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bool";

/** real = (stored - zero) * scale, one pair for all or one for each position along `axis`. */
export interface Quantization {
  readonly scales: readonly number[];
  readonly zeros: readonly number[];
  readonly axis: number;
}

/** Where a constant's bytes lie in the file. */
export interface Range {
  readonly start: number;
  readonly length: number;
}

/** A constant, or what an operator computes. */
export interface TfliteTensor {
  readonly index: number;
  readonly name: string;
  /** The sizes the file was written for; -1 where it tells none. */
  readonly shape: readonly number[];
  /** Null: text, resources and other things that are not numbers. */
  readonly type: ElementType | null;
  readonly quantization: Quantization | null;
  /** Null when the tensor is computed. */
  readonly data: Range | null;
  /** How it is stored without its zeros; null: whole. */
  readonly sparsity: Sparsity | null;
}

/** One step of the network. */
export interface TfliteOperator {
  readonly code: OperatorCode;
  /** Indices of tensors; -1: left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: Table | null;
  /** Of a custom operator, those that are numbers. Throws a ConvLensError where they are damaged. */
  readonly settings: () => ReadonlyMap<string, number>;
  /** The same where they are no map but whole numbers of 32 bits one after the other: at most the first eight. */
  readonly record: () => readonly number[];
}

/** An input or output under the name that the signature gives it, else the tensor's. */
export interface Port {
  readonly name: string;
  readonly tensor: number;
}

/** What of a file is needed. */
export interface TfliteModel {
  readonly producer: string | null;
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Names of signatures, or of subgraphs, that are not shown. */
  readonly others: readonly string[];
  /** Named pieces that tools add: `TFLITE_METADATA`, `min_runtime_version`. */
  readonly metadata: ReadonlyMap<string, Range>;
}
