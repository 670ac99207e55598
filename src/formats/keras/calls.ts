/** How layers are connected: Keras 3 `args/kwargs` with `__keras_tensor__`, and the nested lists of Keras 1 and 2. */
import type { Shape } from "../../base/tensor.ts";
import { isList, isObject, member, text, type Json } from "../json.ts";

/** One output of one call of a layer. */
export interface TensorRef {
  readonly layer: string;
  /** Which call of the layer; a nested model counts from 1 (its own definition is call 0). */
  readonly call: number;
  readonly index: number;
  /** Where the file tells it. */
  readonly shape: Shape | null;
}

/** One use of a layer. Arguments that are no tensors are those of operations, as in `x * 2`. */
export interface Call {
  readonly args: readonly Argument[];
  readonly kwargs: ReadonlyMap<string, Argument>;
}
/** An argument that an earlier call of a layer computes. */
export interface TensorArgument {
  readonly kind: "tensor";
  readonly ref: TensorRef;
}
/** An argument of a call: a tensor, a list that may hold tensors, or plain JSON. */
export type Argument =
  | TensorArgument
  | { readonly kind: "list"; readonly items: readonly Argument[] }
  | { readonly kind: "value"; readonly value: Json };

/** All calls of a layer: its `inbound_nodes`. */
export function parseCalls(nodes: Json | undefined): Call[] {
  return isList(nodes) ? nodes.map(parseCall) : [];
}

/** `[["conv1", 0, 0]]`, `["conv1", 0, 0]`, or a dictionary of them. */
export function parseRefs(json: Json | undefined): TensorRef[] {
  const ref = legacyRef(json);
  if (ref) return [ref];
  const items = isList(json) ? json : isObject(json) ? Object.values(json) : [];
  return items.flatMap((item) => parseRefs(item));
}

/** The arguments of a call that are tensors, in order. */
export function tensorArguments(call: Call): TensorArgument[] {
  return [...call.args, ...call.kwargs.values()].flatMap(tensors);
}
/** All tensors of a call, in order. */
export const tensorsOf = (call: Call): TensorRef[] => tensorArguments(call).map(({ ref }) => ref);

function tensors(argument: Argument): TensorArgument[] {
  if (argument.kind === "tensor") return [argument];
  return argument.kind === "list" ? argument.items.flatMap(tensors) : [];
}

function parseCall(node: Json): Call {
  if (isObject(node) && Object.hasOwn(node, "args")) {
    const args = argument(node["args"]);
    return { args: args.kind === "list" ? args.items : [], kwargs: named(node["kwargs"]) };
  }
  return legacyCall(node);
}

function argument(json: Json | undefined): Argument {
  const tensor = kerasTensor(json);
  if (tensor) return { kind: "tensor", ref: tensor };
  if (isList(json)) return { kind: "list", items: json.map(argument) };
  return { kind: "value", value: arrayIn(json) ?? json ?? null };
}

function named(json: Json | undefined): Map<string, Argument> {
  return new Map(
    Object.entries(isObject(json) ? json : {}).map(([key, value]) => [key, argument(value)]),
  );
}

/** An array that the network was built with, as nested lists: a position embedding, a class token. */
const arrayIn = (json: Json | undefined): Json | undefined =>
  ["__numpy__", "__tensor__"].includes(text(member(json, "class_name")) ?? "")
    ? member(member(json, "config"), "value")
    : undefined;

function kerasTensor(json: Json | undefined): TensorRef | null {
  if (text(member(json, "class_name")) !== "__keras_tensor__") return null;
  const config = member(json, "config");
  const history = legacyRef(member(config, "keras_history"));
  const shape = member(config, "shape");
  const known = isList(shape) && shape.every((axis) => axis === null || typeof axis === "number");
  return history && { ...history, shape: known ? shape : null };
}

/**
 * Keras 2: `[["a", 0, 0, {}], ["b", 0, 0, {}]]` is a call with two tensors (as a list); an operation with several
 * arguments has the others in the dictionary of the first, and a first argument that is no tensor is `["_CONSTANT_VALUE", -1, value, {}]`;
 * a call with a single argument may be written without the outer list.
 */
function legacyCall(node: Json): Call {
  const single = isList(node) && typeof node[0] === "string";
  const several = isList(node) ? node : isObject(node) ? Object.values(node) : [];
  const entries = single ? [node] : several;
  const args = entries.map(legacyArgument);
  const extra = isList(entries[0]) ? entries[0][3] : undefined;
  const kwargs = new Map(
    Object.entries(isObject(extra) ? extra : {}).map(([key, value]) => [key, legacyValue(value)]),
  );
  return { args, kwargs };
}

function legacyArgument(entry: Json): Argument {
  if (isList(entry) && entry[0] === "_CONSTANT_VALUE")
    return { kind: "value", value: entry[2] ?? null };
  const ref = legacyRef(entry);
  return ref ? { kind: "tensor", ref } : { kind: "value", value: entry };
}

function legacyValue(value: Json): Argument {
  const ref = legacyRef(value);
  if (ref) return { kind: "tensor", ref };
  if (isList(value) && value.some((item) => isRef(item)))
    return { kind: "list", items: value.map(legacyValue) };
  return { kind: "value", value };
}

const isRef = (json: Json): boolean =>
  isList(json) &&
  json.length >= 3 &&
  typeof json[0] === "string" &&
  typeof json[1] === "number" &&
  typeof json[2] === "number";

function legacyRef(json: Json | undefined): TensorRef | null {
  if (!isList(json) || !isRef(json)) return null;
  const [layer, call, index] = json;
  return typeof layer === "string" && typeof call === "number" && typeof index === "number"
    ? { layer, call, index, shape: null }
    : null;
}
