import { strToU8, zipSync } from "fflate";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { File, ready } from "h5wasm/node";
import { sizeOf } from "../../../../src/base/tensor.ts";
import { at } from "./types.ts";

type Settings = Record<string, unknown>;
type Shapes = Readonly<Record<string, readonly number[]>>;

/** The layers of a model inside of another one, with their classes. */
const SETTINGS: Readonly<Record<string, Settings>> = {
  Conv2D: { name: "conv", filters: 6, kernel_size: [3, 3], groups: 2 },
  BatchNormalization: { name: "norm" },
  DepthwiseConv2D: { name: "depth", kernel_size: [3, 3], depth_multiplier: 2 },
  Flatten: { name: "flat" },
  Dense: { name: "dense", units: 5 },
};
const CLASSES: Readonly<Record<string, string>> = {
  conv: "conv2d",
  norm: "batch_normalization",
  depth: "depthwise_conv2d",
  dense: "dense",
};
/** As Keras writes them: what is trained first. */
const WEIGHTS: Shapes = {
  "conv/kernel": [3, 3, 2, 6],
  "conv/bias": [6],
  "norm/gamma": [6],
  "norm/beta": [6],
  "depth/depthwise_kernel": [3, 3, 6, 2],
  "depth/bias": [12],
  "dense/kernel": [192, 5],
  "dense/bias": [5],
  "norm/moving_mean": [6],
  "norm/moving_variance": [6],
};

/** What contradicts: settings of a layer, and weights that are not there or of another shape (null: not there). */
export interface Nested {
  readonly settings?: Readonly<Record<string, Settings>>;
  readonly weights?: Readonly<Record<string, readonly number[] | null>>;
}
const SHAPE = [null, 8, 8, 4];
const input = (name: string): object => ({
  class_name: "InputLayer",
  config: { name, batch_shape: SHAPE, batch_input_shape: SHAPE },
});
function configOf({ settings = {} }: Nested): object {
  const layers = Object.entries(SETTINGS).map(([class_name, own]) => ({
    class_name,
    config: { ...own, ...settings[String(own["name"])] },
  }));
  const inside = { name: "inner", layers: [input("within"), ...layers] };
  return {
    class_name: "Sequential",
    config: {
      name: "outer",
      layers: [input("picture"), { class_name: "Sequential", config: inside }],
    },
  };
}
const weightsOf = ({ weights = {} }: Nested): [string, readonly number[]][] =>
  Object.entries({ ...WEIGHTS, ...weights }).flatMap(([name, shape]) =>
    shape ? [[name, shape] as [string, readonly number[]]] : [],
  );
const values = (shape: readonly number[]): Float32Array =>
  new Float32Array(sizeOf(shape)).fill(0.5);

/** An HDF5 file's bytes. */
async function hdf5(fill: (file: File) => void): Promise<Uint8Array> {
  await ready;
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-nested-"));
  const name = path.join(folder, "made.h5");
  const file = new File(name, "w");
  fill(file);
  file.close();
  const bytes = readFileSync(name);
  rmSync(folder, { recursive: true });
  return bytes;
}

/** The network as each format writes it, by the file's name. */
export const WRITTEN: Readonly<
  Record<string, (made: Nested) => Promise<Readonly<Record<string, Uint8Array>>>>
