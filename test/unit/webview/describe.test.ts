import assert from "node:assert/strict";
import { describe as inWords } from "../../../webview/common/text/describe.ts";

const map = (values: readonly number[], width: number) => ({
  pixels: Uint8Array.from(values),
  width,
  height: values.length / width,
});

describe("a map in words", () => {
  it("where it is largest, and where at least half of that", () => {
    const text = inWords(map([0, 0, 0, 0, 0, 200, 255, 0, 0, 100, 130, 0, 0, 0, 0, 0], 4));
    assert.equal(
      text,
      "largest at x 63 %, y 38 %; at least half of that in x 25 to 75 %, y 25 to 75 %, which is 19 % of the picture.",
    );
  });
  it("a map of nothing", () => {
    assert.equal(inWords(map([0, 0], 2)), "The map is zero everywhere.");
    assert.equal(
      inWords(map([128, 128], 2), true),
      "Nothing is above zero. Nothing is below zero.",
    );
  });
  it("signed maps by both sides of their zero", () => {
    assert.match(
      inWords(map([128, 255, 10, 128], 4), true),
      /^Above zero: largest at x 38 %, y 50 %; .* Below zero: largest at x 63 %, y 50 %; /,
    );
  });
});
