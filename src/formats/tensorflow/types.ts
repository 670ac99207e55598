/** TensorFlow's graph as files have it (GraphDef, FunctionDef), whether they write it as protocol buffers or as JSON. */
import type { DType, TensorData } from "../../base/tensor.ts";
import type { Parameter } from "../lower/index.ts";

/** A shape as TensorFlow writes it: null for an axis that is not known; null altogether when not even the rank is. */
export type FileShape = readonly (number | null)[] | null;

/** A tensor in the file, whose numbers are read when they are asked for. */
export interface StoredTensor {
  readonly type: DataType;
  readonly shape: readonly number[];
  read(): TensorData;
}

/** A variable, or a constant with an address in the model's `WeightStore`; `name` is the file's: `conv1/kernel`. */
export interface StoredParameter extends Parameter {
  /** As stored: `float16`, `uint8`, ... */
  readonly storedDType: string;
  readonly trainable: boolean;
}

/** The value of an attribute; which member is there depends on the operation. */
export interface Attribute {
  readonly text?: string | undefined;
  readonly int?: number | undefined;
  readonly float?: number | undefined;
  readonly bool?: boolean | undefined;
  readonly type?: DataType | undefined;
  readonly shape?: FileShape | undefined;
  readonly tensor?: StoredTensor | undefined;
  /** The name of a function. */
  readonly func?: string | undefined;
  readonly texts?: readonly string[] | undefined;
  readonly ints?: readonly number[] | undefined;
  readonly shapes?: readonly FileShape[] | undefined;
}

/** One operation (NodeDef). */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:1`, `^control`; in functions also `argument` and `node:output:1`. */
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** A function (FunctionDef). */
export interface TfFunction {
  readonly name: string;
  readonly args: readonly string[];
  readonly nodes: readonly TfNode[];
  /** Tensors that it returns, in order. */
  readonly returns: readonly string[];
  /** What the file tells about an argument's shape. */
  readonly argShapes: readonly (FileShape | undefined)[];
}

/** A graph with the functions that it can call (GraphDef). */
export interface TfGraph {
  readonly nodes: readonly TfNode[];
  /** By name; read when it is called. */
  fn(name: string): TfFunction | undefined;
}

/** Tensors that a model takes or gives, by the name its signature has for them. */
export interface SignatureTensor {
  readonly name: string;
  /** `node:0` */
  readonly tensor: string;
  readonly shape: FileShape | undefined;
  readonly type: DataType | undefined;
}

/** Element types by TensorFlow's names, without `DT_`. */
export type DataType = (typeof DATA_TYPES)[number];
const DATA_TYPES = [
  "INVALID",
  "FLOAT",
  "DOUBLE",
  "INT32",
  "UINT8",
  "INT16",
  "INT8",
  "STRING",
  "COMPLEX64",
  "INT64",
  "BOOL",
  "QINT8",
  "QUINT8",
  "QINT32",
  "BFLOAT16",
  "QINT16",
  "QUINT16",
  "UINT16",
  "COMPLEX128",
  "HALF",
  "RESOURCE",
  "VARIANT",
  "UINT32",
  "UINT64",
] as const;

/** By number; a reference type (of TensorFlow 1) counts as what it refers to. */
export const dataType = (number: number): DataType =>
  DATA_TYPES[number > 100 ? number - 100 : number] ?? "INVALID";
/** By name, with or without `DT_` and `_REF`. */
export const dataTypeNamed = (name: string): DataType => {
  const bare = name.replace(/^DT_/, "").replace(/_REF$/, "");
  return DATA_TYPES.find((type) => type === bare) ?? "INVALID";
};

/** What the graph makes of it. */
export function dtypeOf(type: DataType): DType {
  if (type === "BOOL") return "bool";
  return /^U?INT/.test(type) ? "int32" : "float32";
}
