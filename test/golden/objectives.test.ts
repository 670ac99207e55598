/** Objectives of a maximisation against their definitions: cells, directions, sums, penalties, copies that differ. */
import assert from "node:assert/strict";
import { penaltyNode } from "../../src/methods/maximize/penalties.ts";
import { evaluateAll, evaluateEach } from "../../src/methods/maximize/evaluate.ts";
import { recipes } from "../../src/methods/maximize/index.ts";
import type { MaximizeRequest } from "../../src/methods/maximize/types.ts";
import { maximizeRows, objectiveOf, type OpenModel, type Runner } from "../../src/session/index.ts";
import type { MaximizeOptions, MaximizeTarget } from "../../src/shared/question.ts";
import { GraphBuilder } from "../../src/graph/index.ts";
import { asFloats, floats, type FloatTensor } from "../../src/base/tensor.ts";
import { feed, onEachEngine, open, runnerOf } from "./support.ts";

const silent = { signal: new AbortController().signal, progress: () => undefined };
const close = (actual: number, wanted: number, limit = 1e-4): void => {
  assert.ok(
    Math.abs(actual - wanted) <= limit * Math.max(1, Math.abs(wanted)),
    `${actual} is not ${wanted}`,
  );
};

describe("objectives", () => {
  let small: OpenModel;
  before(async () => {
    small = await open("small_k3.keras", "0..1");
  });
  after(() => small.close());

  onEachEngine((engine) => {
    const picture = async (): Promise<FloatTensor> =>
      asFloats((await feed(small, "digits/digit_04_label4.png")).inputs[0] ?? assert.fail());
    const maps = async (runner: Runner): Promise<FloatTensor> =>
      runner.maps({ key: "objectives", inputs: [await picture()] }, small.layer("conv2"), false);
    const value = async (
      runner: Runner,
      expression: string,
      options: MaximizeOptions = {},
    ): Promise<number> => {
      const objectives = [objectiveOf(small, { expression }, options)];
      const one = await picture();
      const [all = NaN] = await evaluateAll(runner.subject, small.scores, objectives, [one]);
      const [each = NaN] = await evaluateEach(runner.subject, small.scores, objectives, one);
      close(all, each, 1e-5);
      return all;
    };

    it("channel, cell, class and their sums are what the network says", async () => {
      const runner = runnerOf(small, engine());
      const { data, shape } = await maps(runner);
      const [height = 1, width = 1, depth = 1] = shape;
      const at = (y: number, x: number, k: number): number =>
        data[(y * width + x) * depth + k] ?? NaN;
      const mean = (k: number): number =>
        data.reduce((sum, v, i) => (i % depth === k ? sum + v : sum), 0) / (height * width);
      close(await value(runner, "conv2:1"), mean(1));
      close(await value(runner, "conv2:1@3,5"), at(3, 5, 1));
      const logits = await runner.classesOf([await picture()]);
      close(await value(runner, "class:4"), logits[4]?.logit ?? NaN);
      close(
        await value(runner, "conv2:1 + 0.5*conv2:2@3,5 - .25 * class:4"),
        mean(1) + 0.5 * at(3, 5, 2) - 0.25 * (logits[4]?.logit ?? NaN),
      );
      close(await value(runner, "-2*conv2:1"), -2 * mean(1));
    });

    it("a direction is the mean dot product, times the cosine to a power", async () => {
      const runner = runnerOf(small, engine());
      const { data, shape } = await maps(runner);
      const depth = shape[2] ?? 1;
      const direction = Array.from({ length: depth }, (_, k) => Math.sin(k + 1));
      for (const cosinePower of [0, 2]) {
        let sum = 0;
        for (let cell = 0; cell < data.length; cell += depth) {
          const own = data.subarray(cell, cell + depth);
          const dot = own.reduce((s, a, k) => s + a * (direction[k] ?? 0), 0);
          const cosine = dot / (Math.hypot(...own) * Math.hypot(...direction) || Infinity);
          sum += dot * Math.max(0.1, cosine) ** cosinePower;
        }
        const options = { direction, cosinePower };
        const wanted = (sum * depth) / data.length;
        close(await value(runner, "conv2:direction", options), wanted, 1e-3);
      }
      const only = direction.map((_, k) => (k === 6 ? 1 : 0));
      close(
        await value(runner, "conv2:direction@2,7", { direction: only }),
        await value(runner, "conv2:6@2,7"),
      );
    });

    it("all objectives of one picture come from one run below", async () => {
      const runner = runnerOf(small, engine());
      const objectives = [1, 2, 3].map((filter) => objectiveOf(small, { layer: "conv3", filter }));
      const one = await picture();
      const all = await evaluateAll(runner.subject, small.scores, objectives, [one]);
      for (const [i, objective] of objectives.entries())
        close(
          all[i] ?? NaN,
          (await evaluateEach(runner.subject, small.scores, [objective], one))[0] ?? NaN,
        );
    });

    it("penalties are their definitions, and so are their gradients", async () => {
      const { subject } = runnerOf(small, engine());
      const size = [4, 5, 3] as const;
      const range = { min: [-1, 0, 0], max: [1, 1, 2] };
      const builder = new GraphBuilder();
      const input = builder.input("x", [null, ...size]);
      const weights = { totalVariation: 2, l1: 3, l2: 5, diversity: 0 };
      const request = { objectives: [[], []], range, size, penalties: weights };
      const penalty = penaltyNode(builder, input, null, request as unknown as MaximizeRequest);
      assert.ok(penalty);
      const graph = { ...small.graph, nodes: builder.nodes };
      const { graph: both, grads } = subject.differentiate(graph, penalty, [input]);
      const program = await engine().compile(both, [input], [penalty, grads[0] ?? assert.fail()]);
      const x = Float32Array.from({ length: 120 }, (_, i) => Math.sin(i * 1.7));
      const run = async (data: Float32Array): Promise<[number, Float32Array]> => {
        const [v, g] = (await program.run([floats([2, ...size], data)])).map(asFloats);
        return [v?.data[0] ?? NaN, g?.data ?? assert.fail()];
      };
      const [found, gradient] = await run(x);
      close(found, defined(x, weights, range), 1e-5);
      for (const i of [0, 7, 33, 61, 119]) {
        const moved = (by: number): Float64Array =>
          Float64Array.from(x, (v, k) => (k === i ? v + by : v));
        const slope =
          (defined(moved(1e-6), weights, range) - defined(moved(-1e-6), weights, range)) / 2e-6;
        close(gradient[i] ?? NaN, slope, 1e-3);
      }
    });

    it("copies start apart, and diversity makes them resemble each other less", async () => {
      const runner = runnerOf(small, engine());
      const make = async (options: MaximizeOptions): Promise<number> => {
        const targets: MaximizeTarget[] = [{ layer: "conv3", filter: 1 }];
        const asked = { targets, options, steps: 25, seed: 1 };
        const rows = maximizeRows(runner, asked, small.preprocessing, silent);
        const { images } = await recipes.plain(rows);
        assert.equal(images.shape[0], 3);
        return resemblance(runner, images);
      };
      const [alike, apart] = [await make({ copies: 3 }), await make({ copies: 3, diversity: 20 })];
      assert.ok(alike < 1 && apart < alike - 0.02, `${apart} with diversity, ${alike} without`);
    });

    it("total variation makes a smoother picture", async () => {
      const runner = runnerOf(small, engine());
      const make = async (totalVariation: number): Promise<number> => {
        const targets: MaximizeTarget[] = [{ layer: "conv2", filter: 0 }];
        const asked = { targets, options: { totalVariation }, steps: 20, seed: 1 };
        const rows = maximizeRows(runner, asked, small.preprocessing, silent);
        const { images } = await recipes.robust(rows);
        const weights = { totalVariation: 1, l1: 0, l2: 0 };
        return defined(images.data, weights, { min: [0, 0, 0], max: [1, 1, 1] }, [32, 32]);
      };
      const [rough, smooth] = [await make(0), await make(50)];
      assert.ok(smooth < 0.7 * rough, `${smooth} with the penalty, ${rough} without`);
    });

    /** Mean cosine of the Gram matrices of conv3's maps, over all pairs. */
    async function resemblance(runner: Runner, images: FloatTensor): Promise<number> {
      const node = small.layer("conv3").output ?? assert.fail();
      const [values] = await runner.values({ key: String(Math.random()), inputs: [images] }, [
        node,
      ]);
      const [rows = 0, h = 0, w = 0, depth = 0] = values?.shape ?? [];
      const grams = Array.from({ length: rows }, (_, row) => {
        const own = values?.data.subarray(row * h * w * depth, (row + 1) * h * w * depth) ?? [];
        const gram = new Float64Array(depth * depth);
        for (let c = 0; c < h * w; c++)
          for (let i = 0; i < depth; i++)
            for (let j = 0; j < depth; j++)
              gram[i * depth + j] =
                (gram[i * depth + j] ?? 0) + (own[c * depth + i] ?? 0) * (own[c * depth + j] ?? 0);
        return gram;
      });
      const cosine = (a: Float64Array, b: Float64Array): number =>
        a.reduce((s, v, i) => s + v * (b[i] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b));
      const pairs = grams.flatMap((a, i) => grams.slice(i + 1).map((b) => cosine(a, b)));
      return pairs.reduce((a, b) => a + b) / pairs.length;
    }
  });

  it("what is not there is one sentence", () => {
    const refuse = (expression: string, reason: RegExp): void => {
      assert.throws(() => objectiveOf(small, { expression }), { kind: "usage", message: reason });
    };
    refuse("conv9:1", /no layer 'conv9' in small_k3.keras; the nearest are conv1/);
    refuse("conv3:64", /Filter 64 is outside 0\.\.63 of layer 'conv3'/);
    refuse("conv3:1@8,0", /Cell 8,0 is outside.*8 rows and 8 columns/);
    refuse("class:10", /outside 0\.\.9/);
    refuse("class:cat", /labels are not known/);
    refuse("conv3", /write terms such as/);
    refuse("conv3:direction", /--direction FILE.npy/);
    assert.throws(
      () => objectiveOf(small, { expression: "conv3:direction" }, { direction: [1, 2] }),
      /has 2 numbers, but layer 'conv3' has 64 channels/,
    );
  });
});

