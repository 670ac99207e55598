import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { firstChanged } from "../../../src/engine/native/unchanged.ts";

describe("native: the engine's files are those that were installed", () => {
  let folder: string;
  const file = (name: string): string => path.join(folder, name);
  const sum = (text: string): string => createHash("sha256").update(text).digest("hex");
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "convlens-unchanged-"));
    writeFileSync(file("a.so"), "library");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("are read once, then known by their stamp", () => {
    assert.equal(firstChanged(folder, { "a.so": sum("library") }), null);
    const stamps = readFileSync(file("stamps.json"), "utf8");
    assert.equal(firstChanged(folder, { "a.so": sum("library") }), null);
    assert.equal(readFileSync(file("stamps.json"), "utf8"), stamps);
  });

  it("a change is found, also with the size and the time kept", () => {
    const files = { "a.so": sum("library") };
    assert.equal(firstChanged(folder, files), null);
    const then = new Date(1_700_000_000_000);
    utimesSync(file("a.so"), then, then);
    assert.equal(firstChanged(folder, files), null, "a new time alone is no change");
    writeFileSync(file("a.so"), "plantat");
    utimesSync(file("a.so"), then, then);
    assert.equal(firstChanged(folder, files), file("a.so"));
    writeFileSync(file("a.so"), "library");
    assert.equal(firstChanged(folder, files), null, "and mended again");
  });

  it("stamps of another checksum, damaged or hostile ones help nobody", () => {
    writeFileSync(file("stamps.json"), "[");
    assert.equal(firstChanged(folder, { "a.so": sum("other") }), file("a.so"));
    assert.equal(firstChanged(folder, { "a.so": sum("library") }), null);
    assert.equal(firstChanged(folder, { "a.so": sum("other") }), file("a.so"));
  });

  it("a missing file is a changed one, an absolute path is itself", () => {
    assert.equal(firstChanged(folder, { "b.so": sum("library") }), file("b.so"));
    assert.equal(firstChanged(folder, { [file("a.so")]: sum("library") }), null);
  });
});
