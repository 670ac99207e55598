import assert from "node:assert/strict";
import { strToU8 } from "fflate";
import { readModel } from "../../../src/formats/index.ts";
import type { Json } from "../../../src/formats/json.ts";
import { codeInside } from "../../../src/formats/keras/code-inside.ts";
import {
  fixture,
  kerasArchive,
  layerOf,
  scratch,
  shapeOf,
  weightOf,
  withModel,
} from "./support.ts";

const write = scratch();

describe("the small network in all of Keras' files", () => {
  for (const [file, format] of [
    ["small_k2.h5", "Keras 2 .h5"],
    ["small_k3.h5", "Keras 3 .h5"],
    ["small_f16.h5", "Keras 2 .h5"],
    ["small_k2.keras", "Keras 2 .keras"],
    ["small_k3.keras", "Keras 3 .keras"],
  ] as const)
    it(file, () =>
      withModel(fixture(file), async (graph) => {
        assert.equal(graph.format, format);
        assert.deepEqual(
          graph.layers.map(({ name, className }) => `${name} ${className}`),
          [
            "image InputLayer",
            "conv1 Conv2D",
            "pool1 MaxPooling2D",
            "conv2 Conv2D",
            "pool2 MaxPooling2D",
            "conv3 Conv2D",
            "pool3 MaxPooling2D",
            "flatten Flatten",
            "dense1 Dense",
            "predictions Dense",
          ],
        );
        assert.deepEqual(graph.inputs[0]?.shape, [null, 32, 32, 3]);
        assert.deepEqual(graph.outputs[0]?.shape, [null, 10]);
        assert.deepEqual(graph.notes, []);
        const conv = layerOf(graph, "conv2");
        assert.deepEqual(conv.inputs, ["pool1"]);
        assert.deepEqual(shapeOf(graph, conv.output), [null, 16, 16, 32]);
        const kernel = weightOf(conv, "kernel");
        assert.deepEqual(kernel.shape, [3, 3, 16, 32]);
        assert.equal(kernel.storedDType, file === "small_f16.h5" ? "float16" : "float32");
        const first = await graph.weights.read(weightOf(layerOf(graph, "conv1"), "kernel").ref);
        assert.equal(first.dtype, "float32");
        assert.ok(Math.abs((first.data[0] ?? 0) + 0.12706575) < 1e-4);
      }),
    );

  it("splits a fused activation: the logit stands before the softmax", () =>
    withModel(fixture("small_k3.keras"), (graph) => {
      const { output, preActivation } = layerOf(graph, "predictions");
      const softmax = graph.nodes.find(({ id }) => id === output);
      assert.equal(softmax?.op, "softmax");
      assert.deepEqual(softmax.inputs, [preActivation]);
    }));

  it("reads the same numbers from all of them", async () => {
    const read = async (file: string): Promise<Float32Array | Int32Array | Uint8Array> => {
      const graph = await readModel(fixture(file));
      const { data } = await graph.weights.read(weightOf(layerOf(graph, "dense1"), "kernel").ref);
      graph.weights.close();
      return data;
    };
    const expected = await read("small_k2.h5");
    assert.equal(expected.length, 1024 * 64);
    for (const file of ["small_k3.h5", "small_k2.keras", "small_k3.keras"])
      assert.deepEqual(await read(file), expected);
  });
});

describe("weights without a network", () => {
  it("gives layers with their weights, in the file's order, and says so", () =>
    withModel(fixture("small_k3.weights.h5"), (graph) => {
      assert.deepEqual(
        graph.layers.map(({ name, className }) => `${name} ${className}`),
        ["conv1 Conv2D", "conv2 Conv2D", "conv3 Conv2D", "dense1 Dense", "predictions Dense"],
      );
      assert.deepEqual([graph.nodes, graph.inputs, graph.outputs], [[], [], []]);
      assert.match(graph.notes.join(), /weights only/);
      assert.deepEqual(weightOf(layerOf(graph, "conv2"), "kernel").shape, [3, 3, 16, 32]);
    }));

  it("does the same for a subclassed model, whose network is code", () => {
    const config = { class_name: "MyNet", config: { units: 3 }, module: "my.code" };
    return withModel(write("subclassed.keras", kerasArchive(JSON.stringify(config))), (graph) => {
      assert.equal(graph.layers.length, 5);
      assert.match(graph.notes.join(), /'MyNet'/);
    });
  });
});

