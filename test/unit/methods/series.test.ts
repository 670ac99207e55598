/** Series and pictures without channels are fed and looked at as pictures [N, H, W, C]. */
import assert from "node:assert/strict";
import { GraphBuilder, type NodeId, withMaps, withSeries } from "../../../src/graph/index.ts";
import { summariseLayers } from "../../../src/methods/inspect/index.ts";
import { conform } from "../../../src/session/run/arrays.ts";
import { at } from "../../../src/base/at.ts";
import { floats, type Shape, sizeOf } from "../../../src/base/tensor.ts";

/** A convolution of windows of 1 x 3, or 3 x 3, over what `lead` makes of an input. */
function network(shape: Shape, lead: (net: GraphBuilder, x: NodeId) => NodeId) {
  const net = new GraphBuilder();
  const x = net.input("x", shape);
  const picture = lead(net, x);
  const [, rows = 1, , channels = 1] = net.shape(picture);
  const kernel = [Math.min(3, Number(rows)), 3, Number(channels), 4];
  const zeros = net.constant(floats(kernel, new Float32Array(sizeOf(kernel))));
  const attrs = { strides: [1, 1], dilations: [1, 1], padding: "same" } as const;
  const maps = net.add("conv2d", "conv", [picture, zeros], attrs);
  const [n = null, , length = null, depth = null] = net.shape(maps);
  const output =
    rows === 1 ? net.add("reshape", "out", [maps], { shape: [n, length, depth] }) : maps;
  const layer = { name: "conv", className: "Conv", nodes: [maps], output, preActivation: null };
  const weights = { read: () => assert.fail(), close: () => undefined };
  const graph = {
    ...{ format: "none", producer: null, outputs: [], notes: [], weights, nodes: net.nodes },
    inputs: [{ name: "x", node: x, shape, dtype: "float32" } as const],
    layers: [{ ...layer, inputs: [], weights: [], opaque: null }],
  };
  return withMaps(withSeries(graph));
}
const row = (net: GraphBuilder, x: NodeId): NodeId => {
  const [n = null, length = null, channels = null] = net.shape(x);
  return net.add("reshape", "row", [x], { shape: [n, 1, length, channels] });
};

describe("series", () => {
  const cases = {
    "steps before channels": network([null, 5, 2], row),
    "channels before steps": network([null, 2, 5], (net, x) =>
      row(net, net.add("transpose", "last", [x], { perm: [0, 2, 1] })),
    ),
  };
  for (const [name, graph] of Object.entries(cases))
    it(`${name}: one row of the channels, whose layers are maps`, () => {
      const [input] = graph.inputs;
      assert.deepEqual(input?.shape, [null, 1, 5, 2]);
      const [conv] = summariseLayers(graph);
      assert.deepEqual([conv?.pictures, conv?.mapShape], [["x"], [null, 1, 5, 4]]);
      const numbers = floats(
        [1, 5, 2],
        Float32Array.from({ length: 10 }, (_, i) => i),
      );
      const fed = conform(numbers, at(graph.inputs, 0), "x.npy");
      assert.deepEqual([...fed.data], [...numbers.data]);
      assert.deepEqual(fed.shape, [1, 1, 5, 2]);
    });
  it("in the file's order, channels before steps, are turned", () => {
    const [input] = cases["channels before steps"].inputs;
    const numbers = floats(
      [2, 5],
      Float32Array.from({ length: 10 }, (_, i) => i),
    );
    const fed = conform(numbers, input ?? assert.fail(), "x.npy");
    assert.deepEqual([...fed.data], [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]);
  });
  it("pictures without channels have one", () => {
    const graph = network([null, 6, 5], (net, x) =>
      net.add("reshape", "gray", [x], { shape: [null, 6, 5, 1] }),
    );
    assert.deepEqual(graph.inputs[0]?.shape, [null, 6, 5, 1]);
    assert.deepEqual(summariseLayers(graph)[0]?.pictures, ["x"]);
  });
  it("what no window slides along stays as it is", () => {
    const net = new GraphBuilder();
    const facts = net.input("facts", [null, 4]);
    const graph = network([null, 5, 2], row);
    const inputs = [{ name: "facts", node: facts, shape: [null, 4], dtype: "float32" } as const];
    assert.equal(withSeries({ ...graph, nodes: net.nodes, inputs }).inputs[0]?.shape.length, 2);
  });
});
