/** Methods that run many rows, in little memory: smaller batches, and the same numbers. */
import assert from "node:assert/strict";
import { mapNode } from "../../src/methods/activations/index.ts";
import { differentialEvolution } from "../../src/methods/attack/differential-evolution.ts";
import { classGoal } from "../../src/methods/attack/rules.ts";
import { influence, census, type CensusBatch } from "../../src/methods/census/index.ts";
import { OpenModels } from "../../src/session/index.ts";
import { attributionBy, classTarget, gradCam } from "../../src/shared/question.ts";
import { plain } from "../../src/methods/maximize/plain/index.ts";
import type { Engine, Program } from "../../src/engine/types.ts";
import {
  asPictures,
  Explained,
  maximizeRows,
  type Fed,
  type OpenModel,
  type Runner,
} from "../../src/session/index.ts";
import { asFloats, floats } from "../../src/base/tensor.ts";
import { feed, model, onEachEngine, open, runnerOf } from "./support.ts";

const silent = { signal: new AbortController().signal, progress: () => undefined };
const PICTURES = [
  "digits/digit_00_label6.png",
  "digits/digit_01_label5.png",
  "digits/digit_02_label5.png",
  "digits/digit_03_label0.png",
];
const CLASS = 6;
/** Float32's noise: an engine may add in another order for another number of rows. */
const NOISE = 1e-6;
/** The picture's largest logit. */
const LOGIT = 27.68;
/** What is a difference of two logits has the noise of both, however small it is; Ablation-CAM divides it by the logit. */
const DIFFERENCES: Readonly<Record<string, number>> = {
  ...{ occlusion: 2 * LOGIT, "a filter's influence": 2 * LOGIT, "Ablation-CAM": 2 },
};

/** The engine with a budget, which says how many rows were run at once at the most. */
function watched(engine: Engine, runBytes: number): { engine: Engine; most: () => number } {
  let most = 0;
  const compile: Engine["compile"] = async (...asked) => {
    const program = await engine.compile(...asked);
    const run: Program["run"] = (feeds) => {
      most = Math.max(most, ...feeds.map(({ shape }) => shape[0] ?? 1));
      return program.run(feeds);
    };
    return { run, rowBytes: program.rowBytes, batch: program.batch, dispose: () => undefined };
  };
  const own = { compile: { value: compile }, runBytes: { value: runBytes } };
  return { engine: Object.create(engine, own) as Engine, most: () => most };
}

interface Given {
  readonly opened: OpenModel;
  readonly runner: Runner;
  readonly fed: Fed;
}
type Numbers = readonly (readonly number[])[];

const attribute =
  (method: "integrated-gradients" | "smoothgrad" | "occlusion" | "rise", steps: number) =>
  async ({ runner, fed }: Given): Promise<Numbers> => {
    const asked = attributionBy(method, "", [classTarget(CLASS)]);
    const explained = new Explained(runner, fed, 8);
    const next = await explained.attributions({ ...asked, steps, seed: 1 }, () => silent).next();
    return [[...(next.done ? assert.fail() : next.value).attribution.data]];
  };
const heatMaps =
  (
    method: "grad-cam" | "score-cam" | "ablation-cam",
    of: "signed" | "alpha",
    classes = [CLASS, 5],
  ) =>
  async ({ runner, fed }: Given): Promise<Numbers> => {
    const question = { ...gradCam("", classes.map(classTarget), "conv3"), method };
    const { maps } = await new Explained(runner, fed, 8).cam(question, { context: silent });
    return maps.map((map) => [...(map[of] ?? assert.fail()).data]);
  };
async function* batches(opened: OpenModel): AsyncGenerator<CensusBatch> {
  const rows = await Promise.all(PICTURES.map(async (name) => (await feed(opened, name)).inputs));
  const each = rows.flatMap(([input]) => (input ? [asFloats(input)] : []));
  const size = each[0]?.data.length ?? 0;
  const data = new Float32Array(each.length * size);
  each.forEach((row, i) => data.set(row.data, i * size));
  const shape = [each.length, ...(each[0]?.shape.slice(1) ?? [])];
  yield { names: PICTURES, inputs: [floats(shape, data)] };
}

