import assert from "node:assert/strict";
import { filterOrder } from "../../../webview/lenses/filters/filter-order.ts";

describe("the order of filters", () => {
  const grid = { norms: Float32Array.of(1, 0, 3, 1e-9, 2), nearZero: [1, 3] };

  it("has those that are nothing faint and last", () => {
    const { order, dimmed } = filterOrder(grid, "index");
    assert.deepEqual(order, [0, 2, 4, 1, 3]);
    assert.deepEqual([...dimmed.keys()], [1, 3]);
    assert.deepEqual(filterOrder(grid, "norm").order, [2, 4, 0, 3, 1]);
  });

  it("stays the same object, and as stored where none is nothing", () => {
    assert.equal(filterOrder(grid, "index"), filterOrder(grid, "index"));
    assert.equal(filterOrder({ ...grid, nearZero: [] }, "index").order, null);
  });
});