> = {
  "net.h5": async (made) => ({
    "net.h5": await hdf5((file) => {
      file.create_attribute("model_config", JSON.stringify(configOf(made)));
      file.create_attribute("keras_version", "2.15.0");
      const all = file.create_group("model_weights");
      all.create_attribute("layer_names", ["inner"]);
      const own = all.create_group("inner");
      own.create_attribute(
        "weight_names",
        weightsOf(made).map(([name]) => `${name}:0`),
      );
      for (const [name, shape] of weightsOf(made)) {
        const [layer = "", weight = ""] = name.split("/");
        const group = own.keys().includes(layer) ? own.get(layer) : own.create_group(layer);
        (group as typeof own).create_dataset({
          name: `${weight}:0`,
          data: values(shape),
          shape: [...shape],
        });
      }
    }),
  }),
  "net.keras": async (made) => ({
    "net.keras": zipSync({
      "config.json": strToU8(JSON.stringify(configOf(made))),
      "metadata.json": strToU8(JSON.stringify({ keras_version: "3.3.0" })),
      "model.weights.h5": await hdf5((file) => {
        const inner = file.create_group("layers").create_group("sequential").create_group("layers");
        for (const [layer, name] of Object.entries(CLASSES)) {
          const vars = inner.create_group(name).create_group("vars");
          const own = weightsOf(made).filter(([weight]) => weight.startsWith(`${layer}/`));
          for (const [i, [, shape]] of own.entries())
            vars.create_dataset({ name: String(i), data: values(shape), shape: [...shape] });
        }
      }),
    }),
  }),
  "model.json": (made) => {
    const listed = weightsOf(made);
    const data = listed.map(([, shape]) => Buffer.from(values(shape).buffer as ArrayBuffer));
    const weights = listed.map(([name, shape]) => ({ name, shape, dtype: "float32" }));
    const json = {
      format: "layers-model",
      modelTopology: { keras_version: "2.15.0", model_config: configOf(made) },
      weightsManifest: [{ paths: ["shard.bin"], weights }],
    };
    return Promise.resolve({
      "shard.bin": Buffer.concat(data),
      "model.json": strToU8(JSON.stringify(json)),
    });
  },
};

const told = (layer: string, own: Settings): Nested => ({ settings: { [layer]: own } });
const missing = (name: string): Nested => ({ weights: { [name]: null } });
/** Of a network in a network. */
export const nested: Readonly<Record<string, readonly [Nested, RegExp]>> = {
  "a bias that is not to be there": [
    told("conv", { use_bias: false }),
    /'(inner\/)?conv' is told to have kernel and no more, and there are 2 weights of it/,
  ],
  "a bias of a depthwise layer that is not to be there": [
    told("depth", { use_bias: false }),
    /depth' is told to have depthwise_kernel and no more/,
  ],
  "a bias of a dense layer that is not to be there": [
    told("dense", { use_bias: false }),
    /dense' is told to have kernel and no more/,
  ],
  "a bias that is not there": [missing("conv/bias"), /'conv' \(Conv2D\), and 'bias' is missing/],
  "a bias of a dense layer that is not there": [
    missing("dense/bias"),
    /'dense' \(Dense\), and 'bias' is missing/,
  ],
  "a bias of others": [
    { weights: { "conv/bias": [5] } },
    /'bias' of layer 'conv' .* shape \[5\], but the layer needs \[6\]/,
  ],
  "a scale that is not to be there": [
    told("norm", { scale: false }),
    /norm' is told to have beta, moving_mean, moving_variance and no more, .* 4 weights/,
  ],
  "a centre that is not to be there": [
    told("norm", { center: false }),
    /norm' is told to have gamma, moving_mean, moving_variance and no more/,
  ],
  "a scale that is not there": [missing("norm/gamma"), /'norm' \(BatchNormalization\), and '.*' is missing/], // prettier-ignore
  "a variance that is not there": [missing("norm/moving_variance"), /and 'moving_variance' is missing/], // prettier-ignore
  "a number of filters": [told("conv", { filters: 8 }), /needs \[3, 3, 2, 8\]/],
  "a number of groups": [told("conv", { groups: 1 }), /needs \[3, 3, 4, 6\]/],
  "a kernel_size": [told("conv", { kernel_size: [5, 5] }), /needs \[5, 5, 2, 6\]/],
  "a depth_multiplier": [told("depth", { depth_multiplier: 3 }), /needs \[3, 3, 6, 3\]/],
  "a number of units": [told("dense", { units: 6 }), /needs \[192, 6\]/],
  "a padding that leaves more": [told("conv", { padding: "same" }), /'kernel' of layer 'dense'/],
};
/** What is right, and to be read. */
export const honest: Readonly<Record<string, Nested>> = {
  "with all of its weights": {},
  "without a bias": { settings: { conv: { use_bias: false } }, weights: { "conv/bias": null } },
  "without a scale": { settings: { norm: { scale: false } }, weights: { "norm/gamma": null } },
};
/** The names of the layers inside, in any format. */
export const INSIDE = Object.values(SETTINGS).map((own) => String(at(own, "name")));
