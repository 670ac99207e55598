/** The networks, each as the same weights for every side: a Keras .h5, and for PyTorch and ONNX Runtime a .pt and an .onnx made from it. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { must } from "../../scripts/lib/run.mjs";
import { root } from "../../scripts/lib/places.mjs";
import { patiently, say } from "../../scripts/lib/say.mjs";
import { benchCache, peersFolder } from "./environments.mjs";

const CAFFE = { order: "bgr", scale: 1, mean: [103.939, 116.779, 123.68], std: [1] };

const SAMPLES = path.join(root, "samples");
const CAT = { picture: path.join(SAMPLES, "chelsea.png"), class: 285 };

/** The picture and its class; layers for Grad-CAM, feature maps and maximisation; how pixels become inputs. */
export const MODELS = {
  lite0: {
    ...{ ...CAT, sample: path.join(SAMPLES, "efficientnet-lite0.h5"), cam: "top_activation" },
    ...{ maps: "block2b_expand_activation", maximized: "block4a_expand_activation" },
    scaling: { order: "rgb", scale: 1, mean: [127], std: [128] },
  },
  mobilenetv2: {
    ...{ ...CAT, cam: "out_relu", maps: "block_3_expand_relu", maximized: "block_6_expand_relu" },
    scaling: { order: "rgb", scale: 1 / 127.5, mean: [1], std: [1] },
  },
  resnet50: {
    ...{ ...CAT, cam: "conv5_block3_out", maps: "conv2_block1_1_relu" },
    ...{ maximized: "conv3_block4_out", scaling: CAFFE },
  },
  vgg16: {
    ...{ ...CAT, cam: "block5_conv3", maps: "block2_conv2", maximized: "block3_conv3" },
    scaling: CAFFE,
  },
  digits: {
    ...{ picture: path.join(SAMPLES, "digits", "pictures", "digit_04_label4.png"), class: 4 },
    ...{ sample: path.join(SAMPLES, "digits", "digits.h5"), cam: "conv3", maps: "conv2" },
    ...{ maximized: "conv2", scaling: { order: "rgb", scale: 1 / 255, mean: [0], std: [1] } },
  },
};

/**
 * Makes what is missing. @returns {Promise<Record<string, { h5: string, pt: string | null, megabytes: number }>>}
 * without the models that need an environment which is not there
 */
export async function makeModels(names, pythons) {
  const folder = path.join(benchCache, "models");
  mkdirSync(folder, { recursive: true });
  const files = {};
  for (const name of names) {
    const h5 = MODELS[name].sample ?? path.join(folder, `${name}.h5`);
    if (!existsSync(h5) && !pythons.tf) {
      say(`${name} is left out: the environment 'tf' is needed once to make it.`);
      continue;
    }
    const run = (python, script, args) =>
      patiently(`making ${name}`, () => must(python, [path.join(peersFolder, script), ...args]));
    if (!existsSync(h5)) await run(pythons.tf, "make_model.py", [name, h5]);
    const pt = pythons.torch ? path.join(folder, `${name}.pt`) : null;
    const made = pt?.replace(".pt", ".onnx");
    const outdated = made && (!existsSync(made) || statSync(made).mtimeMs < statSync(h5).mtimeMs);
    if (outdated) await run(pythons.torch, "keras_net.py", [h5, pt]);
    files[name] = { h5, pt, megabytes: statSync(h5).size / 1e6 };
  }
  return files;
}