describe("channels first", () => {
  it("is kept channels-last at no cost, with the file's shapes told", () =>
    withModel(fixture("keras/channels_first.k3.keras"), (graph) => {
      const [input] = graph.inputs;
      assert.deepEqual([input?.shape, input?.fileShape], [[null, 8, 6, 3], [null, 3, 8, 6]]); // prettier-ignore
      const conv = layerOf(graph, "conv");
      assert.deepEqual([shapeOf(graph, conv.output), conv.fileShape], [[null, 6, 4, 4], [null, 4, 6, 4]]); // prettier-ignore
      assert.deepEqual(graph.nodes.filter(({ op }) => op === "transpose"), []); // prettier-ignore
    }));
  it("keeps a kernel's address and shape", () =>
    withModel(fixture("keras/channels_first.k3.keras"), (graph) => {
      const kernel = weightOf(layerOf(graph, "conv"), "kernel");
      assert.deepEqual([kernel.ref, kernel.shape, kernel.kernel], ["/layers/conv2d/vars/0", [3, 3, 3, 4], "hwio"]); // prettier-ignore
    }));
});

describe("nodes of TensorFlow graphs as layers, of Keras 2.0 to 2.3", () => {
  const input = { class_name: "InputLayer", name: "i", config: { batch_input_shape: [null, 4, 4, 3], name: "i" }, inbound_nodes: [] }; // prettier-ignore
  const node = (op: string, inputs: number, attr: object, constants: object): object => ({
    class_name: "TensorFlowOpLayer",
    name: "op",
    config: {
      name: "op",
      node_def: { name: "op", op, input: Array.from({ length: inputs }, (_, i) => `in${i}`), attr },
      constants,
    },
    inbound_nodes: [[["i", 0, 0, {}]]],
  });
  const rows: [string, object, readonly (number | null)[]][] = [
    ["a constant before the tensor", node("Sub", 2, {}, { 0: 1 }), [null, 4, 4, 3]],
    ["a reduction with its axes", node("Mean", 2, { keep_dims: { b: false } }, { 1: [1, 2] }), [null, 3]],
    ["a reshape", node("Reshape", 2, {}, { 1: [-1, 48] }), [null, 48]],
    ["a concatenation with a constant", node("ConcatV2", 3, { N: { i: "2" } }, { 1: [[[[1], [2], [3], [4]], [[1], [2], [3], [4]], [[1], [2], [3], [4]], [[1], [2], [3], [4]]]], 2: -1 }), [null, 4, 4, 4]],
  ]; // prettier-ignore
  for (const [what, layer, shape] of rows)
    it(what, () => {
      const config = { name: "m", layers: [input, layer], input_layers: [["i", 0, 0]], output_layers: [["op", 0, 0]] }; // prettier-ignore
      const file = write("node.keras", kerasArchive(JSON.stringify({ class_name: "Functional", config }))); // prettier-ignore
      return withModel(file, (graph) => {
        assert.equal(layerOf(graph, "op").opaque, null);
        assert.deepEqual(graph.outputs[0]?.shape, shape);
      });
    });
});

describe("an archive whose weights begin where HDF5's own head may stand", () => {
  it("is an archive", () => {
    const input = { class_name: "InputLayer", name: "i", config: { batch_input_shape: [null, 4], name: "i" }, inbound_nodes: [] }; // prettier-ignore
    const relu = { class_name: "ReLU", name: "r", config: { name: "r" }, inbound_nodes: [[["i", 0, 0, {}]]] }; // prettier-ignore
    const config = { name: "m", layers: [input, relu], input_layers: [["i", 0, 0]], output_layers: [["r", 0, 0]] }; // prettier-ignore
    const text = JSON.stringify({ class_name: "Functional", config });
    const whole = (padded: string): Uint8Array => kerasArchive(padded);
    const head = Buffer.from("\x89HDF", "latin1");
    const bytes = whole(text.padEnd(text.length + 1024 - Buffer.from(whole(text)).indexOf(head)));
    assert.equal(Buffer.from(bytes).indexOf(head), 1024);
    return withModel(write("padded.keras", bytes), (graph) => {
      assert.equal(graph.layers.length, 2);
    });
  });
});

describe("nested and shared", () => {
  for (const file of ["nested.k2.h5", "nested.k2.keras", "nested.k3.h5", "nested.k3.keras"])
    it(`${file}: names are outer/inner, and unique`, () =>
      withModel(fixture(`keras/${file}`), (graph) => {
        const names = graph.layers.map(({ name }) => name);
        assert.equal(new Set(names).size, names.length);
        const conv = file.includes("k2") ? "inner/first/first_conv" : "inner/first/conv";
        const [once, again] = [layerOf(graph, conv), layerOf(graph, `${conv}:1`)];
        assert.deepEqual(once.weights, again.weights);
        assert.deepEqual(once.inputs, ["a"]);
        assert.deepEqual(again.inputs, ["half"]);
        assert.ok(once.weights.every(({ trainable }) => !trainable));
        const refs = graph.nodes.filter(({ op }) => op === "weight").map(({ id }) => id);
        assert.equal(new Set(refs).size, refs.length);
      }));

  it("keeps several inputs and outputs apart by name", () =>
    withModel(fixture("keras/two_inputs.k3.keras"), ({ inputs, outputs }) => {
      assert.deepEqual(inputs.map(({ name }) => name).sort(), ["numbers", "picture"]);
      assert.deepEqual(outputs.map(({ name }) => name).sort(), ["value", "yes"]);
    }));
});

