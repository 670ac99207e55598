import assert from "node:assert/strict";
import { convlens } from "./support/extension.ts";
import { faultsOf, killing } from "./support/kills.ts";

/** `npm run kills` has the long form. */
const KILLS = 6;

describe("a compute process that is killed", () => {
  it("leaves right answers or clear errors, and nothing else", async () => {
    const report = await killing(await convlens().activate(), KILLS, 1);
    assert.deepEqual(faultsOf(report), []);
    assert.ok(report.kills >= KILLS && report.answered > 0);
  }).timeout(240_000);
});
