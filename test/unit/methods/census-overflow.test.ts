import assert from "node:assert/strict";
import { isPreprocessing, NAMED_SCALINGS } from "../../../src/base/preprocessing.ts";
import { FilterTally } from "../../../src/methods/census/tally.ts";

describe("numbers beyond all range", () => {
  it("are counted in a census, which looked for a range that has room for them", () => {
    const tally = new FilterTally(2);
    tally.add("a", 0.5, 0, 0.1, 0);
    tally.add("b", Infinity, 0, Infinity, 0);
    tally.add("c", NaN, NaN, NaN, 0);
    const { max, histogram } = tally.result({ rectifies: true, limit: null });
    assert.ok(!Number.isFinite(max));
    assert.ok(Number.isFinite(histogram.max));
  });

  it("are no preprocessing", () => {
    const own = { ...NAMED_SCALINGS["torch"], fit: "crop", source: "user", why: "" };
    assert.equal(isPreprocessing(own), true);
    assert.equal(isPreprocessing({ ...own, size: [224, 160] }), true);
    const odd = [{ scale: NaN }, { std: [0] }, { std: [] }, { mean: [1, Infinity] }, { mean: "1" }];
    const names = [{ order: "toString" }, { fit: null }, { size: [1e9, 1] }, { size: "224" }];
    for (const change of [...odd, ...names])
      assert.equal(isPreprocessing({ ...own, ...change }), false, JSON.stringify(change));
    for (const value of [null, undefined, 3, "torch", []])
      assert.equal(isPreprocessing(value), false);
  });
});
