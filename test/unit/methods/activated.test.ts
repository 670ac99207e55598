import assert from "node:assert/strict";
import { readModel } from "../../../src/formats/index.ts";
import { summariseLayers } from "../../../src/methods/inspect/index.ts";
import { activationOf } from "../../../src/methods/inspect/activation-function.ts";
import { GraphBuilder, type NodeId } from "../../../src/graph/index.ts";
import { fixture } from "../formats/support.ts";

/** Layers of a file: those that rectify, other activations, and neither. */
async function sorted(file: string): Promise<Record<"rectify" | "others" | "none", string[]>> {
  const graph = await readModel(fixture(file));
  const layers = summariseLayers(graph);
  graph.weights.close();
  const names = (keep: (layer: (typeof layers)[number]) => boolean): string[] =>
    layers.filter(keep).map(({ name }) => name);
  return {
    rectify: names(({ rectified }) => rectified),
    others: names(({ activated, rectified }) => activated && !rectified),
    none: names(({ activated }) => !activated),
  };
}
const holds = (list: readonly string[], ...names: readonly string[]): void => {
  for (const name of names) assert.ok(list.includes(name), `${name} in ${list.join()}`);
};

describe("activation functions, as one operation or written out", () => {
  it("of Keras", async () => {
    const { rectify, others, none } = await sorted("keras/activations.k3.keras");
    holds(rectify, "act_relu", "act_relu6", "act_gelu", "act_silu", "act_mish", "act_hard_swish");
    holds(others, "act_leaky_relu", "act_elu", "act_selu", "act_tanh", "act_sigmoid", "act_softplus", "act_celu", "act_hard_tanh"); // prettier-ignore
    holds(none, "act_linear", "act_softmax");
    holds((await sorted("keras/activation_layers.k3.keras")).others, "p_re_lu", "leaky_re_lu");
  });
  it("of TFLite", async () => {
    holds((await sorted("tflite/prelu.tflite")).others, "sequential/p_re_lu/add", "p_re_lu_1");
    holds((await sorted("tflite/exact_gelu.tflite")).rectify, "Gelu/mul_1");
  });
  it("of PyTorch", async () => {
    const { rectify, others, none } = await sorted("torch/ops.pt2");
    holds(rectify, "gelu", "hardswish", "mish", "silu");
    holds(others, "elu", "prelu", "sigmoid");
    holds(none, "add_1", "mul", "sub", "div", "layer_norm", "group_norm", "mul_1");
  });
});

describe("activation functions in an exporter's own order", () => {
  const builder = new GraphBuilder();
  const x = builder.input("x", [null, 4, 4, 8]);
  const op = (kind: "add" | "mul" | "div" | "erf" | "sigmoid", ...inputs: NodeId[]): NodeId =>
    builder.add(kind, `${kind}_${builder.nodes.length}`, inputs, {});
  const number = (value: number): NodeId => builder.scalar(value);
  const clip = (from: NodeId): NodeId =>
    builder.add("clip", `clip_${builder.nodes.length}`, [from], { min: 0, max: 6 });
  const relu = builder.add("relu", "relu", [x], {});
  const kind = (id: NodeId): boolean | undefined =>
    activationOf(builder.get(id), new Map(builder.nodes.map((node) => [node.id, node])))?.rectifies;

  it("GELU as Div, Erf, Add, Mul, Mul; hard-swish as Add, Clip, Mul, Div", () => {
    const erf = op("add", op("erf", op("div", x, number(Math.SQRT2))), number(1));
    assert.equal(kind(op("mul", op("mul", x, erf), number(0.5))), true);
    const swish = op("mul", x, clip(op("add", x, number(3))));
    assert.equal(kind(op("div", swish, number(6))), true);
  });
  it("what is none: a gate of another tensor, a residual sum, a scaled or normalised map", () => {
    const pooled = builder.add("mean", "pooled", [relu], { axes: [1, 2], keepDims: true });
    const scale = builder.weight("gamma", [8]);
    for (const id of [
      op("mul", relu, op("sigmoid", pooled)),
      op("add", relu, x),
      op("add", relu, number(1)),
      op("mul", relu, number(2)),
      op("add", op("mul", relu, scale), scale),
      op("mul", relu, relu),
    ])
      assert.equal(kind(id), undefined, id);
  });
});
