import assert from "node:assert/strict";
import { columnsFor } from "../../../webview/lenses/cam/columns.ts";

describe("the room for heat maps", () => {
  it("makes them as large as it can, in as many rows as that takes", () => {
    // three maps and the picture
    assert.deepEqual(columnsFor(4, { width: 700, height: 800 }, 1, 80), { columns: 2, width: 313 });
    assert.deepEqual(columnsFor(4, { width: 1200, height: 400 }, 1, 80), {
      columns: 4,
      width: 289,
    });
    assert.equal(columnsFor(2, { width: 1000, height: 900 }, 1, 80).columns, 2);
  });
  it("scrolls where they would be too small to be read", () => {
    const large = { width: 680, height: 500 };
    assert.deepEqual(columnsFor(4, large, 1, 112), { columns: 3, width: 217 });
    assert.deepEqual(columnsFor(12, { width: 340, height: 300 }, 1, 80), {
      columns: 1,
      width: 340,
    });
  });
});
