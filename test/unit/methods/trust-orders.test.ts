import assert from "node:assert/strict";
import { byValue, unknowingOrders } from "../../../src/methods/trust/orders.ts";

describe("orders of pixels", () => {
  it("begin at the largest value; equal ones keep theirs", () => {
    assert.deepEqual([...byValue(Float32Array.of(1, 3, 2, 3))], [3, 0, 2, 1]);
  });

  it("from the middle outwards are as wide as high", () => {
    const { centre } = unknowingOrders(3, 5);
    assert.equal(centre[7], 0);
    assert.deepEqual(
      [0, 4, 10, 14].map((corner) => (centre[corner] ?? 0) >= 11),
      [true, true, true, true],
    );
  });

  it("by chance have each pixel once, and are the same every time", () => {
    const { random } = unknowingOrders(3, 5);
    assert.deepEqual(
      [...random].sort((a, b) => a - b),
      [...Array(15).keys()],
    );
    assert.notDeepEqual([...random], [...Array(15).keys()]);
    unknowingOrders(2, 2);
    assert.deepEqual([...unknowingOrders(3, 5).random], [...random]);
  });
});
