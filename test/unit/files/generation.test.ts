import assert from "node:assert/strict";
import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Generation, ofOneGeneration } from "../../../src/files/generation.ts";

describe("one generation of files", () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "convlens-generation-"));
    writeFileSync(at("a"), "aaaa");
    writeFileSync(at("b"), "bbbb");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const seen = (...names: string[]): Generation => {
    const generation = new Generation();
    for (const name of names) generation.add(at(name));
    return generation;
  };

  it("is what stays as it is, also where nothing is", () => {
    const generation = seen("a", "b", "none");
    generation.check();
    writeFileSync(at("none"), "");
    assert.equal(generation.changed(), at("none"));
    assert.throws(() => {
      generation.check();
    }, /^ConvLensError: 'none' changed on disk/);
  });

  const kept =
    (write: () => void): (() => void) =>
    () => {
      const { atime, mtime } = statSync(at("b"));
      write();
      utimesSync(at("b"), atime, mtime);
    };
  const inPlace = (): void => {
    writeFileSync(at("b"), "BBBB", { flag: "r+" });
  };
  const replaced = (): void => {
    writeFileSync(at("b.new"), "BBBB");
    renameSync(at("b.new"), at("b"));
  };
  const ways = { inPlace, replaced, "in place, its time kept": kept(inPlace) };
  for (const [name, write] of Object.entries({
    ...ways,
    "replaced, its time kept": kept(replaced),
  }))
    it(`is another where a file of the same size is written: ${name}`, async () => {
      const generation = seen("a", "b");
      await new Promise((resolve) => setTimeout(resolve, 20)); // a tick of the clock
      write();
      assert.equal(generation.changed(), at("b"));
    });

  it("is another once a file was replaced between its stamp and its opening", () => {
    const generation = seen("a", "b");
    replaced();
    generation.add(at("b"));
    assert.equal(generation.changed(), at("b"));
  });

  it("is waited for, and what was read of another is let go", async () => {
    const discarded: string[] = [];
    let times = 0;
    const read = await ofOneGeneration(
      async (generation) => {
        times++;
        generation.add(at("a"));
        const text = readFileSync(at("a"), "utf8");
        if (discarded.length === 0) writeFileSync(at("a"), "later");
        await Promise.resolve();
        return text;
      },
      (text) => discarded.push(text),
    );
    assert.deepEqual([read, discarded], ["later", ["aaaa"]]);
    assert.equal(times, 3); // young, written meanwhile, whole
  });

  it("is given up in a sentence where the writing does not end", async () => {
    const reading = ofOneGeneration(
      (generation) => {
        writeFileSync(at("a"), String(Math.random()));
        generation.add(at("a"));
        return Promise.resolve();
      },
      () => undefined,
    );
    await assert.rejects(reading, { kind: "input", message: /^'a' is being written; / });
  }).timeout(20_000);

  it("what fails of files at rest fails at once", async () => {
    let times = 0;
    const reading = ofOneGeneration(
      () => {
        times++;
        return Promise.reject(new RangeError("damaged"));
      },
      () => undefined,
    );
    await assert.rejects(reading, /damaged/);
    assert.equal(times, 1);
  });
});
