import assert from "node:assert/strict";
import { unitOf } from "../../../src/methods/inspect/index.ts";
import { mapStatistics, overviewRow } from "../../../src/methods/activations/index.ts";
import { upsample } from "../../../src/methods/cam/index.ts";
import { classScores, topClasses } from "../../../src/methods/predict/index.ts";
import {
  GraphBuilder,
  type Layer,
  type ModelGraph,
  type NodeId,
} from "../../../src/graph/index.ts";
import { Outputs } from "../../../src/session/open/outputs.ts";
import type { Scores } from "../../../src/methods/types.ts";
import { floats } from "../../../src/base/tensor.ts";

const graphOf = (builder: GraphBuilder, output: NodeId): ModelGraph => ({
  format: "test",
  producer: null,
  inputs: [],
  outputs: [{ name: "y", node: output, shape: builder.shape(output), dtype: "float32" }],
  nodes: builder.nodes,
  layers: [],
  weights: { read: () => Promise.reject(new Error("none")), close: () => undefined },
  notes: [],
});

function findScores(graph: ModelGraph): Scores {
  const outputs = new Outputs(graph, null);
  return outputs.classes(outputs.find(null));
}

describe("class scores", () => {
  it("are found before a softmax, also behind a reshape", () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", [null, 1, 1, 5]);
    const soft = builder.add("softmax", "soft", [x]);
    const flat = builder.add("reshape", "flat", [soft], { shape: [null, 5] });
    const scores = findScores(graphOf(builder, flat));
    assert.equal(scores.activation, "softmax");
    assert.equal(scores.classes, 5);
    const logits = scores.graph.nodes.find(({ id }) => id === scores.logits);
    assert.deepEqual([logits?.op, logits?.shape], ["reshape", [null, 5]]);
    assert.deepEqual(logits?.inputs, [x]);
  });

  it("are found before the logarithm of a softmax, with probabilities beside it", () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", [null, 4]);
    const scores = findScores(graphOf(builder, builder.add("logSoftmax", "log", [x])));
    assert.deepEqual([scores.logits, scores.activation], [x, "softmax"]);
    const probabilities = scores.graph.nodes.find(({ id }) => id === scores.probabilities);
    assert.deepEqual([probabilities?.op, probabilities?.inputs], ["softmax", [x]]);
  });

  it("without an activation the output itself is the logit", () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", [null, 7]);
    const scores = findScores(graphOf(builder, x));
    assert.deepEqual([scores.logits, scores.probabilities, scores.classes], [x, null, 7]);
  });

  it("a single sigmoid unit speaks for two classes", () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", [null, 1]);
    const scores = findScores(graphOf(builder, builder.add("sigmoid", "p", [x])));
    assert.equal(scores.classes, 2);
    assert.deepEqual(unitOf(scores, 0), { unit: 0, sign: -1 });
    const predicted = {
      logits: floats([1, 1], Float32Array.of(2)),
      probabilities: floats([1, 1], Float32Array.of(0.75)),
    };
    const classes = classScores(scores, predicted, ["cat", "dog"]);
    assert.deepEqual(
      topClasses(classes, 1).map(({ label, probability, logit }) => [label, probability, logit]),
      [["dog", 0.75, 2]],
    );
    assert.equal(classes[0]?.probability, 0.25);
    assert.equal(classes[0].logit, -2);
  });
});

describe("map statistics", () => {
  it("keeps dead and constant apart", () => {
    // channels: dead zeros, dead negatives, constant, alive
    const data = Float32Array.of(0, -1, 2, 0, 0, -2, 2, 4);
    const maps = floats([1, 2, 4], data);
    const { dead, constant, means, deviations, zeroFraction } = mapStatistics(maps, true);
    assert.deepEqual([...deviations], [0, 0.5, 0, 2]);
    assert.deepEqual(dead, [0, 1]);
    assert.deepEqual(constant, [2]);
    assert.deepEqual([...means], [0, -1.5, 2, 2]);
    assert.deepEqual([...zeroFraction], [1, 0, 0, 0.5]);
    const linear = mapStatistics(floats([1, 2, 4], data), false);
    assert.deepEqual(
      [linear.dead, linear.constant],
      [[], [0, 2]],
      "a linear output cannot be dead",
    );
  });
});

describe("an overview of a layer", () => {
  const layer = { name: "conv", className: "Conv2D" } as Layer;

  it("has the maps that vary most, not the flat ones that are strongest", () => {
    // channels: saturated everywhere, one cell that fires, weak everywhere, an edge
    const data = Float32Array.of(9, 0, 1, 0, 9, 4, 1, 3, 9, 0, 1, 0, 9, 0, 1, 3);
    assert.deepEqual(overviewRow(layer, floats([2, 2, 4], data), 2, true).channels, [1, 3]);
  });

  it("has those that contribute to the class, of the maps that vary", () => {
    const data = Float32Array.of(9, 0, 1, 0, 9, 4, 1, 3, 9, 0, 1, 0, 9, 0, 1, 3);
    const shares = Float32Array.of(50, 0.1, 2, -3);
    const row = overviewRow(layer, floats([2, 2, 4], data), 2, true, shares);
    assert.deepEqual(row.channels, [3, 1]);
    assert.deepEqual(row.contributions?.map(Math.round), [-3, 0]);
  });

  it("has the strongest where a map is one cell", () => {
    const row = overviewRow(layer, floats([1, 1, 3], Float32Array.of(1, 5, 3)), 2, true);
    assert.deepEqual(row.channels, [1, 2]);
  });
});

describe("upsampling", () => {
  it("uses half-pixel centres and clamps at the edges", () => {
    // torch.nn.functional.interpolate([[0, 4]], size=(1, 4), mode="bilinear", align_corners=False)
    assert.deepEqual([...upsample(Float32Array.of(0, 4), [1, 2], [1, 4])], [0, 1, 3, 4]);
  });
  it("never leaves the range of the map", () => {
    const map = Float32Array.from({ length: 49 }, (_, i) => (i * 37) % 11);
    const large = upsample(map, [7, 7], [224, 160]);
    assert.equal(large.length, 224 * 160);
    assert.ok(Math.min(...large) >= 0 && Math.max(...large) <= 10);
  });
});