const METHODS: Readonly<Record<string, (given: Given) => Promise<Numbers>>> = {
  "Integrated Gradients": attribute("integrated-gradients", 16),
  SmoothGrad: attribute("smoothgrad", 16),
  occlusion: attribute("occlusion", 1),
  RISE: attribute("rise", 32),
  "Grad-CAM of four classes": heatMaps("grad-cam", "signed", [CLASS, 5, 0, 1]),
  ScoreCAM: heatMaps("score-cam", "signed"),
  "Ablation-CAM": heatMaps("ablation-cam", "alpha"),
  "deletion and insertion": async ({ runner, fed }) => {
    const heat = asFloats(fed.inputs[0] ?? assert.fail()).data;
    const { curves } = await new Explained(runner, fed, 8).badge(heat, CLASS, silent);
    return [[...curves.deletion], [...curves.insertion]];
  },
  "maximising four filters": async ({ opened, runner }) => {
    const targets = [0, 1, 2, 4].map((filter) => ({ layer: "conv2", filter }));
    const asked = { targets, steps: 3, seed: 1 };
    const rows = maximizeRows(runner, asked, opened.preprocessing, silent);
    const { images, history } = await plain(rows);
    return [images.data, ...history].map((values) => [...values]);
  },
  census: async ({ opened, runner }) => {
    const { images, layers } = await census(runner.subject, batches(opened), silent);
    assert.equal(images, PICTURES.length);
    const filters = layers.flatMap((layer) => layer.filters);
    return (["max", "min", "mean", "zeroFraction"] as const).map((key) =>
      filters.map((filter) => filter[key]),
    );
  },
  "a filter's influence": async ({ opened, runner }) => {
    const inputs = (async function* () {
      for await (const batch of batches(opened)) yield batch.inputs;
    })();
    const maps = mapNode(opened.graph, opened.layer("conv2"), false);
    const { effects } = await influence(runner.subject, opened.scores, maps, 0, inputs, silent);
    return [[...effects]];
  },
  "one-pixel attack": async ({ opened, runner, fed }) => {
    const input = asPictures(
      asFloats(fed.inputs[0] ?? assert.fail()),
      opened.preprocessing,
    ).rounded;
    const { pixels, score } = await differentialEvolution(
      {
        ...{
          subject: runner.subject,
          scores: opened.scores,
          input,
          goal: classGoal(CLASS),
        },
        ...{ scaling: opened.preprocessing, seed: 1, batch: 32, context: silent },
      },
      { pixels: 1, population: 32, generations: 2 },
    );
    return [[score.logOdds, ...pixels.flatMap(({ x, y, rgb }) => [x, y, ...rgb])]];
  },
};

describe("the memory budget", () => {
  it("is shared out: half for a run, a quarter for what is kept", async () => {
    const state = new OpenModels();
    const file = model("small_k3.keras");
    assert.equal((await state.runner(file)).engine.runBytes, 2 ** 30);
    await state.configure("auto", 512 * 2 ** 20);
    assert.equal((await state.runner(file)).engine.runBytes, 256 * 2 ** 20);
    await state.release(file);
    await state.dropEngine();
  });
});

describe("methods in little memory", () => {
  let opened: OpenModel;
  before(async () => {
    opened = await open("small_k3.keras", "0..1");
  });
  after(() => opened.close());

  onEachEngine((engine) => {
    for (const [name, method] of Object.entries(METHODS))
      it(`${name}: smaller batches, equal numbers`, async () => {
        const results: { numbers: Numbers; most: number }[] = [];
        for (const runBytes of [Infinity, 1]) {
          const own = watched(engine(), runBytes);
          const given = {
            ...{ opened, runner: runnerOf(opened, own.engine) },
            fed: await feed(opened, PICTURES[0] ?? ""),
          };
          results.push({ numbers: await method(given), most: own.most() });
        }
        const [whole, small] = results;
        if (!whole || !small) assert.fail();
        assert.ok(whole.most >= 4, `${whole.most} rows at once`);
        assert.equal(small.most, 1);
        assert.equal(small.numbers.length, whole.numbers.length);
        whole.numbers.forEach((own, k) => {
          const other = small.numbers[k] ?? assert.fail();
          assert.equal(other.length, own.length);
          const largest = own.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
          assert.ok(largest > 0, "nothing to compare");
          const off = own.reduce((a, v, i) => Math.max(a, Math.abs(v - (other[i] ?? NaN))), 0);
          const scale = Math.max(largest, DIFFERENCES[name] ?? 0);
          assert.ok(off <= NOISE * scale, `${off / scale} of the largest number`);
        });
      });
  });
});
