import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { strToU8, zipSync, type Zippable } from "fflate";
import { readModel } from "../../../src/formats/index.ts";
import { ConvLensError } from "../../../src/base/errors.ts";
import type { Layer, ModelGraph, WeightInfo } from "../../../src/graph/index.ts";

const models = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../models");
export const fixture = (name: string): string => path.join(models, name);
export const fixtureBytes = (name: string): Uint8Array => readFileSync(fixture(name));

/** A folder for the files of one suite, removed afterwards. */
export function scratch(): (name: string, bytes: Uint8Array) => string {
  let folder = "";
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "convlens-formats-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return (name, bytes) => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };
}

/** A `.keras` archive with any `config.json` around the weights of the small network. */
export function kerasArchive(config: string, extra: Zippable = {}): Uint8Array {
  const small = fixtureBytes("small_k3.weights.h5");
  return zipSync(
    { "config.json": strToU8(config), "model.weights.h5": small, ...extra },
    { level: 0 },
  );
}

/** The reader's one sentence: kind `input`, with the file's name in it. */
export async function sentence(file: string): Promise<string> {
  try {
    const graph = await readModel(file);
    graph.weights.close();
  } catch (error) {
    assert.ok(error instanceof ConvLensError, String(error));
    assert.equal(error.kind, "input");
    assert.ok(error.message.includes(path.basename(file)), error.message);
    assert.ok(!error.message.includes("\n") && error.message.endsWith("."), error.message);
    return error.message;
  }
  return assert.fail(`${path.basename(file)} was read`);
}

export async function withModel(
  file: string,
  check: (graph: ModelGraph) => Promise<void> | void,
): Promise<void> {
  const graph = await readModel(file);
  try {
    await check(graph);
  } finally {
    graph.weights.close();
  }
}

export const layerOf = (graph: ModelGraph, name: string): Layer =>
  graph.layers.find((layer) => layer.name === name) ?? assert.fail(`no layer '${name}'`);
export const weightOf = (layer: Layer, name: string): WeightInfo =>
  layer.weights.find((weight) => weight.name === name) ?? assert.fail(`no weight '${name}'`);
export const shapeOf = (graph: ModelGraph, id: string | null): readonly (number | null)[] =>
  graph.nodes.find((node) => node.id === id)?.shape ?? assert.fail(`no node '${String(id)}'`);
