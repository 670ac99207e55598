import assert from "node:assert/strict";
import type { Attack, Maximized } from "../../../src/shared/contract/experiments.ts";
import type { ClassScore } from "../../../src/shared/contract/lenses.ts";
import type { LayerSummary, ModelSummary } from "../../../src/shared/contract/model.ts";
import { WHOLE } from "../../../src/shared/question.ts";
import {
  countedLayer,
  countSentence,
  countText,
  type Counted,
} from "../../../webview/common/state/census.ts";
import { curvePoints } from "../../../webview/common/drawing/curve.ts";
import {
  classesOfBoth,
  exactRefusal,
  mostEvaluations,
  outcome,
} from "../../../webview/lenses/attack/words.ts";
import { readRecipe, recipeFile } from "../../../webview/lenses/maximize/recipe.ts";
import { MaximizeRun } from "../../../webview/lenses/maximize/run.ts";
import {
  hierarchyTargets,
  parseFilters,
  spread,
} from "../../../webview/lenses/maximize/targets.ts";

describe("what to maximise", () => {
  it("is written as numbers and ranges", () => {
    assert.deepEqual(parseFilters("0-3, 9 3", 10), [0, 1, 2, 3, 9]);
    assert.equal(parseFilters("10", 10), "This layer has the filters 0 to 9, not 10.");
    assert.equal(parseFilters("2-x", 10), "'2-x' is not a filter: write numbers such as 0-7, 12.");
    assert.equal(parseFilters(" ", 10), "Say which filters, such as 0-7, 12.");
  });
  it("is spread from the first to the last", () => {
    assert.deepEqual(spread(10, 4), [0, 3, 6, 9]);
    assert.deepEqual(spread(2, 4), [0, 1]);
  });
  it("in the hierarchy is of convolutions only where there are some", () => {
    const layer = (name: string, op: LayerSummary["op"]): LayerSummary =>
      ({ name, op, spatial: true, mapShape: [null, 8, 8, 2] }) as unknown as LayerSummary;
    const layers = [layer("in", "input"), layer("c1", "conv"), layer("r", "activation")];
    assert.deepEqual(hierarchyTargets({ layers } as unknown as ModelSummary), [
      { layer: "c1", filter: 0 },
      { layer: "c1", filter: 1 },
    ]);
  });
});

describe("a run over many targets", () => {
  const question = {
    ...({ kind: "maximize", ...WHOLE } as const),
    targets: [
      { layer: "a", filter: 0 },
      { layer: "a", filter: 1 },
      { layer: "a", filter: 2 },
      { layer: "b", filter: 0 },
    ],
    recipe: "plain",
    steps: 2,
    seed: 0,
  } as const;
  const pictures = (count: number, step: number) => ({
    width: 1,
    height: 1,
    rgb: new Uint8Array(3 * count),
    values: new Float32Array(count).fill(step),
    step,
    steps: 2,
  });
  const result = (count: number): Maximized => ({
    ...pictures(count, 2),
    of: null,
    engine: "wasm",
    seconds: 1,
    question,
    probabilities: Array.from({ length: count }, () => null),
    best: null,
    history: [0, 1, 2].map((value) => new Float32Array(count).fill(value)),
  });
  const take = (run: MaximizeRun) => {
    const batch = run.next();
    assert.ok(batch);
    return batch;
  };

  it("computes batches of one layer, one after the other", () => {
    const run = new MaximizeRun(question, 2);
    const sizes: number[] = [];
    for (let batch = run.next(); batch; batch = run.next()) {
      sizes.push(batch.question.targets.length);
      run.finish(batch, result(batch.question.targets.length));
    }
    assert.deepEqual(sizes, [2, 1, 1]);
    assert.equal(run.done, 4);
    assert.deepEqual(run.items[3]?.history, [0, 1, 2]);
    assert.equal(run.fraction, 1);
  });

  it("keeps the copies of a target together", () => {
    const run = new MaximizeRun({ ...question, options: { copies: 3 } }, 7);
    assert.equal(run.total, 12);
    const first = take(run);
    assert.deepEqual([first.count, first.question.targets.length], [6, 2]);
    run.finish(first, {
      ...result(6),
      best: [1, 2].map((value) => ({ value, image: "p", images: 1 })),
    });
    assert.deepEqual(
      run.items.slice(0, 7).map(({ copy, best }) => [copy, best?.value]),
      [
        [0, 1],
        [1, 1],
        [2, 1],
        [0, 2],
        [1, 2],
        [2, 2],
        [0, undefined],
      ],
    );
    assert.equal(take(run).question.targets[0], question.targets[2]);
  });

  it("keeps pictures when it is paused, and begins that batch anew", () => {
    const run = new MaximizeRun(question, 2);
    const first = take(run);
    run.show(first, pictures(2, 1));
    assert.equal(run.fraction, 0.25);
    run.rest();
    assert.ok(run.tile(1));
    assert.equal(run.done, 0);
    assert.deepEqual(take(run).question, first.question);
  });

  it("keeps what is there when it is ended", () => {
    const run = new MaximizeRun(question, 2);
    run.show(take(run), pictures(2, 1));
    run.rest();
    run.end();
    assert.equal(run.total, 2);
    assert.equal(run.next(), null);
  });
});

