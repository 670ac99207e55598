import assert from "node:assert/strict";
import path from "node:path";
import { ChosenPictures } from "../../../src/host/panels/chosen-pictures.ts";
import { statedBy } from "../../../src/host/panels/stated-inputs.ts";

const folder = path.resolve("/ws/models");
const model = path.join(folder, "m.onnx");
const file = path.join(folder, "views", "right.png");
const elsewhere = path.resolve("/ws/other/right.png");

describe("what a page says that inputs are", () => {
  const chosen = new ChosenPictures([file, elsewhere]);
  const said = (inputs: unknown): unknown => statedBy(model, inputs, chosen);

  it("is named as the sidecar beside the model names it", () => {
    const given = { a: 0, b: [1, 2], c: null, d: file, e: { mean: file } };
    const own = "views/right.png";
    assert.deepEqual(said(given), { a: 0, b: [1, 2], c: null, d: own, e: { mean: own } });
  });
  it("names only files that a person chose, beside the model", () => {
    for (const other of [path.join(folder, "secret.npy"), "views/right.png", "../x.npy"])
      for (const stated of [other, { mean: other }])
        assert.throws(() => said({ x: stated }), /was not chosen/);
    assert.throws(
      () => said({ x: elsewhere }),
      /'right.png' lies outside of .*copy it there first/,
    );
  });
  it("is nothing else", () => {
    const odd = [null, 3, "x", { x: true }, { x: {} }, { x: ["1"] }, { x: Number.NaN }, { x: "" }];
    for (const inputs of odd) assert.throws(() => said(inputs), /not understood/);
  });
});
