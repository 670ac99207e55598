/** The networks, each as the same weights for every side: a Keras .h5, and for PyTorch a .pt made from it. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { must } from "../../scripts/lib/run.mjs";
import { root } from "../../scripts/lib/places.mjs";
import { patiently, say } from "../../scripts/lib/say.mjs";
import { benchCache, peersFolder } from "./environments.mjs";

const CAFFE = { order: "bgr", scale: 1, mean: [103.939, 116.779, 123.68], std: [1] };

/** Grad-CAM's layer, one layer for feature maps, and how pixels become inputs. */
export const MODELS = {
  lite0: {
    ...{ cam: "top_activation", maps: "block2b_expand_activation" },
    scaling: { order: "rgb", scale: 1, mean: [127], std: [128] },
  },
  mobilenetv2: {
    ...{ cam: "out_relu", maps: "block_3_expand_relu" },
    scaling: { order: "rgb", scale: 1 / 127.5, mean: [1], std: [1] },
  },
  resnet50: { cam: "conv5_block3_out", maps: "conv2_block1_1_relu", scaling: CAFFE },
  vgg16: { cam: "block5_conv3", maps: "block2_conv2", scaling: CAFFE },
};

/** Egyptian cat; for random weights any class does. */
export const CLASS = 285;
export const PICTURE = path.join(root, "samples", "chelsea.png");

/**
 * Makes what is missing. @returns {Promise<Record<string, { h5: string, pt: string | null, megabytes: number }>>}
 * without the models that need an environment which is not there
 */
export async function makeModels(names, pythons) {
  const folder = path.join(benchCache, "models");
  mkdirSync(folder, { recursive: true });
  const files = {};
  for (const name of names) {
    const h5 =
      name === "lite0"
        ? path.join(root, "samples", "efficientnet-lite0.h5")
        : path.join(folder, `${name}.h5`);
    if (!existsSync(h5) && !pythons.tf) {
      say(`${name} is left out: the environment 'tf' is needed once to make it.`);
      continue;
    }
    const run = (python, script, args) =>
      patiently(`making ${name}`, () => must(python, [path.join(peersFolder, script), ...args]));
    if (!existsSync(h5)) await run(pythons.tf, "make_model.py", [name, h5]);
    const pt = pythons.torch ? path.join(folder, `${name}.pt`) : null;
    const outdated = pt && (!existsSync(pt) || statSync(pt).mtimeMs < statSync(h5).mtimeMs);
    if (outdated) await run(pythons.torch, "keras_net.py", [h5, pt]);
    files[name] = { h5, pt, megabytes: statSync(h5).size / 1e6 };
  }
  return files;
}
