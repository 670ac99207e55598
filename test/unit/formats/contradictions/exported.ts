import assert from "node:assert/strict";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { fixtureBytes } from "../support.ts";
import { PROGRAM } from "../pt2-files.ts";
import { at, type Cases } from "./types.ts";

interface ExportedNode {
  readonly target: string;
  readonly inputs: { name: string; arg: Record<string, unknown> }[];
  readonly outputs: { as_tensor: { name: string } }[];
}
interface Exported {
  readonly graph_module: {
    readonly graph: {
      readonly nodes: ExportedNode[];
      readonly tensor_values: Record<string, { sizes: { as_int: number }[] }>;
    };
    readonly signature: { readonly input_specs: object[]; readonly output_specs: object[] };
  };
}
const archived = unzipSync(fixtureBytes("torch/small.pt2"));
function changed(change: (program: Exported) => void): Uint8Array {
  const program = JSON.parse(strFromU8(at(archived, PROGRAM))) as Exported;
  change(program);
  return zipSync({ ...archived, [PROGRAM]: strToU8(JSON.stringify(program)) }, { level: 0 });
}
const nodeAt = ({ graph_module: { graph } }: Exported, index: number): ExportedNode =>
  graph.nodes[index] ?? assert.fail();
/** Of the first convolution (0), or its pooling (2). */
const argument = (index: number, name: string, arg: Record<string, unknown>): Uint8Array =>
  changed((program) => {
    const { inputs } = nodeAt(program, index);
    const known = inputs.findIndex((input) => input.name === name);
    inputs.splice(known < 0 ? inputs.length : known, 1, { name, arg });
  });
const many = (...as_ints: readonly number[]): Record<string, unknown> => ({ as_ints });
const named = (name: string): { as_tensor: { name: string } } => ({ as_tensor: { name } });
const sizesOf = (name: string, ...sizes: readonly number[]): Uint8Array =>
  changed(({ graph_module: { graph } }) => {
    at(graph.tensor_values, name).sizes = sizes.map((n) => ({ as_int: n }));
  });
export const exported: Cases = {
  "a kernel of another shape": [sizesOf("p_conv1_weight", 16, 3, 5, 5), /program needs \[16, 3, 5/],
  "steps that lead nowhere": [argument(0, "stride", many(0, 0)), /strides \[0, 0\]/],
  "too many steps": [argument(0, "stride", many(1, 1, 1)), /stride \[1, 1, 1\] for 2 axes/],
  "padding below zero": [argument(0, "padding", many(-1, -1)), /padding \[-1, -1, -1, -1\]/],
  "no dilation": [argument(0, "dilation", many(0, 0)), /dilations \[0, 0\]/],
  "groups that do not divide": [argument(0, "groups", { as_int: 3 }), /16 filters in 3 groups/],
  "a bias of others": [argument(0, "bias", named("p_conv2_bias")), /16 filters and a bias of 32/],
  "a window of nothing": [argument(2, "kernel_size", many(0, 0)), /window \[0, 0\]/],
  "windows that do not move": [argument(2, "stride", many(0, 0)), /strides \[0, 0\]/],
  "windows beside the picture": [argument(2, "padding", many(4, 4)), /its padding is \[4/],
  "an input of no rows": [
    sizesOf("x", 4, 3, 0, 32),
    /its input 'x' has the shape \[\?, 0, 32, 3\]/,
  ],
  "a tensor that is computed twice": [
    changed((program) => nodeAt(program, 4).outputs.splice(0, 1, named("relu"))),
    /two of its tensors are called 'relu'/,
  ],
  "an input that is computed": [
    changed((program) => nodeAt(program, 1).outputs.splice(0, 1, named("x"))),
    /two of its tensors are called 'x'/,
  ],
  "an operation before what it takes": [
    argument(0, "input", named("relu_1")),
    /takes 'relu_1', which comes after it/,
  ],
  "a tensor that nothing computes": [
    argument(0, "input", named("nobody")),
    /takes 'nobody', which nothing computes/,
  ],
  "an output that nothing computes": [
    changed(({ graph_module: { signature } }) => {
      signature.output_specs.splice(0, 1, { user_output: { arg: named("nobody") } });
    }),
    /nothing computes its output 'nobody'/,
  ],
  "an output beyond that of an operation": [
    changed(({ graph_module: { graph, signature } }) => {
      const both = { as_tensors: [{ name: "relu" }, { name: "more" }] };
      const [, relu = assert.fail()] = graph.nodes;
      relu.outputs.splice(0, 1, both as unknown as (typeof relu.outputs)[number]);
      signature.output_specs.splice(0, 1, { user_output: { arg: named("more") } });
    }),
    /nothing computes its output 'more'/,
  ],
  "an input twice": [
    changed(({ graph_module: { signature } }) => {
      signature.input_specs.push(...signature.input_specs.slice(-1));
    }),
    /two of its tensors are called 'x'/,
  ],
};
