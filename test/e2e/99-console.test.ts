import assert from "node:assert/strict";
import { session } from "./support/session.ts";

/** Last, so that it speaks for all that was done before. */
describe("the browser's console", () => {
  it("has no error that is not the workbench's own", async () => {
    const { consoleErrors } = await session();
    assert.deepEqual(consoleErrors, []);
  });
});
