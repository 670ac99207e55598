import type { DType } from "../../base/tensor.ts";
import { sizeOf } from "../../base/tensor.ts";
import { dtypeOf, type Parameter, type StoredTensor, type TfNode } from "./types.ts";
import { elementBytes } from "./tensors.ts";
import { host, type Value } from "./values.ts";

/** Small whole numbers and single numbers are settings; what is left is a parameter. */
const isSetting = (dtype: DType, shape: readonly number[]): boolean => {
  const size = sizeOf(shape);
  return dtype === "float32" ? size <= 1 : size <= 4096;
};

/** Statistics are not trained; variables of metrics and counters neither. */
export const isStatistic = (name: string): boolean =>
  /(^|[/_])(moving_(mean|variance)|running_(mean|var)|mean|variance)(:\d+)?(\/|$)/.test(name);

/** A tensor that the file holds under `name`: known at once when it is small, else a parameter. */
export function constantOf(
  tensor: Omit<Parameter, "trainable" | "dtype"> & { dtype: DType },
): Value {
  const { dtype, shape } = tensor;
  if (isSetting(dtype, shape)) return host(dtype, shape, Array.from(tensor.read().data));
  const parameter = { ...tensor, trainable: !isStatistic(tensor.name) };
  return { kind: "parameter", parameter, shape };
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

const asParameter = (
  tensor: StoredTensor,
  ref: string,
  name: string,
): Parameters<typeof constantOf>[0] => ({
  ref,
  name,
  shape: tensor.shape,
  dtype: dtypeOf(tensor.type),
  stored: storedName(tensor.type),
  read: () => tensor.read(),
});

/** `HALF` -> `float16`, as NumPy calls it. */
export const storedName = (type: StoredTensor["type"]): string =>
  ({ FLOAT: "float32", DOUBLE: "float64", HALF: "float16" })[type as string] ?? type.toLowerCase();