describe("a recipe", () => {
  const scaling = { order: "rgb", scale: 1, mean: [0], std: [1] } as const;
  const preprocessing = { ...scaling, fit: "crop", source: "guess", why: "" } as const;
  it("comes back as it was saved", () => {
    const options = { copies: 2, diversity: 1.5, l2: 0.1, direction: [1, 0.5], cosinePower: 2 };
    for (const more of [
      { targets: [{ layer: "a", filter: 3 }] },
      { targets: [{ layer: "a", filter: 3, cell: [1, 2] as const }] },
      { targets: [{ classIndex: 285 }] },
      { targets: [{ expression: "a:1 - class:2" }], options },
    ]) {
      const question = {
        kind: "maximize",
        ...WHOLE,
        recipe: "robust",
        steps: 512,
        seed: 7,
        ...more,
      } as const;
      const text = JSON.stringify(recipeFile(question, 512, preprocessing));
      assert.deepEqual(readRecipe(text, preprocessing), question);
      const other = { ...preprocessing, scale: 2 };
      const refusal = readRecipe(text, other);
      assert.ok(typeof refusal === "string" && refusal.includes("another preprocessing"));
    }
  });
  it("is refused when it is none", () => {
    const none = "This file is not a recipe: save one with a maximised picture first.";
    const one = { objective: { classes: [1] }, method: "plain", steps: 3, seed: 0 };
    for (const text of [
      "{",
      "null",
      "[]",
      JSON.stringify({ ...one, method: "magic" }),
      JSON.stringify({ ...one, objective: { classes: [-1] } }),
      JSON.stringify({ ...one, objective: null }),
      JSON.stringify({ ...one, objective: { expressions: [" "] } }),
      JSON.stringify({ ...one, options: { direction: ["x"] } }),
    ])
      assert.equal(readRecipe(text, null), none);
  });
});

describe("an attack in words", () => {
  const score = (index: number, probability: number | null): ClassScore => ({
    index,
    label: null,
    probability,
    logit: 0,
  });
  const attack = {
    method: "de",
    success: true,
    pixels: [{ x: 1, y: 2, rgb: [0, 0, 0] }],
    target: null,
    trueClass: 0,
    before: [score(0, 0.9), score(1, 0.1)],
    after: [score(1, 0.6), score(0, 0.4)],
    size: [32, 32],
    evaluations: 1260,
  } as unknown as Attack;
  const labels = ["cat", "dog"];

  it("says what was enough, or that nothing was found", () => {
    assert.equal(
      outcome(attack, labels),
      "Changing one pixel of 1,024 is enough: the network takes cat (90 %) for dog (60 %).",
    );
    const failed = { ...attack, success: false, target: 1, after: [score(0, 0.4)] };
    assert.equal(
      outcome(failed, labels),
      "After 1,260 evaluations no pixel was found with which the network says dog: cat went from 90 % to 40 %.",
    );
  });
  it("pairs the classes of before and after", () => {
    const both = classesOfBoth([score(0, 0.9)], [score(1, 0.6), score(0, 0.4)]);
    assert.deepEqual(both, [
      [score(0, 0.9), score(0, 0.4)],
      [null, score(1, 0.6)],
    ]);
  });
  it("counts evaluations, and offers exact mode for small inputs only", () => {
    const size = { population: 400, generations: 100 };
    assert.equal(mostEvaluations({ ...size, method: "de" }, 32, 32), 40_400);
    assert.equal(mostEvaluations({ ...size, method: "exact" }, 32, 32), 8192);
    assert.equal(exactRefusal(128, 128), null);
    assert.match(exactRefusal(224, 224) ?? "", /401 k evaluations at 224 × 224/);
  });
});

describe("a census in a panel", () => {
  const layer = (name: string, op: LayerSummary["op"], inputs: string[]): LayerSummary =>
    ({ name, op, inputs }) as unknown as LayerSummary;
  const summary = {
    layers: [
      layer("conv", "conv", []),
      layer("bn", "norm", ["conv"]),
      layer("relu", "activation", ["bn"]),
      layer("project", "conv", ["relu"]),
      layer("add", "merge", ["project"]),
    ],
  } as unknown as ModelSummary;
  const counted: Counted = {
    images: 300,
    total: 301,
    unreadable: 1,
    resumed: 0,
    skipped: [{ image: "x.png", reason: "" }],
    layers: [
      {
        name: "relu",
        filters: 32,
        dead: [1, 2, 3],
        saturated: [],
        constant: [4],
        zeroFraction: new Float32Array(32),
        max: new Float32Array(32),
      },
    ],
  };

  it("finds a convolution's filters in the activation they run into", () => {
    assert.equal(countedLayer(summary, counted, "conv")?.name, "relu");
    assert.equal(countedLayer(summary, counted, "relu")?.name, "relu");
    assert.equal(countedLayer(summary, counted, "project"), null);
    assert.equal(countedLayer(summary, null, "conv"), null);
  });
  it("always says over how many pictures", () => {
    const [first] = counted.layers;
    assert.ok(first);
    assert.equal(countText(first, 300), "3/32 dead over N = 300, 1 constant");
    assert.equal(
      countSentence(counted),
      "Over N = 300 pictures, 1 could not be read (x.png): 3 of 32 filters dead, 0 saturated, 1 constant.",
    );
    assert.match(
      countSentence({ ...counted, total: 400, resumed: 64 }),
      /constant\. 99 of 400 pictures are still to come\. It went on after 64 pictures\.$/,
    );
  });
});

describe("a curve", () => {
  it("fills its box, and lies still where nothing changes", () => {
    assert.equal(curvePoints([0, 5, 10], 20, 10), "0.0,10.0 10.0,5.0 20.0,0.0");
    assert.equal(curvePoints([3, 3], 20, 10), "0.0,10.0 20.0,10.0");
  });
});
