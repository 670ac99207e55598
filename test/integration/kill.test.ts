import assert from "node:assert/strict";
import { convlens } from "./support/extension.ts";
import { faultsOf, killing } from "./support/kills.ts";
import { questions } from "./support/questions.ts";

/** `npm run kills` has the long form. */
const KILLS = 6;
const ASKED: ReadonlySet<string> = new Set(["summary", "predict", "score-cam", "saveSidecar"]);

describe("a compute process that is killed", () => {
  it("leaves right answers or clear errors, and nothing else", async () => {
    const of = questions().filter(({ name }) => ASKED.has(name));
    const report = await killing(await convlens().activate(), { count: KILLS, seed: 1, of });
    assert.deepEqual(faultsOf(report), []);
    assert.ok(report.kills >= KILLS && report.answered > 0);
  }).timeout(240_000);
});
