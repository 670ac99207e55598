/** The digits network in TFLite's kinds of numbers, against the interpreter (test/support/make_tflite_small.py). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { OpenModel, Runner } from "../../src/session/index.ts";
import { asFloats, floats } from "../../src/base/tensor.ts";
import {
  assertClose,
  data,
  expected,
  feed,
  onEachEngine,
  open,
  relativeError,
  runnerOf,
} from "./support.ts";

type Logits = Record<string, { logits: number[]; integerLogits: number[] }>;
const recorded = JSON.parse(readFileSync(data("tflite/logits.json"), "utf8")) as Logits;

/**
 * How far the file as it is may be from its float surrogate, of the largest logit: float16 is widened in both; activations of a
 * dynamic-range network are rounded to 255 steps of their range before each convolution, those of an integer network behind each too.
 */
const OWN: Readonly<Record<string, number>> = {
  small_f16: 1e-5,
  small_dynint8: 1 / 127,
  small_int8: 3 / 127,
};

for (const [name, limit] of Object.entries(OWN))
  describe(`${name}.tflite against the interpreter`, () => {
    const wanted = recorded[name] ?? assert.fail(name);
    let opened: OpenModel;
    before(async () => {
      opened = await open(`${name}.tflite`, "0..1");
    });
    after(() => opened.close());

    it("the surrogate is as far from the file's own arithmetic as its rounding explains", () => {
      assert.ok(relativeError(wanted.logits, wanted.integerLogits) <= limit);
    });
    onEachEngine((engine) => {
      let runner: Runner;
      before(() => {
        runner = runnerOf(opened, engine());
      });
      it("logits and maps", async () => {
        const fed = await feed(opened, "digits/digit_00_label6.png");
        const scores = await runner.classes(fed);
        const logits = Float32Array.from(scores.map(({ logit }) => logit));
        assertClose(floats([10], logits), floats([10], Float32Array.from(wanted.logits)), "logits");
        const maps = await runner.maps(fed, opened.layer("conv3"), false);
        assertClose(asFloats(maps), await expected(`tflite/${name}_conv3.npy`), "conv3");
      });
    });
  });
