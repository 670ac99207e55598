import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { REST_MS } from "../../../src/files/generation.ts";
import { generationsOf, SOURCES, type Generations } from "../../torn-reads/generations.ts";
import { countReads } from "../../torn-reads/reads.ts";

describe("models that are written while they are read", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "convlens-torn-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  // the short form of `npm run torn-reads`: a format each, those that lie in several files among them
  const SOME = ["safetensors", "h5", "keras", "pth (before 1.6)", "onnx (external data)", "tflite"];
  const MORE = ["frozen graph", "pt2", "SavedModel (export)", "TF.js (two shards)"];
  it("are of one generation or refused, in each format", async () => {
    const models: Generations[] = [];
    for (const source of SOURCES.filter(({ name }) => [...SOME, ...MORE].includes(name)))
      models.push(await generationsOf(source, path.join(folder, source.name)));
    const { all, writersPause } = await countReads(models, { count: 20, atOnce: 2, seed: 7 });
    if (writersPause >= REST_MS) return; // a machine so busy that a file was at rest half written
    for (const { name, mixes } of all) assert.deepEqual([name, mixes], [name, []]);
    assert.ok(all.some((counts) => counts.old > 0) && all.some((counts) => counts.new > 0));
  }).timeout(120_000);
});
