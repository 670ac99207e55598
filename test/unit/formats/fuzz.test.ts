import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freeAllocations } from "../../fuzz/allocations.ts";
import { attempt } from "../../fuzz/attempt.ts";
import { zipMutations } from "../../fuzz/mutate/zip.ts";
import { Random } from "../../fuzz/random.ts";
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

it("an archive whose directory claims thousands of millions of entries is changed at once", () => {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50);
  record.writeUInt32LE(0xffffffff, 32); // entries
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 8);
  const bytes = Buffer.concat([record, locator, end]);
  for (const mutation of zipMutations(() => []))
    assert.ok(mutation(bytes, new Random(1), [bytes]).length > 0);
});
