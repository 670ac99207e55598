import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freeAllocations } from "../../fuzz/allocations.ts";
import { attempt } from "../../fuzz/attempt.ts";
import { exercise } from "../../fuzz/exercise.ts";
import { zipMutations } from "../../fuzz/mutate/zip.ts";
import { Random } from "../../fuzz/random.ts";
import { seedsOf, targets } from "../../fuzz/targets.ts";

/** A few of the files that `npm run fuzz` makes; it makes 20,000 of each format. */
const FILES = 60;
const SEED = 20;
/** Files that `npm run fuzz` (seed 1) found something with, by format. */
const FOUND: Readonly<Record<string, readonly number[]>> = {
  pt2: [1183, 3272, 11237, 17989],
  torchscript: [857],
};

describe("changed files are read or refused in one sentence", () => {
  const work = mkdtempSync(path.join(tmpdir(), "convlens-fuzz-"));
  after(() => {
    freeAllocations();
    rmSync(work, { recursive: true, force: true });
  });
  for (const target of targets) {
    const seeds = seedsOf(target);
    it(`${target.name}: what it begins with is read`, async () => {
      assert.ok(seeds.length > 0);
      for (const seed of seeds) {
        const file = target.name === "savedmodel" ? path.dirname(seed) : seed;
        assert.equal(await exercise(target.kind, file, new Random(SEED, "whole", 0)), "read", file);
      }
    });
    it(target.name, async () => {
      const found: string[] = [];
      const files = [
        ...Array.from({ length: FILES }, (_, index) => ({ seed: SEED, index })),
        ...(FOUND[target.name] ?? []).map((index) => ({ seed: 1, index })),
      ];
      for (const { seed, index } of files) {
        const outcome = await attempt({ target, seeds, seed, index, work });
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
