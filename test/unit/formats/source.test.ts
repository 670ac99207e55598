import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Generation } from "../../../src/files/generation.ts";
import { FileSource } from "../../../src/formats/bytes/source.ts";

describe("a file that a model names, once it is open", () => {
  let root: string;
  const at = (...names: string[]): string => path.join(root, ...names);
  const opened = (): FileSource => new FileSource(at("model", "weights.bin"), new Generation());
  const keep = (source: FileSource): FileSource =>
    source.keepWithin(at("model"), () => new Error("outside"));
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), "convlens-source-")));
    mkdirSync(at("model"));
    writeFileSync(at("model", "weights.bin"), "own");
    writeFileSync(at("secret"), "top secret");
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("is kept where it lies in the model's folder", () => {
    const source = keep(opened());
    assert.equal(source.size, 3);
    source.close();
  });

  it("is let go where a link took its place, before or after it was opened", function () {
    if (process.platform === "win32") this.skip();
    const before = opened();
    rmSync(at("model", "weights.bin"));
    symlinkSync(at("secret"), at("model", "weights.bin"));
    assert.throws(() => keep(before), /^Error: outside/);
    const after = opened();
    assert.throws(() => keep(after), /^Error: outside/);
    assert.throws(() => after.readInto(new Uint8Array(3), 0), /was closed/);
    // swapped back before it is judged: what is open is still the other one
    const swapped = opened();
    rmSync(at("model", "weights.bin"));
    writeFileSync(at("model", "weights.bin"), "own");
    assert.throws(() => keep(swapped), /'weights.bin' was changed while it was opened; try again/);
  });

  it("that was written anew, or is gone, is said to have changed", () => {
    const source = opened();
    writeFileSync(at("model", "new"), "new");
    renameSync(at("model", "new"), at("model", "weights.bin"));
    assert.throws(() => keep(source), /was changed while it was opened/);
    const gone = opened();
    rmSync(at("model", "weights.bin"));
    assert.throws(() => keep(gone), /was changed while it was opened/);
  });
});
