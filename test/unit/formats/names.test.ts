import assert from "node:assert/strict";
import { specOf } from "../../../src/formats/keras/layers/index.ts";
import { DIALECTS, operationsIn, wordsOf, type Dialect } from "../../../src/formats/lower/names.ts";
import { OPERATORS } from "../../../src/formats/onnx/operators/index.ts";
import { lowerOf as atenOf } from "../../../src/formats/pt2/ops/index.ts";
import { ruleOf } from "../../../src/formats/tensorflow/ops/index.ts";
import { OPERATORS as TFLITE } from "../../../src/formats/tflite/operators/index.ts";

/** Whether a format runs the operation of that name. */
const KNOWS: Readonly<Record<Dialect, (word: string) => boolean>> = {
  onnx: (word) => OPERATORS.has(word),
  aten: (word) => atenOf(word) !== undefined,
  tensorflow: (word) => ruleOf(word) !== undefined,
  tflite: (word) => TFLITE.has(word),
  keras: (word) => specOf(layer(word)) !== undefined,
};
type Layer = Parameters<typeof specOf>[0];
/** A layer class, or an operation that stands in a network as a layer. */
function layer(word: string): Layer {
  const isClass = /^[A-Z]/.test(word);
  const config = { string: () => word, has: () => false };
  return { className: isClass ? word : "TFOpLambda", config, quantized: false } as unknown as Layer;
}

/** What a format does not run although it could say it, and why. */
const HOLES: Readonly<Record<Dialect, readonly (readonly [words: string, reason: string])[]>> = {
  onnx: [],
  aten: [],
  tensorflow: [],
  tflite: [],
  keras: [],
};
const reasonFor = (dialect: Dialect, word: string): string | undefined =>
  HOLES[dialect].find(([words]) => words.split(" ").includes(word))?.[1];

describe("the table of names", () => {
  for (const dialect of DIALECTS)
    it(`${dialect} runs every operation that it has a word for`, () => {
      const holes = wordsOf(dialect).filter(
        (word) => !KNOWS[dialect](word) && reasonFor(dialect, word) === undefined,
      );
      assert.deepEqual(holes, []);
    });

  it("names an operation once in each dialect", () => {
    for (const dialect of DIALECTS) {
      const words = wordsOf(dialect);
      const twice = words.filter((word, i) => words.indexOf(word) !== i);
      assert.deepEqual(twice, [], dialect);
    }
    assert.equal(operationsIn("tflite").get("LOGISTIC")?.operands, 1);
  });
});
