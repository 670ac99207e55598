/** Constants and variables of a file as values. */
import { sizeOf, type DType, type TensorData } from "../../base/tensor.ts";
import type { Numbers, Value } from "../lower/index.ts";
import { elementBytes } from "./tensors.ts";
import { dtypeOf, type StoredParameter, type StoredTensor, type TfNode } from "./types.ts";

/** Small whole numbers and single numbers are settings; what is left is a parameter. */
const isSetting = (dtype: DType, shape: readonly number[]): boolean => {
  const size = sizeOf(shape);
  return dtype === "float32" ? size <= 1 : size <= 4096;
};

/** Statistics are not trained; variables of metrics and counters neither. */
const isStatistic = (name: string): boolean =>
  /(^|[/_])(moving_(mean|variance)|running_(mean|var)|mean|variance)(:\d+)?(\/|$)/.test(name);

const TYPES = { float32: "float", int32: "int", bool: "bool" } as const;
const numbersOf = ({ dtype, shape, data }: TensorData): Numbers => ({
  kind: "numbers",
  type: TYPES[dtype],
  shape,
  data: Array.from(data),
});

/** What a format knows of a tensor that it holds; `shape` is the file's. */
export type Held = Pick<
  StoredParameter,
  "ref" | "name" | "shape" | "dtype" | "storedDType" | "read"
>;

/** A tensor of the file as a parameter. */
export const parameterOf = (held: Held, trainable: boolean): StoredParameter => ({
  kind: "parameter",
  ...held,
  fileShape: held.shape,
  trainable: trainable && !isStatistic(held.name),
});

/** A tensor that the file holds under a name: known at once when it is small, else a parameter. */
export function constantOf(held: Held): Value {
  const { dtype, shape } = held;
  return isSetting(dtype, shape) ? numbersOf(held.read()) : parameterOf(held, true);
}

/** The `Const` operations of a graph; each is one parameter however often its function is called. */
export class Constants {
  private readonly known = new Map<TfNode, Value>();
  private readonly refs = new Set<string>();

  /** Undefined for any other operation, and for a constant that holds no numbers. */
  valueOf(node: TfNode, name: string): Value | undefined {
    if (node.op !== "Const") return undefined;
    const known = this.known.get(node) ?? this.read(node, name);
    if (known) this.known.set(node, known);
    return known;
  }

  private read(node: TfNode, name: string): Value | undefined {
    const tensor = node.attributes.get("value")?.tensor;
    if (!tensor || elementBytes(tensor.type) === null) return undefined;
    let ref = name;
    for (let i = 1; this.refs.has(ref); i++) ref = `${name}:${i}`;
    this.refs.add(ref);
    return constantOf(asParameter(tensor, ref, name));
  }
}

const asParameter = (tensor: StoredTensor, ref: string, name: string): Held => ({
  ref,
  name,
  shape: tensor.shape,
  dtype: dtypeOf(tensor.type),
  storedDType: storedName(tensor.type),
  read: () => tensor.read(),
});

/** Floats with a name of their own in NumPy. */
const STORED: Readonly<Partial<Record<StoredTensor["type"], string>>> = {
  FLOAT: "float32",
  DOUBLE: "float64",
  HALF: "float16",
};
/** `HALF` -> `float16`, as NumPy calls it. */
export const storedName = (type: StoredTensor["type"]): string =>
  STORED[type] ?? type.toLowerCase();
