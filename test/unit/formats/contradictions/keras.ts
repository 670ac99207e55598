import assert from "node:assert/strict";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { fixtureBytes } from "../support.ts";
import { at, type Cases } from "./types.ts";

interface KerasLayer {
  class_name: string;
  name?: string;
  config: Record<string, unknown>;
  inbound_nodes?: unknown;
}
interface KerasConfig {
  class_name: string;
  readonly config: Record<string, unknown> & { layers: KerasLayer[] };
}
const small = unzipSync(fixtureBytes("small_k3.keras"));
const smallConfig = (): KerasConfig =>
  JSON.parse(strFromU8(at(small, "config.json"))) as KerasConfig;
const layerNamed = ({ config }: KerasConfig, name: string): KerasLayer =>
  config.layers.find((layer) => layer.config["name"] === name) ?? assert.fail(name);
function settings(name: string, values: Record<string, unknown>): KerasConfig {
  const model = smallConfig();
  Object.assign(layerNamed(model, name).config, values);
  return model;
}
/** A layer of another class. */
function classes(name: string, class_name: string): KerasConfig {
  const model = smallConfig();
  Object.assign(layerNamed(model, name), { class_name });
  return model;
}
/** One more layer before the numbers of the picture are put in a row. */
function inserted(class_name: string, config: Record<string, unknown>): KerasConfig {
  const model = smallConfig();
  model.config.layers.splice(7, 0, { class_name, config: { name: "more", ...config } });
  return model;
}
/** The same network with the tensors of each layer named. */
function functional(
  change: (from: Record<string, string[]>, model: KerasConfig) => void,
): KerasConfig {
  const model = smallConfig();
  const names = model.config.layers.map(({ config }) => String(config["name"]));
  const from = Object.fromEntries(
    names.map((name, i) => [name, names.slice(Math.max(0, i - 1), i)]),
  );
  Object.assign(model.config, {
    input_layers: [["image", 0, 0]],
    output_layers: [["predictions", 0, 0]],
  });
  change(from, model);
  model.class_name = "Functional";
  for (const layer of model.config.layers) {
    const name = String(layer.config["name"]);
    const taken = from[name] ?? [];
    layer.name = name;
    layer.inbound_nodes = taken.length > 0 ? [taken.map((one) => [one, 0, 0, {}])] : [];
  }
  return model;
}
/** Of every file of Keras' own description. */
export const keras: Cases<KerasConfig> = {
  "a kernel_size": [
    settings("conv2", { kernel_size: [5, 5] }),
    /but the layer needs \[5, 5, 16, 32/,
  ],
  "a number of filters": [settings("conv2", { filters: 33 }), /needs \[3, 3, 16, 33\]/],
  "a number of units": [settings("dense1", { units: 65 }), /needs \[1024, 65\]/],
  "groups that do not divide": [settings("conv2", { groups: 3 }), /'conv2'/],
  "steps that lead nowhere": [settings("conv2", { strides: [0, 0] }), /strides \[0, 0\]/],
  "groups in words": [settings("conv2", { groups: "two" }), /the setting 'groups' is a text/],
  "steps in words": [settings("conv2", { strides: ["2", "2"] }), /strides \["2","2"\] for 2 axes/],
  "too many steps": [settings("conv2", { strides: [1, 1, 1] }), /strides \[1,1,1\] for 2 axes/],
  "no dilation": [settings("conv2", { dilation_rate: [0, 0] }), /dilations \[0, 0\]/],
  "a window of nothing": [settings("pool2", { pool_size: [0, 0] }), /window \[0, 0\]/],
  "windows that do not move": [settings("pool2", { strides: [0, 0] }), /strides \[0, 0\]/],
  "an input of other channels": [
    settings("image", { batch_shape: [null, 32, 32, 4], batch_input_shape: [null, 32, 32, 4] }),
    /needs \[3, 3, 4, 16\]/,
  ],
  "an input of no rows": [
    settings("image", { batch_shape: [null, 0, 32, 3], batch_input_shape: [null, 0, 32, 3] }),
    /its input 'image' has the shape \[\?, 0, 32, 3\]/,
  ],
  "an input of less than none": [
    settings("image", { batch_shape: [null, -3, 32, 3], batch_input_shape: [null, -3, 32, 3] }),
    /\[N, -3, 32, 3\], which cannot be/,
  ],
  "another input on the way": [
    inserted("InputLayer", { batch_shape: [null, 16, 16, 3] }),
    /takes \[16, 16, 3\] a picture, and \[4, 4, 64\] come there/,
  ],
  "a name twice": [settings("pool3", { name: "pool2" }), /two of its layers are called 'pool2'/],
  "an axis twice": [inserted("Permute", { dims: [1, 1, 2] }), /the order \[0, 1, 1, 2\]/],
  "zeros below zero": [
    inserted("ZeroPadding2D", {
      padding: [
        [-1, 0],
        [0, 0],
      ],
    }),
    /the padding/,
  ],
  "pictures of nothing": [inserted("UpSampling2D", { size: [0, 0] }), /pictures of 0 x 0 cells/],
  "a circle": [
    functional((from) => (from["conv1"] = ["pool3"])),
    /'conv1' to tensors that it does not describe/,
  ],
  "a layer that is not there": [
    functional((from) => (from["conv2"] = ["nobody"])),
    /'conv2' to tensors that it does not describe/,
  ],
  "a layer of one tensor that takes two": [
    functional((from) => (from["conv3"] = ["pool2", "pool2"])),
    /'conv3' takes one tensor and is given 2/,
  ],
  "an input twice": [
    functional(
      (_, { config }) =>
        (config["input_layers"] = [
          ["image", 0, 0],
          ["image", 0, 0],
        ]),
    ),
    /its input 'image' is named twice/,
  ],
  "an input that is computed": [
    functional((from) => (from["image"] = ["pool3"])),
    /its input 'image' takes what others compute/,
  ],
  "a bias that is not to be there": [
    settings("conv2", { use_bias: false }),
    /'conv2' is told to have kernel and no more, and there are 2 weights of it/,
  ],
  "a layer of no weights that has some": [
    classes("dense1", "Softmax"),
    /'dense1' is told to have no weights, and there are 2 |layer 'predictions' \(Dense\)/,
  ],
};
export const inKeras = (model: KerasConfig): Uint8Array =>
  zipSync({ ...small, "config.json": strToU8(JSON.stringify(model)) }, { level: 0 });
