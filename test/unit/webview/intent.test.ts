import assert from "node:assert/strict";
import { firstIntent } from "../../../src/host/panels/intent.ts";
import type { LayerSummary, ModelSummary } from "../../../src/shared/contract/model.ts";
import type { Intent } from "../../../src/shared/contract/intent.ts";
import {
  settle,
  toggledClass,
  withImages,
  withoutImage,
} from "../../../webview/common/state/intent.ts";
import { layerFor, nearestFor } from "../../../webview/common/state/lenses.ts";
import { filterLayers, searchClasses } from "../../../webview/common/text/search.ts";

const intent: Intent = {
  ...firstIntent("/m.h5"),
  lens: "filters",
  images: ["a.png", "b.png", "c.png"],
  image: "b.png",
};

const layer = (name: string, op: LayerSummary["op"], spatial: boolean): LayerSummary => ({
  name,
  className: op === "conv" ? "Conv2D" : "Other",
  op,
  outputShape: [null, 8, 8, 4],
  mapShape: [null, 8, 8, 4],
  aliases: [],
  source: null,
  note: null,
  params: 0,
  macs: 0,
  receptiveField: null,
  inputs: [],
  weights: [],
  hasKernel: op === "conv",
  pictures: spatial ? ["x"] : [],
  spatial,
  activated: false,
  rectified: false,
  opaque: null,
  blockedBy: [],
});
const layers = [
  layer("input", "input", true),
  layer("conv1", "conv", true),
  layer("relu1", "activation", true),
  layer("conv2", "conv", true),
  layer("fc", "dense", false),
];
const summary: ModelSummary = {
  path: "/m.h5",
  name: "m.h5",
  format: "test",
  producer: null,
  bytes: 1,
  inputs: [],
  outputs: [],
  pictures: ["x"],
  besides: [],
  layers,
  totals: { params: 0, trainable: 0, macs: 0 },
  notes: [],
  pythonCode: [],
  structure: null,
  notRunnable: null,
  preprocessing: {
    order: "rgb",
    scale: 1,
    mean: [0],
    std: [1],
    fit: "crop",
    source: "guess",
    why: "",
  },
  classes: 3,
  labels: null,
  warnings: [],
  attentionLayer: null,
  camLayer: { name: "relu1", merged: [], why: "" },
  firstKernel: "conv1",
};

describe("the intent of a panel", () => {
  it("takes pictures once and looks at the last added", () => {
    const next = withImages(intent, ["c.png", "d.png"]);
    assert.deepEqual(next.images, ["a.png", "b.png", "c.png", "d.png"]);
    assert.equal(next.image, "d.png");
    assert.equal(withImages(intent, []), intent);
  });

  it("looks at the neighbour of a picture that is taken away", () => {
    assert.equal(withoutImage(intent, "b.png").image, "c.png");
    assert.equal(withoutImage(intent, "a.png").image, "b.png");
    assert.equal(withoutImage({ ...intent, image: "c.png" }, "c.png").image, "b.png");
    assert.equal(withoutImage({ ...intent, images: ["b.png"] }, "b.png").image, null);
  });

  it("switches classes on and off", () => {
    assert.deepEqual(toggledClass([3, 5], 5), [3]);
    assert.deepEqual(toggledClass([3, 5], 7), [3, 5, 7]);
  });

  it("shows what the model offers until a layer is chosen", () => {
    assert.equal(layerFor(summary, intent)?.name, "conv1");
    assert.equal(layerFor(summary, { ...intent, layer: "conv2" })?.name, "conv2");
    assert.equal(layerFor(summary, { ...intent, lens: "cam" })?.name, "relu1");
    assert.equal(layerFor(summary, { ...intent, lens: "activations" }), null);
  });

  it("finds the nearest layer that a lens can draw", () => {
    assert.equal(nearestFor(summary, "filters", "relu1")?.name, "conv2");
    assert.equal(nearestFor(summary, "filters", "fc")?.name, "conv2");
    assert.equal(nearestFor(summary, "activations", "fc")?.name, "conv2");
  });

  it("forgets names and classes that the model no longer has", () => {
    const old: Intent = {
      ...intent,
      ...{ layer: "gone", camLayer: "relu1", classes: [2, 3] },
      ...{ camMerged: ["conv1", "gone"], camMinus: 3 },
    };
    const next = settle(old, summary);
    assert.equal(next.layer, null);
    assert.equal(next.camLayer, "relu1");
    assert.deepEqual(next.classes, [2]);
    assert.deepEqual([next.camMerged, next.camMinus], [["conv1"], null]);
  });
});

describe("search", () => {
  it("wants every word in a layer's name, class or operation", () => {
    assert.deepEqual(
      filterLayers(layers, "CONV 2d").map(({ name }) => name),
      ["conv1", "conv2"],
    );
    assert.equal(filterLayers(layers, " "), layers);
    assert.deepEqual(filterLayers(layers, "conv activation"), []);
  });

  it("ranks classes: the index, the beginning, a word, any part", () => {
    const labels = ["hotdog", "red dog", "dog", "cat"];
    const found = (query: string): number[] =>
      searchClasses(query, 4, labels).map(({ index }) => index);
    assert.deepEqual(found("dog"), [2, 1, 0]);
    assert.deepEqual(found("3"), [3]);
    assert.deepEqual(found(""), []);
  });

  it("finds classes by number where there are no labels", () => {
    const found = searchClasses("12", 1000, null, 3);
    assert.deepEqual(
      found.map(({ index }) => index),
      [12, 120, 121],
    );
  });
});
