/** Exported programs as torch.export writes them, by hand. */
import { zipSync, type Zippable } from "fflate";

export const PROGRAM = "serialized_exported_program.json";
export const sizes = (...shape: readonly number[]): object => ({
  dtype: 7,
  sizes: shape.map((n) => ({ as_int: n })),
});
export const tensorArg = (name: string): object => ({ as_tensor: { name } });
export const spec = { parameter: { arg: { name: "p_w" }, parameter_name: "w" } };
export const program = (
  nodes: readonly object[],
  values: object,
  inputs: readonly object[] = [],
): object => ({
  graph_module: {
    graph: { inputs: [], outputs: [], nodes, tensor_values: { x: sizes(1, 3, 8, 8), ...values } },
    signature: {
      input_specs: [...inputs, { user_input: { arg: tensorArg("x") } }],
      output_specs: [{ user_output: { arg: tensorArg("y") } }],
    },
  },
});
export const operation = (target: string, ...inputs: readonly object[]): object => ({
  target,
  inputs,
  outputs: [tensorArg("y")],
  metadata: {},
});
export const self = { name: "self", arg: tensorArg("x") };
export const pt2 = (json: object | string, extra: Zippable = {}): Uint8Array =>
  zipSync(
    { [PROGRAM]: Buffer.from(typeof json === "string" ? json : JSON.stringify(json)), ...extra },
    { level: 0 },
  );
