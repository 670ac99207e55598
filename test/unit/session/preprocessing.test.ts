import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ownScaling } from "../../../src/session/open/own-scaling.ts";
import { decidePreprocessing } from "../../../src/session/open/preprocessing.ts";
import { readSidecar, writeSidecar } from "../../../src/session/open/sidecar.ts";
import { checkLabels } from "../../../src/session/open/labels.ts";
import { ValueCache } from "../../../src/session/run/value-cache.ts";
import {
  GraphBuilder,
  type Layer,
  type ModelGraph,
  type TensorSpec,
} from "../../../src/graph/index.ts";
import { floats } from "../../../src/base/tensor.ts";

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

const spec = (name: string): TensorSpec => ({
  ...({ name, node: name, dtype: "float32" } as const),
  shape: [null, 4, 4, 3],
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
  it("arithmetic right behind the input is found, and what it is meant for", async () => {
    for (const [name, takes, arithmetic] of [
      [
        "x / 127.5 - 1",
        "pixels",
        [
          ["div", 127.5],
          ["sub", 1],
        ],
      ],
      ["x - 127", "pixels", [["sub", 127]]],
      [
        "(x - 0.485) / 0.229",
        "unit",
        [
          ["sub", 0.485],
          ["div", 0.229],
        ],
      ],
      [
        "x * 2 - 1",
        "unit",
        [
          ["mul", 2],
          ["sub", 1],
        ],
      ],
      ["nothing", undefined, []],
    ] as const) {
      const builder = new GraphBuilder();
      let x = builder.input("image", [null, 4, 4, 3]);
      x = builder.add("reverse", "bgr", [x], { axes: [3] });
      for (const [op, value] of arithmetic) x = builder.add(op, op, [x, builder.scalar(value)]);
      x = builder.add("relu", "relu", [x]);
      const graph = { ...graphOf(), nodes: builder.nodes, inputs: [spec("image"), spec("other")] };
      const own = await ownScaling(graph);
      assert.equal(own?.takes, takes, name);
      const found = decidePreprocessing(graph, null, own);
      assert.equal(found.source, takes ? "graph" : "guess");
      assert.equal(found.scale, takes === "pixels" ? 1 : 1 / 255);
    }
  });
  it("what the file says beside its network comes before what its layers look like", () => {
    const scaling = {
      order: "rgb",
      scale: 1,
      mean: [127.5],
      std: [127.5],
      why: "It says so.",
    } as const;
    const found = decidePreprocessing({ ...graphOf(["r", "Rescaling"]), scaling }, null);
    assert.deepEqual([found.source, found.mean, found.why], ["graph", [127.5], "It says so."]);
  });
  it("families are known by the parts of joined names and by aliases", () => {
    const tflite = graphOf(["net/block5_conv3/Relu;net/block5_conv3/BiasAdd", "CONV_2D"]);
    assert.deepEqual(decidePreprocessing(tflite, null).mean, [103.939, 116.779, 123.68]);
    const keras3 = graphOf(["functional_1/pool2_conv_1/convolution", "CONV_2D"]);
    assert.match(decidePreprocessing(keras3, null).why, /DenseNet/);
    const torch = graphOf(["layer4.1.conv2", "Conv"]);
    assert.deepEqual(decidePreprocessing(torch, null).mean, [0.485, 0.456, 0.406]);
  });
  it("torchvision's and timm's networks by their modules; others of PyTorch by ImageNet's classes", () => {
    for (const [module, scale, mean] of [
      ["features.9.conv.1.0", 1 / 255, 0.485],
      ["features.5.0.block.0", 1 / 255, 0.485],
      ["features.7.2.block.4", 1 / 255, 0.485],
      ["trunk_output.block4.block4-5.f.c.0", 1 / 255, 0.485],
      ["blocks.4.0.conv_dw", 1 / 255, 0.485],
      ["stages.2.blocks.0.norm3", 1 / 127.5, 1],
      ["blocks.6.stack.conv1.conv_dw", 1 / 127.5, 1],
      ["features.9", 1 / 255, 0],
    ] as const) {
      const found = decidePreprocessing(graphOf([module, "Conv"]), null);
      assert.deepEqual([found.source, found.scale, found.mean[0]], ["guess", scale, mean], module);
    }
    const network = (producer: string, classes: number, channels = 3): ModelGraph => ({
      ...graphOf(["conv1", "Conv"]),
      producer,
      inputs: [{ ...spec("image"), shape: [null, 64, 64, channels] }],
      outputs: [{ ...spec("logits"), shape: [null, classes] }],
    });
    const meanOf = (graph: ModelGraph): number | undefined =>
      decidePreprocessing(graph, null).mean[0];
    assert.equal(meanOf(network("pytorch 2.7.1", 1000)), 0.485);
    assert.equal(meanOf(network("PyTorch 2.7.1", 21843)), 0.485);
    assert.equal(meanOf(network("pytorch 2.7.1", 10)), 0);
    assert.equal(meanOf(network("pytorch 2.7.1", 1000, 1)), 0);
    assert.equal(meanOf(network("tf2onnx 1.16", 1000)), 0);
  });
  it("a gray network of a family gets no means of three colours", () => {
    const gray = { ...spec("x"), shape: [null, 4, 4, 1] };
    const found = (input: TensorSpec) =>
      decidePreprocessing({ ...graphOf(["layer4.1.conv2", "Conv"]), inputs: [input] }, null);
    assert.deepEqual([found(spec("x")).mean.length, found(gray).mean.length], [3, 1]);
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

  it("of one checkpoint holds for all of its training that have none of their own", async () => {
    const of = async (name: string): Promise<unknown> =>
      (await readSidecar(path.join(folder, name)))?.labels;
    await writeFile(path.join(folder, "epoch_01.h5.convlens.json"), '{"labels": ["a"]}');
    await writeFile(path.join(folder, "epoch_03.h5.convlens.json"), '{"labels": ["c"]}');
    assert.deepEqual(await of("epoch_02.h5"), ["a"]);
    assert.deepEqual(await of("epoch_03.h5"), ["c"]);
    assert.equal(await of("epoch_02.keras"), undefined);
    assert.equal(await of("step_02.h5"), undefined);
  });

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
  it("stays as it is where it cannot be understood: a comma too many loses no labels", async () => {
    const written = '{ "labels": ["cat", "dog"], }';
    await writeFile(file(), written);
    const chosen = decidePreprocessing(graphOf(), null);
    await assert.rejects(writeSidecar(path.join(folder, "m.h5"), chosen), /not valid JSON/);
    assert.equal(await readFile(file(), "utf8"), written);
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
