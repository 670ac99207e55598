/** Files in which countless ways lead back from an output: each node is looked at once all the same. */
import assert from "node:assert/strict";
import { GraphBuilder, type ModelGraph, type NodeId } from "../../../../src/graph/index.ts";
import { readOutputs, scoresAt } from "../../../../src/methods/outputs/index.ts";
import type { Output } from "../../../../src/methods/outputs/index.ts";

/** More ways than anybody walks, where each step doubles them. */
const STEPS = 60;

function opened(builder: GraphBuilder, output: NodeId): { graph: ModelGraph; output: Output } {
  const graph: ModelGraph = {
    ...{ format: "test", producer: null, layers: [], notes: [], inputs: [] },
    outputs: [{ name: "y", node: output, shape: builder.shape(output), dtype: "float32" }],
    nodes: builder.nodes,
    weights: { read: () => Promise.reject(new Error("none")), close: () => undefined },
  };
  const [read] = readOutputs(graph, null);
  return { graph, output: read ?? assert.fail() };
}
const again = (x: NodeId, step: (x: NodeId) => NodeId): NodeId =>
  Array.from({ length: STEPS }).reduce<NodeId>(step, x);

describe("countless ways back from an output", () => {
  it("through parameters that are added to themselves", () => {
    const net = new GraphBuilder();
    const bias = again(net.weight("b", [10]), (b) => net.add("add", "twice", [b, b]));
    const x = net.add("softmax", "y", [net.input("x", [null, 10])]);
    const { output } = opened(net, net.add("add", "moved", [bias, x]));
    assert.equal(output.kind, "classes", output.why);
  });
  it("through a length of what is joined with itself", () => {
    const net = new GraphBuilder();
    const x = net.input("x", [null, 10, 0]);
    const wide = again(x, (own) =>
      net.add("concat", "wide", Array<NodeId>(30).fill(own), { axis: 2 }),
    );
    const { output } = opened(net, net.add("div", "y", [x, net.add("sqrt", "root", [wide])]));
    assert.equal(output.kind, "classes", output.why);
  });
  it("through what is joined with itself", () => {
    const net = new GraphBuilder();
    const x = net.add("sigmoid", "p", [net.input("x", [null, 10, 1])]);
    const none = net.add("slice", "none", [x], { begin: [0, 0, 0], size: [null, 10, 0] });
    const joined = again(none, (own) => net.add("concat", "joined", [own, own], { axis: 2 }));
    const { graph, output } = opened(net, joined);
    const scores = scoresAt(graph, output, { kind: "place", place: 0 }, "y");
    assert.equal(scores.activation, "sigmoid");
    assert.ok(scores.graph.nodes.length < graph.nodes.length + 3 * STEPS);
  });
});
