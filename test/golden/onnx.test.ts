/** The small network as PyTorch's two exporters and tf2onnx write it: the same numbers as from Keras' files. */
import assert from "node:assert/strict";
import type { OpenModel, Runner } from "../../src/session/index.ts";
import { asFloats, floats } from "../../src/base/tensor.ts";
import { camOf, assertClose, expected, feed, onEachEngine, open, runnerOf } from "./support.ts";

interface Case {
  readonly file: string;
  /** Names of what the peers call conv1, pool1, conv2 and conv3 (each after its ReLU), as a user may ask for them. */
  readonly maps: readonly [conv1: string, pool1: string, conv2: string, conv3: string];
  /** The layer that Grad-CAM takes by itself. */
  readonly camLayer: string;
  readonly fileShape: readonly (number | null)[];
}
const legacy = ["relu1", "pool1", "relu2", "relu3"] as const;
const dynamo = ["relu", "max_pool2d", "node_Relu_4", "relu_2"] as const;
const keras = ["conv1/Relu", "pool1/MaxPool", "conv2/Relu:0", "conv3/Relu"].map(
  (name) => `small_cnn/${name}`,
) as unknown as Case["maps"];
const NCHW = [null, 3, 32, 32];
const CASES: readonly Case[] = [
  { file: "torch_legacy", maps: legacy, camLayer: "/relu3/Relu", fileShape: NCHW },
  { file: "torch_legacy_nofold", maps: legacy, camLayer: "/relu3/Relu", fileShape: NCHW },
  { file: "torch_dynamo", maps: dynamo, camLayer: "node_Relu_7", fileShape: NCHW },
  { file: "tf2onnx_nchw", maps: keras, camLayer: keras[3], fileShape: NCHW },
  { file: "tf2onnx", maps: keras, camLayer: keras[3], fileShape: [null, 32, 32, 3] },
];
const PICTURE = "digits/digit_00_label6.png";
const FOLDER = "small/digit_00_label6/torch";
const GOLDEN = ["conv1", "pool1", "conv2", "conv3"];

for (const { file, maps, camLayer, fileShape } of CASES)
  describe(`small_${file}.onnx against the peers`, () => {
    let opened: OpenModel;
    before(async () => {
      opened = await open(`onnx/small_${file}.onnx`, "0..1");
    });
    after(() => opened.close());

    it("shows the file's own shapes and names", () => {
      assert.deepEqual(opened.summary.inputs[0]?.shape, fileShape);
      assert.equal(opened.summary.camLayer?.name, camLayer);
      assert.equal(opened.summary.totals.params, 89_834);
      assert.equal(opened.summary.classes, 10);
      const conv = opened.summary.layers.find(({ op }) => op === "conv");
      assert.deepEqual(conv?.weights[0]?.shape, [16, 3, 3, 3]);
    });

    onEachEngine((engine) => {
      let runner: Runner;
      before(() => {
        runner = runnerOf(opened, engine());
      });
      it("logits", async () => {
        const scores = await runner.classes(await feed(opened, PICTURE));
        const wanted = await expected(`${FOLDER}/logits.npy`);
        const logits = Float32Array.from(scores, ({ logit }) => logit);
        assertClose(floats(wanted.shape, logits), wanted, "logits");
      });
      it("feature maps", async () => {
        const fed = await feed(opened, PICTURE);
        for (const [i, name] of maps.entries()) {
          const actual = await runner.maps(fed, opened.layer(name), false);
          const wanted = await expected(`${FOLDER}/fm_${GOLDEN[i] ?? ""}.npy`);
          assertClose(asFloats(actual), wanted, name);
        }
      });
      it("Grad-CAM and HiRes-CAM", async () => {
        const fed = await feed(opened, PICTURE);
        const layer = opened.layer(maps[3]);
        const grad = await camOf(runner, fed, layer, [6, 5], "grad-cam");
        const hires = await camOf(runner, fed, layer, [6, 5], "hires-cam");
        for (const [i, index] of [6, 5].entries()) {
          const golden = (name: string) => expected(`${FOLDER}/logit_class${index}_${name}.npy`);
          const [cam, high] = [grad[i], hires[i]];
          assert.ok(cam?.alpha && high);
          assertClose(cam.alpha, await golden("alpha"), "alpha");
          assertClose(cam.signed, await golden("gradcam_raw_before_relu"), "Grad-CAM");
          assertClose(high.signed, await golden("hirescam_raw_before_relu"), "HiRes-CAM");
        }
      });
    });
  });
