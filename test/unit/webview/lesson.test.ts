import assert from "node:assert/strict";
import type { Cam } from "../../../src/shared/contract/lenses.ts";
import type { ModelSummary } from "../../../src/shared/contract/model.ts";
import type { App } from "../../../webview/common/state/app.ts";
import { halfOf, hottestOf } from "../../../webview/lesson/found.ts";
import { STEPS, stepsFor } from "../../../webview/lesson/steps.ts";

const layer = (name: string, mapShape: readonly (number | null)[], size: number): object => ({
  ...{ name, mapShape, spatial: true, hasKernel: true },
  receptiveField: { size: [size, size] },
});
const app = (change: object = {}): App =>
  ({
    trusted: true,
    summary: {
      ...{ notRunnable: null, classes: 10, firstKernel: "a", totals: { params: 4_652_008 } },
      inputs: [{ name: "x", shape: [null, 32, 32, 3] }],
      layers: [layer("a", [null, 32, 32, 8], 3), layer("b", [null, 8, 8, 64], 30)],
    } as unknown as ModelSummary,
    prediction: { classes: [{ index: 3, label: "cat", probability: 0.73 }] },
    ...change,
  }) as unknown as App;
const nothing = { hottest: null, half: null };

describe("the lesson", () => {
  it("has eight steps, and leaves out those that a network cannot answer", () => {
    assert.equal(stepsFor(app()).length, 8);
    const { summary } = app();
    assert.equal(stepsFor(app({ summary: { ...summary, classes: null } })).length, 4);
    assert.equal(stepsFor(app({ trusted: false })).length, 2);
  });

  it("says what is true of this network and this picture", () => {
    const found = { hottest: { across: 0.2, down: 0.5 }, half: 0.03 };
    const truths = STEPS.map(({ truth }) => truth(app(), found)?.option);
    assert.deepEqual(truths, [1, 0, 1, 1, 1, 0, 0, null]);
    assert.equal(STEPS.at(5)?.truth(app(), nothing), null);
    for (const { options, truth } of STEPS) {
      assert.equal(options.length, 3);
      assert.ok((truth(app(), found)?.says.length ?? 0) > 20);
    }
  });

  it("finds where a heat map is largest, and in how few pixels half of an attribution lies", () => {
    const map = { raw: Float32Array.of(0, 1, 5, 2, 0, 0), noPositiveEvidence: false };
    const cam = { maps: [map], rawShape: [2, 3] } as unknown as Cam;
    assert.deepEqual(hottestOf(cam), { across: 2.5 / 3, down: 0.25 });
    assert.equal(halfOf({ values: Float32Array.of(-9, 1, 6, 2, 1) }), 1 / 5);
    assert.equal(halfOf({ values: Float32Array.of(3, 3, 3, 3) }), 2 / 4);
    assert.equal(halfOf({ values: Float32Array.of(-1, 0) }), null);
  });
});
