/** The JSON of an exported program (torch/_export/serde/schema.py), as far as it is needed. */
import { isList, isObject, member, text, type Json } from "../json.ts";

/** An argument: a value computed before, a literal, or a list of them. */
export type Arg = null | boolean | number | string | Ref | readonly Arg[];
/** A value of the graph, by its name. */
export interface Ref {
  readonly ref: string;
}
/** Whether an argument is a value of the graph; a literal or a list is none. */
export const isRef = (arg: Arg | undefined): arg is Ref =>
  typeof arg === "object" && arg !== null && "ref" in arg;
/** Whether an argument is a list: of values, sizes, or literals. */
export const isArgs = (arg: Arg | undefined): arg is readonly Arg[] => Array.isArray(arg);

/** A call of an operator; nodes are in the order of execution. */
export interface ExportedNode {
  /** E.g. `torch.ops.aten.conv2d.default`. */
  readonly target: string;
  readonly inputs: ReadonlyMap<string, Arg>;
  /** Names of what it computes, lists flattened; '' for what nobody uses. */
  readonly outputs: readonly string[];
  readonly stackTrace: string;
  readonly moduleStack: string;
  /** Why it is not understood, where whoever wrote the program down already knew. */
  readonly opaque?: string;
}
/** What the program says of a value: element type (`float32`), sizes and layout in memory. */
export interface TensorMeta {
  readonly type: string;
  readonly sizes: readonly Size[];
  /** Steps in memory, in cells, and where in it the first cell lies. */
  readonly strides: readonly Size[];
  readonly offset: number;
}
/** A size that is free has a symbol, and the size of the example that the program was exported with. */
export interface Size {
  readonly hint: number;
  readonly symbol: string | null;
}
/** What an input of the graph is: a tensor of the module, or fed by the user. */
export interface InputSpec {
  readonly kind: "parameter" | "buffer" | "constant" | "user" | "other";
  /** Its name in the graph. */
  readonly name: string;
  /** Its name in the module, for parameters, buffers and constants. */
  readonly target: string;
  /** Whether a state dict has it: parameters, and buffers that are saved. */
  readonly persistent: boolean;
}
/** A program, decoded (torch.export.ExportedProgram). */
export interface Program {
  readonly nodes: readonly ExportedNode[];
  readonly inputs: readonly InputSpec[];
  /** Names of the outputs that a caller gets. */
  readonly outputs: readonly string[];
  readonly metas: ReadonlyMap<string, TensorMeta>;
  readonly torchVersion: string | null;
  /** What the file is called, where it is no `.pt2`. */
  readonly format?: string;
  readonly notes?: readonly string[];
  /** Where free sizes of its inputs come from, where that is not the exporter's example: `the usual size`. */
  readonly sizesFrom?: string;
  /** No shapes of what it computes were recorded. */
  readonly shapeless?: true;
  /** Sizes of the program that are others in the weights it is read with: 1000 classes, and 10. */
  readonly solved?: readonly { readonly from: number; readonly to: number }[];
}

/** Its items; none where it is no list. */
export const list = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);
const entry = (value: Json | undefined): readonly [string, Json] | null =>
  isObject(value) ? (Object.entries(value)[0] ?? null) : null;

const SCALAR_TYPES: Readonly<Record<number, string>> = {
  ...{ 1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "float16", 7: "float32" },
  ...{ 8: "float64", 10: "complex64", 11: "complex128", 12: "bool", 13: "bfloat16" },
  ...{ 28: "uint16", 29: "float8_e4m3fn", 30: "float8_e5m2" },
};
/**
 * A torch.ScalarType of the schema by PyTorch's name: `float32`, `bfloat16`; `type 99` for one that
 * is not known, `?` for no number.
 */
export const scalarType = (code: Json | undefined): string =>
  typeof code === "number" ? (SCALAR_TYPES[code] ?? `type ${code}`) : "?";

/** The name in `{ name }`, or nothing. */
export const name = (value: Json | undefined): string => text(member(value, "name")) ?? "";
const symbolic = (value: Json | undefined): Arg => {
  const [kind, inner] = entry(value) ?? [];
  if (kind === "as_name") return { ref: text(inner) ?? "" };
  return typeof inner === "number" || typeof inner === "boolean" ? inner : null;
};

/** An argument as the program writes it, `{ as_tensor: ... }`; null for what is not read. */
export function argOf(json: Json | undefined): Arg {
  const [kind, value] = entry(json) ?? [];
  switch (kind) {
    case "as_tensor":
      return { ref: name(value) };
    case "as_tensors":
      return list(value).map((item) => ({ ref: name(item) }));
    case "as_optional_tensors":
      return list(value).map(argOf);
    case "as_sym_int":
    case "as_sym_float":
    case "as_sym_bool":
      return symbolic(value);
    case "as_sym_ints":
    case "as_sym_floats":
    case "as_sym_bools":
      return list(value).map(symbolic);
    case "as_ints":
    case "as_floats":
    case "as_bools":
    case "as_strings":
      return list(value).map((item) => (isList(item) || isObject(item) ? null : item));
    case "as_scalar_type":
      return scalarType(value);
    case "as_int":
    case "as_float":
    case "as_bool":
    case "as_string":
      return isList(value) || isObject(value) ? null : (infinite(value) ?? null);
    default:
      return null;
  }
}
/** Newer versions write infinities as text. */
const infinite = (value: null | boolean | number | string | undefined): typeof value =>
  value === "Infinity" ? Infinity : value === "-Infinity" ? -Infinity : value;

/** The names of the values that an argument holds; '' for what has none. */
export const namesOf = (json: Json | undefined): string[] => {
  const arg = argOf(json);
  return (isArgs(arg) ? arg : [arg]).map((item) => (isRef(item) ? item.ref : ""));
};

/**
 * A SymInt: a number, or an expression whose hint is the example's size (1 where it is missing).
 */
export function sizeOfJson(json: Json | undefined): Size {
  const [kind, value] = entry(json) ?? [];
  if (kind === "as_int" && typeof value === "number") return { hint: value, symbol: null };
  const hint = member(member(value, "hint"), "as_int");
  return {
    hint: typeof hint === "number" ? hint : 1,
    symbol: text(member(value, "expr_str")) ?? "?",
  };
}

/** In cells; 0 where it is left out. */
export const offsetOf = (json: Json | undefined): number => (json ? sizeOfJson(json).hint : 0);

/** One operation of the program. */
export function nodeOf(json: Json): ExportedNode {
  const metadata = member(json, "metadata");
  return {
    target: text(member(json, "target")) ?? "",
    inputs: new Map(
      list(member(json, "inputs")).map((item) => [name(item), argOf(member(item, "arg"))]),
    ),
    outputs: list(member(json, "outputs")).flatMap(namesOf),
    stackTrace: text(member(metadata, "stack_trace")) ?? "",
    moduleStack: text(member(metadata, "nn_module_stack")) ?? "",
  };
}