describe("a free input size", () => {
  it("is 224 x 224, and said", () =>
    withModel(fixture("keras/free_size.k3.keras"), (graph) => {
      assert.deepEqual(graph.inputs[0]?.shape, [null, 224, 224, 3]);
      assert.match(graph.notes.join(), /224 x 224 x 3/);
    }));
  it("is what the caller says", async () => {
    const graph = await readModel(fixture("keras/free_size.k2.h5"), { inputSize: [40, 60] });
    assert.deepEqual(graph.inputs[0]?.shape, [null, 40, 60, 3]);
    assert.deepEqual(shapeOf(graph, graph.layers[1]?.output ?? null), [null, 19, 29, 4]);
    graph.weights.close();
  });
});

describe("layers that are code or not known", () => {
  it("a Lambda layer is opaque; without its shape, so is what depends on it", () =>
    withModel(fixture("keras/opaque.k2.h5"), (graph) => {
      assert.equal(layerOf(graph, "before").opaque, null);
      assert.match(layerOf(graph, "code").opaque ?? "", /Lambda/);
      assert.deepEqual(graph.pythonCode, ["code"]);
      assert.match(graph.notes.join(), /can run Python code that it holds or names/);
      const after = layerOf(graph, "after");
      assert.match(after.opaque ?? "", /depends on 'code'/);
      assert.deepEqual(weightOf(after, "kernel").shape, [3, 3, 4, 5]);
    }));
  it("where the file tells its shape, what follows is understood", () =>
    withModel(fixture("keras/opaque.k3.keras"), (graph) => {
      assert.match(layerOf(graph, "code").opaque ?? "", /Lambda/);
      assert.deepEqual(graph.pythonCode, ["code"]);
      assert.equal(layerOf(graph, "after").opaque, null);
      assert.deepEqual(graph.outputs[0]?.shape, [null, 5]);
    }));
  it("code is found wherever Keras would run it, and nowhere else", () => {
    const layer = (config: object): Json => ({
      class_name: "Dense",
      config: { name: "l", ...config },
    });
    const inside = (...layers: Json[]): string[] =>
      codeInside({ class_name: "Sequential", config: { name: "m", layers } });
    const code = { class_name: "__lambda__", config: { value: "4wEA" } };
    const others: Json[] = [
      layer({ activation: code }),
      layer({ layer: { class_name: "Keras>Lambda", config: { name: "inner" } } }),
      layer({ function: ["4wEA", null, null], function_type: "lambda" }),
      layer({ activation: { module: "os", class_name: "function", config: "system" } }),
    ];
    assert.deepEqual(
      others.map((one) => inside(one)),
      [["l"], ["inner"], ["l"], ["l"]],
    );
    const own = {
      module: "keras.initializers",
      class_name: "Zeros",
      config: {},
      registered_name: null,
    };
    assert.deepEqual(
      inside(layer({ name: "Lambda", activation: "relu", bias_initializer: own })),
      [],
    );
  });
  it("names that every object has are no layers", () => {
    const layers = ["constructor", "__proto__", "toString"].map((name) => ({
      class_name: name,
      config: JSON.parse(`{ "name": "${name}", "__proto__": { "polluted": true } }`) as object,
    }));
    const input = { class_name: "InputLayer", config: { name: "i", batch_shape: [null, 4, 4, 3] } };
    const config = { class_name: "Sequential", config: { name: "m", layers: [input, ...layers] } };
    const file = write("proto.keras", kerasArchive(JSON.stringify(config)));
    return withModel(file, (graph) => {
      assert.equal(graph.layers.length, 4);
      assert.ok(graph.layers.slice(1).every(({ opaque }) => opaque !== null));
      assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
    });
  });
  it("numbers that only Python writes are read", () => {
    const config = `{"class_name": "Sequential", "config": {"name": "NaN", "layers": [
      {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [null, 4, 4, 3]}},
      {"class_name": "ReLU", "config": {"name": "r", "max_value": Infinity, "threshold": NaN}}]}}`;
    const file = write("python.keras", kerasArchive(config, { "metadata.json": strToU8("{}") }));
    return withModel(file, (graph) => {
      assert.equal(layerOf(graph, "r").opaque, null);
    });
  });
});
