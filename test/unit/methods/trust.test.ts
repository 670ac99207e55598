import assert from "node:assert/strict";
import { stageSizes } from "../../../src/methods/trust/randomisation.ts";
import { parametersOf, shuffledWeights } from "../../../src/methods/trust/shuffled.ts";
import { rankCorrelation, ssim } from "../../../src/methods/trust/similarity.ts";
import { merged, type ClassMap } from "../../../src/methods/cam/index.ts";
import { blurred } from "../../../src/session/index.ts";
import { GraphBuilder, type ModelGraph } from "../../../src/graph/index.ts";
import { floats, type TensorData } from "../../../src/base/tensor.ts";

const PLAIN = { transposeA: false, transposeB: false };
const of = (...values: number[]): Float32Array => Float32Array.from(values);

describe("likeness of maps", () => {
  it("rank correlation: order counts, not size; ties share a rank; a constant map is like none", () => {
    assert.equal(rankCorrelation(of(1, 2, 3), of(1, 10, 100)), 1);
    assert.equal(rankCorrelation(of(1, 2, 3), of(3, 2, 1)), -1);
    assert.equal(rankCorrelation(of(1, 2, 3), of(5, 5, 5)), 0);
    // scipy.stats.spearmanr([1, 2, 2, 4, 0], [3, 1, 2, 5, 4])
    const scipy = 0.05129891760425771;
    assert.ok(Math.abs(rankCorrelation(of(1, 2, 2, 4, 0), of(3, 1, 2, 5, 4)) - scipy) < 1e-12);
  });

  it("SSIM: 1 with itself, the formula in one window, less for noise", () => {
    const map = Float32Array.from({ length: 100 }, (_, i) => Math.sin(i));
    assert.ok(Math.abs(ssim(map, map, [10, 10]) - 1) < 1e-12);
    // one window: means 0.625 and 0.625, variances 0.078125 and 0.140625, covariance 0.09375
    const wanted =
      ((2 * 0.625 ** 2 + 1e-4) * (2 * 0.09375 + 9e-4)) /
      ((2 * 0.625 ** 2 + 1e-4) * (0.078125 + 0.140625 + 9e-4));
    const one = ssim(of(0.25, 0.5, 0.75, 1), of(0.25, 0.25, 1, 1), [2, 2]);
    assert.ok(Math.abs(one - wanted) < 1e-6, `${one}, ${wanted}`);
  });
});

describe("shuffled weights", () => {
  const builder = new GraphBuilder();
  const x = builder.input("x", [null, 3]);
  const [w1, w2] = [builder.weight("w1", [3, 4]), builder.weight("w2", [4, 2])];
  const hidden = builder.add("matMul", "hidden", [x, w1], PLAIN);
  const logits = builder.add("matMul", "logits", [hidden, w2], PLAIN);
  const read = (ref: string): Promise<TensorData> =>
    Promise.resolve(
      floats(
        ref === "w1" ? [3, 4] : [4, 2],
        of(1, 2, 3, 4, 5, 6, 7, 8, ...(ref === "w1" ? [9, 10, 11, 12] : [])),
      ),
    );
  const graph = {
    nodes: builder.nodes,
    layers: [
      { name: "first", nodes: [hidden] },
      { name: "second", nodes: [logits] },
    ],
    weights: { read, close: () => undefined },
  } as unknown as ModelGraph;

  it("are those of the layers, from the last to the first", () => {
    assert.deepEqual(parametersOf(graph, logits), [
      { layer: "second", refs: ["w2"] },
      { layer: "first", refs: ["w1"] },
    ]);
    assert.deepEqual(parametersOf(graph, hidden), [{ layer: "first", refs: ["w1"] }]);
  });

  it("keep their values, come the same from a seed, and leave the others alone", async () => {
    const one = await shuffledWeights(graph.weights, ["w2"], 3).read("w2");
    const more = await shuffledWeights(graph.weights, ["w2", "w1"], 3).read("w2");
    const other = await shuffledWeights(graph.weights, ["w2"], 4).read("w2");
    const { data } = await read("w2");
    assert.deepEqual(one, more);
    assert.notDeepEqual([...one.data], [...data]);
    assert.notDeepEqual([...one.data], [...other.data]);
    assert.deepEqual([...one.data].sort(), [...data].sort());
    const untouched = await shuffledWeights(graph.weights, ["w2"], 3).read("w1");
    assert.deepEqual(untouched, await read("w1"));
    assert.deepEqual([...data], [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("stages: each layer of a small network, geometrically more of a large one", () => {
    assert.deepEqual(stageSizes(4), [1, 2, 3, 4]);
    const large = stageSizes(100);
    assert.deepEqual([large[0], large.at(-1), large.length], [1, 100, 8]);
    assert.ok(large.every((size, i) => size > (large[i - 1] ?? 0)));
  });
});

describe("merged maps", () => {
  const map = (classIndex: number, ...values: number[]): ClassMap => {
    const signed = floats([1, 2], of(...values));
    const raw = floats(
      [1, 2],
      signed.data.map((value) => Math.max(0, value)),
    );
    return { classIndex, signed, raw, alpha: null };
  };

  it("each layer divided by its largest value, then averaged; a layer without evidence adds nothing", () => {
    const [a, b] = merged(
      [
        [map(0, 4, 2), map(1, 1, 0)],
        [map(0, 10, 0), map(1, 0, 5)],
        [map(0, -3, -1), map(1, -2, -2)],
      ],
      [1, 2],
    );
    const near = (actual: ClassMap | undefined, ...wanted: number[]): void =>
      wanted.forEach((value, i) => {
        assert.ok(Math.abs((actual?.raw.data[i] ?? NaN) - value) < 1e-6, String(i));
      });
    near(a, 2 / 3, 1 / 6);
    near(b, 1 / 12, 1 / 6);
    const [none] = merged([[map(0, -3, -1)], [map(0, -1, 0)]], [1, 2]);
    near(none, 0, 0);
  });
});

describe("blurred baseline", () => {
  it("keeps a constant picture, and the sum of a dot that is far from the edge", () => {
    const flat = blurred(floats([1, 5, 7, 2], new Float32Array(70).fill(3)), 2);
    assert.ok(flat.data.every((value) => Math.abs(value - 3) < 1e-5));
    const dot = new Float32Array(21 * 21);
    dot[10 * 21 + 10] = 1;
    const { data } = blurred(floats([1, 21, 21, 1], dot), 2);
    assert.ok(Math.abs(data.reduce((a, b) => a + b) - 1) < 1e-5);
    // exp(-1 / 8) between neighbours
    const ratio = (data[10 * 21 + 11] ?? 0) / (data[10 * 21 + 10] ?? 1);
    assert.ok(Math.abs(ratio - Math.exp(-1 / 8)) < 1e-5);
  });
});
