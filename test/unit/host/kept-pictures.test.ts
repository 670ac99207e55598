import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { keepPicture } from "../../../src/host/panels/kept-pictures.ts";

describe("pictures that are dropped or pasted", () => {
  let storage = "";
  beforeEach(() => {
    storage = mkdtempSync(path.join(tmpdir(), "convlens-kept-"));
  });
  afterEach(() => {
    rmSync(storage, { recursive: true, force: true });
  });
  const kept = (): number => readdirSync(path.join(storage, "pictures")).length;
  /** Of `size` bytes; it is made older than all that are kept after it. */
  const keep = async (value: number, size: number, most: { pictures: number; bytes: number }) => {
    const { file, removed } = await keepPicture(
      storage,
      "a.png",
      new Uint8Array(size).fill(value),
      most,
    );
    utimesSync(path.dirname(file), value, value);
    return { file, removed };
  };

  it("are kept once each, and the oldest go when there are too many", async () => {
    const most = { pictures: 3, bytes: 1e6 };
    const files: string[] = [];
    const removed: number[] = [];
    for (const value of [1, 2, 3, 3, 4, 5]) {
      const one = await keep(value, 10, most);
      files.push(one.file);
      removed.push(one.removed);
    }
    assert.deepEqual(removed, [0, 0, 0, 0, 1, 1]);
    assert.deepEqual(
      files.map((file) => existsSync(file)),
      [false, false, true, true, true, true],
    );
    assert.deepEqual([...readFileSync(files[5] ?? "")], Array<number>(10).fill(5));
  });

  it("go, too, when they take too much; the last one stays, whatever it takes", async () => {
    const most = { pictures: 100, bytes: 100 };
    for (const value of [1, 2, 3]) await keep(value, 40, most);
    assert.equal(kept(), 2);
    const { file, removed } = await keep(4, 400, most);
    assert.deepEqual([removed, kept(), existsSync(file)], [2, 1, true]);
  });

  it("many at once are no more than agreed either", async () => {
    const most = { pictures: 4, bytes: 1e6 };
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => keepPicture(storage, "a.png", Uint8Array.of(i), most)),
    );
    assert.equal(kept(), 4);
  });
});
