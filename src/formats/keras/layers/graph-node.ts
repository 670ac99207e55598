/** `TensorFlowOpLayer`: a node of a TensorFlow graph that Keras 2.0 to 2.3 kept as a layer. */
import {
  isList,
  isObject,
  member,
  text,
  type Config,
  type Json,
  type JsonObject,
} from "../../json.ts";
import type { Argument } from "../calls.ts";
import type { LayerSpec } from "../layer-call.ts";
import { snakeCase } from "../naming.ts";
import { operation } from "./operations.ts";

/** Versions of an operation that mean the same here. */
const plainName = (op: string): string => snakeCase(op.replace(/V\d$/, ""));

/** The operation with the node's attributes as settings, and its constants in their places among the tensors. */
export function graphNode(config: Config): LayerSpec | undefined {
  const node = config.get("node_def");
  const op = text(member(node, "op")) ?? "";
  const found = operation(plainName(op));
  if (!found) return undefined;
  const settings = attributes(member(node, "attr"));
  const constants = config.get("constants");
  const inputs = member(node, "input");
  const count = isList(inputs) ? inputs.length : 0;
  return {
    lower: (call) => {
      const tensors = [...call.args];
      const args = Array.from({ length: count }, (_, i): Argument | undefined => {
        const value = member(constants, String(i));
        return value === undefined ? tensors.shift() : { kind: "value", value };
      }).filter((argument) => argument !== undefined);
      // the axis of a concatenation stands behind what is joined
      const last = args.at(-1);
      const joined = op.startsWith("Concat") && last?.kind === "value";
      const axis = joined ? { axis: last.value } : {};
      return found.lower(call.with({ ...settings, ...axis }, joined ? args.slice(0, -1) : args));
    },
  };
}

/** `{ keep_dims: { b: true }, N: { i: "2" } }`, as protocol buffers are written in JSON. */
function attributes(json: Json | undefined): JsonObject {
  const plain = (value: Json): Json => {
    const whole = member(value, "i");
    const list = member(member(value, "list"), "i");
    if (isList(list)) return list.map(Number);
    return whole === undefined ? (member(value, "b") ?? member(value, "f") ?? null) : Number(whole);
  };
  return Object.fromEntries(
    Object.entries(isObject(json) ? json : {}).map(([key, value]) => [key, plain(value)]),
  );
}
