import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freeAllocations } from "../../fuzz/allocations.ts";
import { attempt } from "../../fuzz/attempt.ts";
import { seedsOf, targets } from "../../fuzz/targets.ts";

/** A few of the files that `npm run fuzz` makes; it makes 20,000 of each format. */
const FILES = 60;
const SEED = 20;

describe("changed files are read or refused in one sentence", () => {
  const work = mkdtempSync(path.join(tmpdir(), "convlens-fuzz-"));
  after(() => {
    freeAllocations();
    rmSync(work, { recursive: true, force: true });
  });
  for (const target of targets) {
    const seeds = seedsOf(target);
    if (seeds.length === 0) continue;
    it(target.name, async () => {
      const found: string[] = [];
      for (let index = 0; index < FILES; index++) {
        const outcome = await attempt({ target, seeds, seed: SEED, index, work });
        if (typeof outcome === "object") found.push(`${index}: ${outcome.what} ${outcome.stack}`);
      }
      assert.deepEqual(found, []);
    });
  }
});
