import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { decidePreprocessing } from "../../../src/session/preprocessing.ts";
import { readSidecar, writeSidecar } from "../../../src/session/sidecar.ts";
import { checkLabels } from "../../../src/session/labels.ts";
import { ValueCache } from "../../../src/session/value-cache.ts";
import type { Layer, ModelGraph } from "../../../src/shared/graph/index.ts";
import { floats } from "../../../src/shared/tensor.ts";

const graphOf = (...layers: [name: string, className: string][]): ModelGraph => ({
  format: "test",
  producer: null,
  inputs: [],
  outputs: [],
  nodes: [],
  layers: layers.map(([name, className]): Layer => ({
    name,
    className,
    nodes: [],
    output: null,
    preActivation: null,
    inputs: [],
    weights: [],
    opaque: null,
  })),
  weights: { read: () => Promise.reject(new Error("none")), close: () => undefined },
  notes: [],
});

describe("preprocessing", () => {
  it("the sidecar comes first, by name or by numbers", () => {
    const graph = graphOf(["rescaling", "Rescaling"]);
    const named = decidePreprocessing(graph, { preprocess: "lite" });
    assert.deepEqual([named.source, named.mean, named.std], ["sidecar", [127], [128]]);
    const numbers = decidePreprocessing(graph, {
      preprocess: { scale: 2, mean: [1, 2, 3], order: "bgr", fit: "squash" },
    });
    assert.deepEqual(
      [numbers.scale, numbers.mean, numbers.std, numbers.order, numbers.fit],
      [2, [1, 2, 3], [1], "bgr", "squash"],
    );
  });
  it("a sidecar that cannot be meant is refused in words", () => {
    const graph = graphOf();
    for (const [preprocess, message] of [
      ["imagenet", /unknown preprocessing 'imagenet'/],
      ["toString", /unknown preprocessing/],
      [{ std: [0] }, /must not be 0/],
      [{ mean: ["a"] }, /list of numbers/],
      [{ order: "grb" }, /rgb, bgr or gray/],
    ] as const)
      assert.throws(() => decidePreprocessing(graph, { preprocess } as never), message);
  });
  it("a network that scales by itself gets raw pixels", () => {
    const found = decidePreprocessing(graphOf(["in", "InputLayer"], ["r", "Rescaling"]), null);
    assert.deepEqual([found.source, found.scale, found.mean], ["graph", 1, [0]]);
    assert.match(found.why, /layer 'r'/);
  });
  it("families are known by their layer names, nested ones too", () => {
    const vgg = decidePreprocessing(graphOf(["base/block5_conv3", "Conv2D"]), null);
    assert.deepEqual([vgg.source, vgg.order], ["guess", "bgr"]);
    const mobile = decidePreprocessing(
      graphOf(["expanded_conv_depthwise", "DepthwiseConv2D"]),
      null,
    );
    assert.deepEqual([mobile.mean, mobile.scale], [[1], 1 / 127.5]);
    const unknown = decidePreprocessing(graphOf(["conv1", "Conv2D"]), null);
    assert.equal(unknown.scale, 1 / 255);
  });
});

describe("the sidecar file", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-"));
  });
  after(() => rm(folder, { recursive: true }));
  const file = (): string => path.join(folder, "m.h5.convlens.json");

  it("keeps what else it says when a choice is written", async () => {
    await writeFile(file(), JSON.stringify({ labels: "labels.txt", preprocess: "lite" }));
    const chosen = decidePreprocessing(graphOf(), null);
    assert.equal(await writeSidecar(path.join(folder, "m.h5"), chosen), file());
    const written = JSON.parse(await readFile(file(), "utf8")) as Record<string, unknown>;
    assert.equal(written["labels"], "labels.txt");
    const again = decidePreprocessing(graphOf(), await readSidecar(path.join(folder, "m.h5")));
    assert.deepEqual([again.scale, again.source], [1 / 255, "sidecar"]);
  });
  it("is optional, and refused when it is no JSON object", async () => {
    assert.equal(await readSidecar(path.join(folder, "other.h5")), null);
    await writeFile(file(), "{");
    await assert.rejects(readSidecar(path.join(folder, "m.h5")), /not valid JSON/);
    await writeFile(file(), "[]");
    await assert.rejects(readSidecar(path.join(folder, "m.h5")), /JSON object/);
  });
});

describe("labels and values", () => {
  it("a wrong number of labels is said", () => {
    assert.deepEqual(checkLabels(["a", "b"], 2, "x"), ["a", "b"]);
    assert.throws(
      () => checkLabels(["a"], 2, "labels.txt"),
      /labels.txt has 1 labels, but the model has 2/,
    );
  });
  it("the cache stays within its budget and drops the least recently used", () => {
    const cache = new ValueCache(3 * 4 * 10);
    const value = (): ReturnType<typeof floats> => floats([10], new Float32Array(10));
    for (const key of ["m\na", "m\nb", "n\nc"]) cache.set(key, value());
    assert.ok(cache.get("m\na"));
    cache.set("n\nd", value());
    assert.equal(cache.get("m\nb"), undefined);
    cache.deleteAll("n\n");
    assert.deepEqual([cache.get("n\nc"), cache.get("n\nd")], [undefined, undefined]);
    assert.ok(cache.get("m\na"));
    cache.setBudget(0);
    assert.ok(cache.get("m\na"), "the value in use is kept");
  });
});
