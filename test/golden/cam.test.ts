/** Predictions, feature maps, Grad-CAM and HiRes-CAM against PyTorch (captum, pytorch-grad-cam) and TensorFlow. */
import assert from "node:assert/strict";
import type { OpenModel, Runner } from "../../src/session/index.ts";
import { asFloats, floats } from "../../src/base/tensor.ts";
import { camOf, assertClose, expected, feed, onEachEngine, open, runnerOf } from "./support.ts";

interface Case {
  readonly model: string;
  readonly scaling: string;
  readonly camLayer: string;
  readonly pictures: readonly { file: string; folder: string; classes: readonly number[] }[];
  /** The peer's name, and the file's where that differs: `conv1=relu1`. */
  readonly maps: readonly string[];
  /** Relative to an array's maximum. */
  readonly limit?: number;
}
const DIGITS: Case["pictures"] = [
  { file: "digits/digit_00_label6.png", folder: "small/digit_00_label6/torch", classes: [6, 5] },
  { file: "digits/digit_00_label6.png", folder: "small/digit_00_label6/tf", classes: [6, 5] },
];
const SMALL = ["small_k2.h5", "small_k3.h5", "small_k2.keras", "small_k3.keras"].map(
  (model): Case => ({
    model,
    scaling: "0..1",
    camLayer: "conv3",
    pictures: DIGITS,
    maps: ["conv1", "pool1", "conv2", "conv3"],
  }),
);
const TFLITE: Case = {
  model: "small_f32.tflite",
  scaling: "0..1",
  camLayer: "small_cnn/conv3/Relu",
  pictures: DIGITS,
  maps: ["conv1", "pool1", "conv2", "conv3"],
};
const TENSORFLOW = [
  "small_savedmodel_k2",
  "small_savedmodel_k3export/saved_model.pb",
  "small_frozen.pb",
  "small_tfjs_graph",
  "small_tfjs_layers/model.json",
  "small_tfjs_graph_f16",
  "small_tfjs_layers_f16",
].map((model): Case => ({
  model,
  scaling: "0..1",
  camLayer: "conv3",
  pictures: DIGITS,
  maps: ["conv1", "pool1", "conv2", "conv3"],
  // parameters rounded to half floats are off by up to 2^-11 each; the peers computed with the float32 ones
  ...(model.includes("f16") && { limit: 4e-3 }),
}));
/** PyTorch keeps the activation in a module of its own. */
const PT2: Case = {
  model: "torch/small.pt2",
  scaling: "0..1",
  camLayer: "relu3",
  pictures: DIGITS.filter(({ folder }) => folder.endsWith("torch")),
  maps: ["conv1=relu1", "pool1", "conv2=relu2", "conv3=relu3"],
};
const LITE0: Case = {
  model: "lite0_k3.keras",
  scaling: "lite",
  camLayer: "top_activation",
  pictures: [
    { file: "chelsea_224.png", folder: "lite0/chelsea/torch", classes: [285, 282] },
    { file: "coffee_224.png", folder: "lite0/coffee/torch", classes: [967] },
  ],
  maps: ["block2b_add", "block5a_project_bn", "top_activation"],
};

const ALL = [...SMALL, TFLITE, ...TENSORFLOW, PT2, LITE0];
for (const { model, scaling, camLayer, pictures, maps, limit } of ALL)
  describe(`${model} against the peers`, () => {
    let opened: OpenModel;
    before(async () => {
      opened = await open(model, scaling);
    });
    after(() => opened.close());

    it(`Grad-CAM takes ${camLayer} by itself`, () => {
      assert.equal(opened.summary.camLayer?.name, camLayer);
    });

    onEachEngine((engine) => {
      let runner: Runner;
      before(() => {
        runner = runnerOf(opened, engine());
      });
      for (const { file, folder, classes } of pictures) {
        it(`${folder}: logits and probabilities`, async () => {
          const fed = await feed(opened, file);
          const scores = await runner.classes(fed);
          if (opened.scores.probabilities !== null) {
            const probabilities = scores.map(({ probability }) => probability ?? NaN);
            const wanted = await expected(`${folder}/probs.npy`);
            assertClose(
              floats(wanted.shape, Float32Array.from(probabilities)),
              wanted,
              "probabilities",
              limit,
            );
          }
          if (folder.endsWith("tf")) return; // only the torch side recorded logits
          const logits = await expected(`${folder}/logits.npy`);
          assertClose(
            floats(
              logits.shape,
              Float32Array.from(scores, (s) => s.logit),
            ),
            logits,
            "logits",
            limit,
          );
        });
        for (const name of maps)
          it(`${folder}: feature maps of ${name}`, async () => {
            const fed = await feed(opened, file);
            const [peers = name, own = peers] = name.split("=");
            const actual = await runner.maps(fed, opened.layer(own), false);
            assertClose(asFloats(actual), await expected(`${folder}/fm_${peers}.npy`), name, limit);
          });
        it(`${folder}: Grad-CAM alpha and raw map, HiRes-CAM, all classes in one pass`, async () => {
          const fed = await feed(opened, file);
          const layer = opened.layer(camLayer);
          const results = await camOf(runner, fed, layer, classes, "grad-cam");
          const hires = await camOf(runner, fed, layer, classes, "hires-cam");
          for (const [i, index] of classes.entries()) {
            const [cam, high] = [results[i], hires[i]];
            assert.ok(cam && high);
            const golden = (name: string): ReturnType<typeof expected> =>
              expected(`${folder}/logit_class${index}_${name}.npy`);
            assertClose(
              cam.alpha ?? assert.fail(),
              await golden("alpha"),
              `alpha of class ${index}`,
              limit,
            );
            assertClose(
              cam.signed,
              await golden("gradcam_raw_before_relu"),
              `Grad-CAM of ${index}`,
              limit,
            );
            if (folder.endsWith("torch"))
              assertClose(
                high.signed,
                await golden("hirescam_raw_before_relu"),
                `HiRes-CAM of ${index}`,
                limit,
              );
            assert.ok(cam.raw.data.every((value) => value >= 0));
          }
        });
      }
    });
  });
