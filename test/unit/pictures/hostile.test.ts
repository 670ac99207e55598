import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Outcome } from "./hostile/child.ts";
import { HOSTILE, LARGE } from "./hostile/files.ts";

const child = fileURLToPath(new URL("./hostile/child.ts", import.meta.url));

describe("hostile pictures", () => {
  let outcomes: Record<string, Outcome> = {};
  before(async function () {
    this.timeout(180_000);
    const args = ["--import=tsx", child, ...Object.keys(HOSTILE), ...Object.keys(LARGE)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    outcomes = JSON.parse(stdout) as typeof outcomes;
  });

  for (const [name, [, says]] of Object.entries(HOSTILE))
    it(`${name}: one sentence, 3 s of the processor, 300 MB`, () => {
      const outcome = outcomes[name];
      assert.ok(outcome);
      assert.match(outcome.message, says);
      assert.match(outcome.message, /^x\.bin .*\.$/);
      assert.equal(outcome.kind, "input");
      assert.ok(outcome.seconds < 3, `${outcome.seconds} s`);
      assert.ok(outcome.megabytes < 300, `${outcome.megabytes} MB`);
    });

  for (const name of Object.keys(LARGE))
    it(`${name}: opens, in 300 MB`, () => {
      const outcome = outcomes[name];
      assert.ok(outcome);
      assert.equal(outcome.message, "it was read");
      assert.ok(outcome.megabytes < 300, `${outcome.megabytes} MB`);
    });
});
