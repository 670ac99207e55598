import assert from "node:assert/strict";
import { plainNames } from "../../../src/formats/plain-names.ts";
import type { Layer, ModelGraph } from "../../../src/graph/index.ts";

const layer = (name: string, inputs: readonly string[] = []): Layer => ({
  ...{ name, className: "Conv\u001b[2J2D", nodes: [], output: null, preActivation: null, inputs },
  ...{ weights: [], opaque: `is\u202ecode`, aliases: ["\u009b31m"], note: "one\nlayer 0 0" },
  source: { file: "a\nb.py", line: 1 },
});
const graphOf = (names: readonly string[]): ModelGraph => ({
  ...{ format: "f", producer: "p\u0000", inputs: [], outputs: [], nodes: [] },
  layers: names.map((name, i) => layer(name, names.slice(0, i))),
  weights: { read: () => Promise.reject(new RangeError("none")), close: () => undefined },
  ...{ notes: ["\u200b"], labels: ["\u202ecat", "x".repeat(1e5)] },
});

describe("names of a file", () => {
  it("hold nothing unseen and are short, wherever they stand", () => {
    const { weights, ...rest } = plainNames(graphOf(["\u001b]0;x\u0007", "b".repeat(1e6)]));
    assert.ok(weights);
    assert.ok(JSON.stringify(rest).length < 3000);
    // a visitor of every string, at any depth
    JSON.stringify(rest, (_, value: unknown) => {
      if (typeof value === "string") assert.doesNotMatch(value, /[\p{Cf}\p{Cc}]/u);
      return value;
    });
  });

  it("stay unique, and name the layers that feed them", () => {
    const { layers } = plainNames(graphOf(["a\n", "a\\u000a", "c"]));
    assert.deepEqual(
      layers.map(({ name }) => name),
      ["a\\u000a", "a\\u000a~2", "c"],
    );
    assert.deepEqual(layers.at(-1)?.inputs, ["a\\u000a", "a\\u000a~2"]);
  });
});
