/** Tiny TensorFlow graphs, written field by field (graph.proto, function.proto). */
import { entry, field, message } from "../../support/protobuf.ts";

/** NodeDef; attributes are AttrValues. */
export function node(
  name: string,
  op: string,
  inputs: readonly string[] = [],
  attributes: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array {
  return message(
    field(1, name),
    field(2, op),
    ...inputs.map((input) => field(3, input)),
    ...Object.entries(attributes).map(([key, value]) => entry(5, key, value)),
  );
}
export const FLOAT = field(6, 1);
export const shape = (...axes: readonly number[]): Uint8Array =>
  message(...axes.map((axis) => field(2, field(1, axis))));
export const placeholder = node("x", "Placeholder", [], {
  dtype: FLOAT,
  shape: field(7, shape(-1, 4, 4, 3)),
});
/** A constant of float32: TensorProto with the fields given. */
export const constant = (name: string, ...fields: readonly Uint8Array[]): Uint8Array =>
  node(name, "Const", [], { dtype: FLOAT, value: field(8, message(field(1, 1), ...fields)) });
export const call = (name: string, fn: string, ...inputs: readonly string[]): Uint8Array =>
  node(name, "PartitionedCall", inputs, { f: field(10, field(1, fn)) });
/** FunctionDef of one tensor x -> y. */
export const fn = (name: string, ...nodes: readonly Uint8Array[]): Uint8Array =>
  message(
    field(1, message(field(1, name), field(2, field(1, "x")), field(3, field(1, "y")))),
    ...nodes.map((each) => field(3, each)),
    field(4, message(field(1, "y"), field(2, "out:output:0"))),
  );
export const graph = (
  nodes: readonly Uint8Array[],
  functions: readonly Uint8Array[] = [],
): Uint8Array =>
  message(
    ...nodes.map((each) => field(1, each)),
    field(2, message(...functions.map((each) => field(1, each)))),
  );
