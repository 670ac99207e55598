/** The structure of a Keras network as the helper writes it: a graph whose variables are called as the file of weights calls their numbers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Generation } from "../../../src/files/generation.ts";
import {
  kerasOutline,
  packed,
  readKeptStructure,
  readModel,
  readStructure,
} from "../../../src/formats/index.ts";
import { scratch } from "./support.ts";

const own = (name: string): string => path.resolve("test/golden/data/own-keras", name);

describe("the graph of a Keras network", () => {
  const write = scratch();

  it("has a place for each tensor that Keras loads", async () => {
    for (const name of ["net_k3.weights.h5", "lambda_whole_k2.h5"]) {
      const structure = readStructure(own(`${name}.pb`), new Generation());
      const outline = await kerasOutline(own(name));
      const told = (list: readonly { key: string; shape: readonly number[] }[]): string[] =>
        list.map(({ key, shape }) => `${key} ${shape.join("x")}`).sort();
      assert.deepEqual(told(structure.placesFor([])), told(outline?.tensors ?? []));
      structure.close();
    }
  });

  it("is kept without its file", () => {
    const structure = readStructure(own("net_k3.weights.h5.pb"), new Generation());
    const content = structure.pack();
    const bytes = content && packed(content);
    assert.ok(bytes);
    const again = readKeptStructure(bytes, "kept");
    assert.deepEqual(again.placesFor([]), structure.placesFor([]));
    structure.close();
  });

  const graph = (change: (text: string) => string): string => {
    const bytes = readFileSync(own("net_k3.weights.h5.pb"));
    return write("structure.pb", Buffer.from(change(bytes.toString("latin1")), "latin1"));
  };
  it("is refused where a variable has no key", () => {
    const file = graph((text) => text.replaceAll("shared_name", "sharedXname"));
    assert.throws(
      () => readStructure(file, new Generation()),
      /'structure\.pb' does not describe its variable '.+'; make it again\./,
    );
  });
  it("is refused where its weights are in it", () => {
    const file = graph((text) => text.replaceAll("VariableV2", "VariableXX"));
    assert.throws(() => readStructure(file, new Generation()), /whose weights are in it/);
  });

  it("is asked for by the layout of a file alone", async () => {
    const [legacy, counted] = await Promise.all(
      ["net_k2.h5", "lambda_k2.keras"].map((name) => kerasOutline(own(name))),
    );
    assert.equal(legacy?.ending, ".h5");
    assert.equal(counted?.ending, ".weights.h5");
    const [root] = legacy.groups;
    assert.equal(root?.path, "");
    assert.equal(root.attributes["keras_version"], "2.15.0");
    assert.ok(root.attributes["layer_names"]?.includes("dense"));
    // what the training kept beside
    assert.ok(!counted.tensors.some(({ key }) => /optimizer|metric/.test(key)));
    assert.equal(await kerasOutline(own("model.py")), null);
  });

  it("shows the layers of a class of Keras 3 beside those in its lists", async () => {
    const network = await readModel(own("net_k3.weights.h5"));
    network.weights.close();
    const parts = ["conv", "norm", "skip"];
    assert.deepEqual(network.layers.map(({ name }) => name).sort(), [
      ...parts.map((part) => `blocks/block/${part}`),
      ...parts.map((part) => `blocks/block_1/${part}`),
      "head",
    ]);
  });
});
