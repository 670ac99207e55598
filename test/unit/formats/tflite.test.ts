import assert from "node:assert/strict";
import { summariseLayers } from "../../../src/methods/inspect/index.ts";
import { fixture, layerOf, scratch, shapeOf, weightOf, withModel } from "./support.ts";
import { buffer, operator, tensor, tfliteFile } from "./tflite-files.ts";

const write = scratch();

describe("TFLite", () => {
  it("layers bear the names of the file, and answer to Keras' names", async () => {
    await withModel(fixture("small_f32.tflite"), (graph) => {
      assert.deepEqual(
        graph.layers.slice(0, 3).map(({ name, className }) => [name, className]),
        [
          ["image", "Input"],
          ["small_cnn/conv1/Relu", "CONV_2D"],
          ["small_cnn/pool1/MaxPool", "MAX_POOL_2D"],
        ],
      );
      const conv1 = layerOf(graph, "small_cnn/conv1/Relu");
      for (const alias of ["conv1", "small_cnn/conv1/BiasAdd"])
        assert.ok(conv1.aliases?.includes(alias), alias);
      assert.equal(conv1.note, "RELU is fused into the operator.");
      assert.equal(graph.layers.at(-1)?.name, "predictions");
      assert.deepEqual(graph.inputs[0]?.shape, [null, 32, 32, 3]);
    });
  });

  it("kernels are turned from OHWI; the file's own shape stands beside", async () => {
    await withModel(fixture("small_f32.tflite"), async (graph) => {
      const kernel = weightOf(layerOf(graph, "small_cnn/conv2/Relu"), "kernel");
      assert.deepEqual(kernel.fileShape, [32, 3, 3, 16]);
      assert.deepEqual(kernel.shape, [3, 3, 16, 32]);
      assert.equal(kernel.kernel, "hwio");
      await withModel(fixture("small_k3.keras"), async (keras) => {
        const same = weightOf(layerOf(keras, "conv2"), "kernel");
        const [ours, theirs] = await Promise.all([
          graph.weights.read(kernel.ref),
          keras.weights.read(same.ref),
        ]);
        assert.deepEqual(ours, theirs);
      });
    });
  });

  it("the kind of each layer", async () => {
    await withModel(fixture("tflite/folded.tflite"), (graph) => {
      const ops = summariseLayers(graph).map(({ className, op }) => `${className} ${op}`);
      assert.deepEqual(
        [...new Set(ops)],
        [
          "Input input",
          "CONV_2D conv",
          "DEPTHWISE_CONV_2D depthwise-conv",
          "MEAN pool",
          "RESHAPE reshape",
          "FULLY_CONNECTED dense",
          "ADD merge",
          "LOGISTIC activation",
          "MUL merge",
          "MAX_POOL_2D pool",
          "SOFTMAX activation",
        ],
      );
    });
  });

  it("a folded batch norm and a fused activation are said", async () => {
    await withModel(fixture("tflite/folded.tflite"), (graph) => {
      const notes = graph.layers.map(({ note }) => note);
      assert.equal(
        notes.find((note) => note?.startsWith("Batch norm")),
        "Batch norm is folded into the kernel; RELU6 is fused into the operator.",
      );
    });
  });

  it("how weights are stored is said", async () => {
    for (const [name, note, dtype] of [
      ["small_f16", /stored as float16/, "float16"],
      ["small_dynint8", /stored as int8/, "int8"],
      ["tflite/integer", /float surrogate of an integer model/, "int8"],
    ] as const)
      await withModel(fixture(`${name}.tflite`), (graph) => {
        assert.match(graph.notes.join(" "), note);
        const stored = graph.layers.flatMap(({ weights }) => weights.map((w) => w.storedDType));
        assert.ok(stored.includes(dtype), stored.join());
      });
  });

  it("the batch is free, whatever the file was written for, unless the network mixes its pictures", async () => {
    await withModel(fixture("tflite/fixed_batch.tflite"), (graph) => {
      assert.deepEqual(graph.inputs[0]?.shape, [null, 7, 6, 4]);
      assert.deepEqual(graph.notes, []);
    });
    await withModel(fixture("tflite/mixed_batch.tflite"), (graph) => {
      assert.deepEqual(graph.inputs[0]?.shape, [2, 7, 6, 4]);
      assert.match(graph.notes.join(" "), /names the size of its batch/);
    });
  });

  it("what is not executed, and why", async () => {
    await withModel(fixture("tflite/opaque.tflite"), (graph) => {
      const why = Object.fromEntries(
        graph.layers.map(({ className, opaque }) => [className, opaque]),
      );
      assert.match(why["IMAG"] ?? "", /not supported/);
      assert.match(why["FlexDenseBincount"] ?? "", /custom operator, which is code/);
      assert.equal(why["RELU"], null);
      const relu = graph.layers.find(({ className }) => className === "RELU");
      assert.deepEqual(shapeOf(graph, relu?.output ?? null).slice(1), [7, 6, 4]);
    });
  });

  it("labels and scaling that are packed with the model", async () => {
    await withModel(fixture("odd/metadata.tflite"), ({ labels, scaling }) => {
      assert.deepEqual(labels, ["cat", "dog", "horse", "sheep", "cow"]);
      assert.deepEqual([scaling?.scale, scaling?.mean, scaling?.std], [1, [127], [128]]);
    });
    // uint8 pixels: 0..255 is 0..1 in what the network computes with
    await withModel(fixture("small_int8.tflite"), ({ scaling }) => {
      assert.ok(Math.abs((scaling?.scale ?? 0) - 1 / 255) < 1e-6);
      assert.equal(scaling?.mean[0], 0);
    });
  });

  it("several signatures: the first is shown, and that is said", async () => {
    const signature = (
      key: string,
      name: string,
    ): { table: Record<number, string | { u32: number } | []> } => ({
      table: { 2: key, 4: { u32: 0 }, 3: name },
    });
    const file = tfliteFile({
      tensors: [tensor("x", [1, 4, 4, 2]), tensor("y", [1, 4, 4, 2])],
      operators: [operator(0, [0], [1])],
      buffers: [buffer()],
      model: { 7: [signature("serve", ""), signature("train", "")] },
    });
    await withModel(write("two.tflite", file), ({ notes }) => {
      assert.match(notes.join(" "), /holds 2 networks; the first is shown, not 'train'/);
    });
  });

  it("buffers behind the FlatBuffer, as files beyond 2 GB have them", async () => {
    const values = Float32Array.from({ length: 32 }, (_, i) => i - 7.5);
    const inside = tfliteFile({
      codes: [0],
      tensors: [tensor("x", [1, 4, 4, 2]), tensor("w", [4, 4, 2], 1), tensor("y", [1, 4, 4, 2])],
      buffers: [buffer(), { table: { 1: { u64: 4096 }, 2: { u64: 128 } } }],
      operators: [operator(0, [0, 1], [2])],
    });
    const bytes = new Uint8Array(4096 + 128);
    bytes.set(inside);
    bytes.set(new Uint8Array(values.buffer), 4096);
    await withModel(write("behind.tflite", bytes), async (graph) => {
      const [weight] = layerOf(graph, "y").weights;
      assert.deepEqual((await graph.weights.read(weight?.ref ?? "")).data, values);
    });
  });
});