/** The penalties in doubles, summed over pictures [N, 4 or so, 5 or so, 3]. */
function defined(
  x: ArrayLike<number>,
  { totalVariation, l1, l2 }: { totalVariation: number; l1: number; l2: number },
  { min, max }: { min: readonly number[]; max: readonly number[] },
  [height, width]: readonly [number, number] = [4, 5],
): number {
  const size = height * width * 3;
  let sum = 0;
  for (let first = 0; first < x.length; first += size) {
    const p = (y: number, column: number, k: number): number =>
      ((x[first + (y * width + column) * 3 + k] ?? 0) - (min[k] ?? 0)) /
      ((max[k] ?? 1) - (min[k] ?? 0));
    let [down, right, absolute, square] = [0, 0, 0, 0];
    for (let y = 0; y < height; y++)
      for (let column = 0; column < width; column++)
        for (let k = 0; k < 3; k++) {
          if (y > 0) down += Math.abs(p(y, column, k) - p(y - 1, column, k));
          if (column > 0) right += Math.abs(p(y, column, k) - p(y, column - 1, k));
          absolute += Math.abs(p(y, column, k) - 0.5);
          square += (p(y, column, k) - 0.5) ** 2;
        }
    const variation = down / ((height - 1) * width * 3) + right / (height * (width - 1) * 3);
    sum +=
      totalVariation * variation + (l1 * absolute) / size + l2 * Math.sqrt(square / size + 1e-6);
  }
  return sum;
}
