import assert from "node:assert/strict";
import { naturalOrder } from "../../../src/base/natural-order.ts";

describe("names in order", () => {
  it("numbers in them count as numbers", () => {
    const names = ["epoch_10.h5", "b.h5", "epoch_9.h5", "epoch_09.h5", "a.h5"];
    assert.deepEqual(names.sort(naturalOrder), [
      ...["a.h5", "b.h5", "epoch_9.h5", "epoch_09.h5", "epoch_10.h5"],
    ]);
  });
});
