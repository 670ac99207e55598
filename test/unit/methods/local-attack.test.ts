/** Following one changed pixel through a network gives what a whole pass gives: every place to cut, every kind of border. */
import assert from "node:assert/strict";
import { possibleCuts } from "../../../src/methods/attack/local/cut.ts";
import { localScorer } from "../../../src/methods/attack/local/scorer.ts";
import { withPixels, type Pixel } from "../../../src/methods/attack/pixels.ts";
import { candidateScorer } from "../../../src/methods/attack/score.ts";
import { Outputs } from "../../../src/session/open/outputs.ts";
import type { Scores } from "../../../src/methods/types.ts";
import { GraphBuilder, type ConvAttrs, type NodeId } from "../../../src/graph/index.ts";
import { NAMED_SCALINGS } from "../../../src/base/preprocessing.ts";
import { floats } from "../../../src/base/tensor.ts";
import { graphOf, noise, onEachEngine } from "../engine/support.ts";

const SIZE = 9;
type Net = (b: Layers, x: NodeId) => NodeId;

/** Layers with weights of their own. */
class Layers {
  readonly builder = new GraphBuilder();
  private seed = 1;

  weights(shape: readonly number[]): NodeId {
    return this.builder.constant(noise(shape, this.seed++), "weights");
  }
  conv(x: NodeId, filters: number, attrs: Partial<ConvAttrs> = {}, kernel = 3): NodeId {
    const depth = this.builder.shape(x)[3] ?? 1;
    const all = { strides: [1, 1], dilations: [1, 1], padding: "same", ...attrs } as const;
    const w = this.weights([kernel, kernel, depth, filters]);
    const y = this.builder.add("conv2d", "conv", [x, w], all);
    return this.builder.add("biasAdd", "bias", [y, this.weights([filters])]);
  }
  relu(x: NodeId): NodeId {
    return this.builder.add("relu", "relu", [x]);
  }
  head(x: NodeId): NodeId {
    const { builder } = this;
    const size = builder
      .shape(x)
      .slice(1)
      .reduce<number>((n, axis) => n * (axis ?? 1), 1);
    const flat = builder.add("reshape", "flat", [x], { shape: [null, size] });
    const w = this.weights([size, 3]);
    return builder.add("matMul", "logits", [flat, w], { transposeA: false, transposeB: false });
  }
}

const pool = { window: [3, 3], strides: [2, 2] } as const;
const NETS: Readonly<Record<string, Net>> = {
  "same, then valid": (b, x) => b.conv(b.relu(b.conv(x, 3)), 4, { padding: "valid" }),
  "strides and explicit padding": (b, x) =>
    b.conv(b.relu(b.conv(x, 3, { strides: [2, 2], padding: [1, 0, 2, 1] })), 2, {
      strides: [1, 2],
    }),
  "a stride that passes pixels by": (b, x) =>
    b.conv(b.conv(x, 4, { strides: [2, 2], padding: "valid" }, 1), 3),
  "dilation and depthwise": (b, x) => {
    const dilated = b.relu(b.conv(x, 3, { dilations: [2, 2] }));
    const depthwise = { strides: [1, 1], dilations: [1, 1], padding: "same" } as const;
    return b.builder.add("depthwiseConv2d", "dw", [dilated, b.weights([3, 3, 3, 2])], depthwise);
  },
  "max pooling of negative values with padded borders": (b, x) =>
    b.conv(b.builder.add("maxPool", "pool", [b.conv(x, 3)], { ...pool, padding: "same" }), 3),
  "average pooling, batch norm": (b, x) => {
    const y = b.builder.add("avgPool", "pool", [b.conv(x, 3)], { ...pool, padding: "valid" });
    const positive = b.builder.add("square", "variance", [b.weights([3])]);
    const parts = [b.weights([3]), b.weights([3]), b.weights([3]), positive];
    return b.conv(b.builder.add("batchNorm", "norm", [y, ...parts], { epsilon: 0.1 }), 2);
  },
  "a residual sum of different reach, and a concatenation": (b, x) => {
    const first = b.relu(b.conv(x, 3));
    const second = b.conv(b.relu(b.conv(first, 3)), 3, {}, 5);
    const sum = b.relu(b.builder.add("add", "sum", [first, second]));
    const both = b.builder.add("concat", "both", [sum, b.conv(sum, 2)], { axis: 3 });
    return b.conv(both, 2, { padding: "valid" });
  },
  "padding as an operation of its own": (b, x) => {
    const paddings = [
      [0, 0],
      [2, 1],
      [0, 3],
      [0, 0],
    ] as const;
    const padded = b.builder.add("pad", "padded", [b.conv(x, 2)], { paddings, value: 0.5 });
    return b.conv(padded, 3, { padding: "valid", strides: [2, 2] });
  },
};

function scoresOf(net: Net): Scores {
  const layers = new Layers();
  const input = layers.builder.input("x", [null, SIZE, SIZE, 3]);
  const logits = layers.head(net(layers, input));
  const spec = (
    node: NodeId,
  ): { name: string; node: NodeId; shape: readonly (number | null)[] } => ({
    ...{ name: node, node, shape: layers.builder.shape(node) },
  });
  const outputs = new Outputs(
    {
      ...graphOf(layers.builder.nodes),
      inputs: [{ ...spec(input), dtype: "float32" }],
      outputs: [{ ...spec(logits), dtype: "float32" }],
    },
    null,
  );
  return outputs.classes(outputs.find(null));
}

describe("following one pixel", () => {
  const scaling = NAMED_SCALINGS["-1..1"] ?? assert.fail();
  const { data } = noise([1, SIZE, SIZE, 3], 99);
  const input = floats([1, SIZE, SIZE, 3], Float32Array.from(data));
  const pixels: Pixel[] = Array.from({ length: SIZE * SIZE * 2 }, (_, i) => ({
    ...{ y: Math.floor(i / 2 / SIZE), x: Math.floor(i / 2) % SIZE },
    rgb: i % 2 === 0 ? [255, 0, 255] : [0, 255, 30],
  }));

  onEachEngine((engine) => {
    for (const [name, net] of Object.entries(NETS))
      it(`${name}: equal to a whole pass, wherever it is cut`, async () => {
        const scores = scoresOf(net);
        const subject = { engine: engine() };
        const score = await candidateScorer(subject, scores, 1);
        const rows = withPixels(
          input,
          pixels.map((pixel) => [pixel]),
          scaling,
        );
        const wanted = await score(rows);
        const largest = Math.max(...wanted.map(({ logOdds }) => Math.abs(logOdds)));
        const cuts = possibleCuts(scores.graph, "x", scores.logits);
        assert.ok(cuts.length >= 3, `${cuts.length} places to cut`);
        for (const followed of cuts) {
          const local = await localScorer(subject, scores, 1, input, scaling, () => followed);
          const found = (await local?.score(pixels)) ?? assert.fail();
          found.forEach(({ logOdds }, i) => {
            const off = Math.abs(logOdds - (wanted[i]?.logOdds ?? NaN));
            assert.ok(off <= 1e-5 * largest, `cut at ${followed.cut}: ${off} of ${largest}, ${i}`);
          });
        }
      });
  });
});
