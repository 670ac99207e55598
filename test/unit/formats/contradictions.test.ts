import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { strToU8 } from "fflate";
import { File, ready } from "h5wasm/node";
import { exported } from "./contradictions/exported.ts";
import { inKeras, keras } from "./contradictions/keras.ts";
import { honest, INSIDE, nested, WRITTEN, type Nested } from "./contradictions/nested.ts";
import { onnx } from "./contradictions/onnx.ts";
import { onnxSettings } from "./contradictions/onnx-settings.ts";
import { tensorflow } from "./contradictions/tensorflow.ts";
import { tflite } from "./contradictions/tflite.ts";
import type { Cases } from "./contradictions/types.ts";
import { fixture, fixtureBytes, scratch, sentence, withModel } from "./support.ts";

const shards = JSON.parse(
  Buffer.from(fixtureBytes("small_tfjs_layers/model.json")).toString(),
) as Record<string, object>;

describe("numbers of a file that contradict each other", () => {
  const write = scratch();
  const refuses = (format: string, name: string, all: Cases): void => {
    for (const [what, [bytes, says]] of Object.entries(all))
      it(`${format}: ${what}`, async () => {
        assert.match(await sentence(write(name, bytes)), says);
      });
  };
  refuses("ONNX", "net.onnx", { ...onnx, ...onnxSettings });
  refuses("TensorFlow", "net.pb", tensorflow);
  refuses("TFLite", "net.tflite", tflite);
  refuses("torch.export", "net.pt2", exported);
  const axes = (...sizes: number[]): string => String.fromCharCode(...sizes.flatMap((n) => [0x12, 2, 8, n])); // prettier-ignore
  for (const [what, from, to, says] of [
    [
      "a variable of another shape than its numbers",
      axes(3, 3, 3, 16),
      axes(5, 3, 3, 16),
      /the shape \[5, 3, 3, 16\], and numbers of \[3, 3, 3, 16\]/,
    ],
    [
      "an output beyond that of a function",
      "Relu:activations:0",
      "Relu:activations:1",
      /takes '.*Relu:activations:1', and '.*Relu' has 1 output/,
    ],
    [
      "an output of what a signature calls that is not there",
      "\n\x19StatefulPartitionedCall:0",
      "\n\x19StatefulPartitionedCall:9",
      /its output is 'StatefulPartitionedCall:9', and 'StatefulPartitionedCall' has 1 output/,
    ],
    [
      "an input of a signature that is not there",
      "serving_default_image:0",
      "serving_default_image:1",
      /its input 'image' is 'serving_default_image:1', which is no input/,
    ],
  ] as const)
    it(`SavedModel: ${what}`, async () => {
      const folder = path.dirname(write("beside", new Uint8Array()));
      const own = path.join(folder, "saved");
      cpSync(fixture("small_savedmodel_k2"), own, { recursive: true });
      const file = path.join(own, "saved_model.pb");
      const graph = readFileSync(file, "latin1");
      assert.ok(graph.includes(from));
      writeFileSync(file, graph.replaceAll(from, to), "latin1");
      assert.match(await sentence(own), says);
    });
  for (const [what, from, to, says] of [
    ["an output beyond that of an operation", `"input": ["image",`, `"input": ["image:2",`, /takes 'image:2', and 'image' has 1 output/], // prettier-ignore
    ["an output in words", `"input": ["image",`, `"input": ["image:a",`, /takes 'image:a', which names no output/], // prettier-ignore
    ["an operation that is not there", `"input": ["image",`, `"input": ["^nobody", "image",`, /waits for '\^nobody', which is not there/], // prettier-ignore
    ["an output that is told and not there", `"Identity:0"`, `"Identity:1"`, /its output is 'Identity:1', and 'Identity' has 1/], // prettier-ignore
    ["an input that is told and not there", `"image:0"`, `"nobody:0"`, /its input 'image' is 'nobody:0', which is no input/], // prettier-ignore
  ] as const)
    it(`TF.js graph: ${what}`, async () => {
      const json = Buffer.from(fixtureBytes("small_tfjs_graph/model.json")).toString();
      assert.ok(json.includes(from));
      write("group1-shard1of1.bin", fixtureBytes("small_tfjs_graph/group1-shard1of1.bin"));
      assert.match(await sentence(write("model.json", strToU8(json.replaceAll(from, to)))), says);
    });
  for (const [what, [model, says]] of Object.entries(keras)) {
    it(`Keras .keras: ${what}`, async () => {
      assert.match(await sentence(write("net.keras", inKeras(model))), says);
    });
    it(`Keras .h5: ${what}`, async () => {
      await ready;
      const file = write("net.h5", fixtureBytes("small_k3.h5"));
      const made = new File(file, "a");
      made.delete_attribute("model_config");
      made.create_attribute("model_config", JSON.stringify(model));
      made.close();
      assert.match(await sentence(file), says);
    });
  }
  for (const [what, [model, says]] of Object.entries(keras))
    it(`TF.js: ${what}`, async () => {
      const shard = "group1-shard1of1.bin";
      write(shard, fixtureBytes(`small_tfjs_layers/${shard}`));
      const modelTopology = { ...shards["modelTopology"], model_config: model };
      const json = JSON.stringify({ ...shards, modelTopology });
      assert.match(await sentence(write("model.json", strToU8(json))), says);
    });
  it("TF.js: a weight twice", async () => {
    const weightsManifest = [shards["weightsManifest"], shards["weightsManifest"]].flat();
    const json = JSON.stringify({ ...shards, weightsManifest });
    assert.match(
      await sentence(write("model.json", strToU8(json))),
      /two of its weights are called/,
    );
  });
  for (const [name, written] of Object.entries(WRITTEN)) {
    const file = async (made: Nested): Promise<string> => {
      const files = Object.entries(await written(made)).map(([own, bytes]) => write(own, bytes));
      return files.at(-1) ?? assert.fail();
    };
    for (const [what, made] of Object.entries(honest))
      it(`a network in a network, ${name}: ${what}`, async () => {
        await withModel(await file(made), ({ layers }) => {
          for (const inside of INSIDE)
            assert.ok(
              layers.some((layer) => layer.name.endsWith(inside) && !layer.opaque),
              inside,
            );
        });
      });
    for (const [what, [made, says]] of Object.entries(nested))
      it(`a network in a network, ${name}: ${what}`, async () => {
        assert.match(await sentence(await file(made)), says);
      });
  }
});
