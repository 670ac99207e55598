/** Attributions and the rest of the CAM family against captum, pytorch-grad-cam and plain definitions in PyTorch. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import { attributionMethods, type AttributionRequest } from "../../src/methods/attribute/index.ts";
import { riseOver } from "../../src/methods/attribute/rise/index.ts";
import { smoothgradOver } from "../../src/methods/attribute/smoothgrad/index.ts";
import { vargradOver } from "../../src/methods/attribute/vargrad/index.ts";
import { ablationWeights } from "../../src/methods/cam/ablation-cam/index.ts";
import { weightedSum } from "../../src/methods/cam/by-channel.ts";
import { scoreWeights } from "../../src/methods/cam/score-cam/index.ts";
import { eigenCam } from "../../src/methods/cam/eigen-cam/index.ts";
import { decodeNpy } from "../../src/pictures/index.ts";
import type { Engine } from "../../src/engine/types.ts";
import type { OpenModel, Runner } from "../../src/session/index.ts";
import { inputRange } from "../../src/session/run/ranges.ts";
import { asFloats, floats, type FloatTensor } from "../../src/base/tensor.ts";
import {
  camOf,
  assertClose,
  data,
  expected,
  feed,
  onEachEngine,
  open,
  runnerOf,
} from "./support.ts";

const DIGITS = [
  "digit_00_label6",
  "digit_01_label5",
  "digit_02_label5",
  "digit_03_label0",
  "digit_04_label4",
];
/** A path of 50 gradients crosses ReLU kinks: a unit within float32's rounding of zero may fall on either side of one. */
const KINKS = 5e-4;
const silent = { signal: new AbortController().signal, progress: () => undefined };

async function request(
  opened: OpenModel,
  runner: Runner,
  picture: string,
  classIndex: number,
): Promise<AttributionRequest> {
  const [first] = (await feed(opened, picture)).inputs;
  const input = asFloats(first ?? assert.fail("no input"));
  const { mean, std } = opened.preprocessing;
  const black = input.data.map(
    (_, i) => -(mean[i % mean.length] ?? 0) / (std[i % std.length] ?? 1),
  );
  return {
    subject: runner.subject,
    scores: opened.scores,
    ...{ input, inputs: [input], at: 0 },
    baseline: { ...input, data: black },
    baselineName: "black",
    range: inputRange(opened.preprocessing, input.shape.at(-1) ?? 1),
    classIndex,
    camLayer: null,
    steps: null,
    seed: 1,
    batch: 16,
    context: silent,
  };
}

describe("attribution on the digits network", () => {
  let small: OpenModel;
  before(async () => {
    small = await open("small_k3.keras", "0..1");
  });
  after(() => small.close());

  onEachEngine((engine: () => Engine) => {
    for (const digit of DIGITS) {
      const classIndex = Number(digit.at(-1));
      const golden = (name: string): Promise<FloatTensor> =>
        expected(`small/${digit}/torch/${name}.npy`);
      const ask = (): Promise<AttributionRequest> =>
        request(small, runnerOf(small, engine()), `digits/${digit}.png`, classIndex);

      it(`${digit}: gradient, saliency, guided backpropagation`, async () => {
        const asked = await ask();
        for (const [method, file] of [
          ["gradient", "gradient_logit"],
          ["saliency", "captum_saliency"],
          ["guided-backprop", "guidedbackprop_relu_and_relu6"],
        ] as const) {
          const { attribution } = await attributionMethods[method](asked);
          assertClose(attribution, await golden(`${file}_class${classIndex}`), method);
        }
      });
      it(`${digit}: SmoothGrad over the peers' noise`, async () => {
        const noise = await golden("smoothgrad_noise");
        const count = noise.shape[0] ?? 0;
        const { attribution } = await smoothgradOver(await ask(), count, (i) => noise.data[i] ?? 0);
        assertClose(
          attribution,
          await golden(`smoothgrad_meangrad_class${classIndex}`),
          "SmoothGrad",
        );
      });
      it(`${digit}: VarGrad is the variance of the gradients of noisy copies, by definition`, async () => {
        const asked = await ask();
        const { data: noise, shape } = await golden("smoothgrad_noise");
        const count = Math.min(6, shape[0] ?? 0);
        const size = asked.input.data.length;
        const { attribution } = await vargradOver(asked, count, (i) => noise[i] ?? NaN);
        const gradients: Float32Array[] = [];
        for (let sample = 0; sample < count; sample++) {
          const noisy = asked.input.data.map((v, i) => v + (noise[sample * size + i] ?? NaN));
          const input = floats(asked.input.shape, noisy);
          const one = await attributionMethods.gradient({ ...asked, input, inputs: [input] });
          gradients.push(one.attribution.data);
        }
        const variance = Float32Array.from({ length: size }, (_, i) => {
          const own = gradients.map((gradient) => gradient[i] ?? NaN);
          const mean = own.reduce((sum, g) => sum + g, 0) / count;
          return own.reduce((sum, g) => sum + (g - mean) ** 2, 0) / count;
        });
        assertClose(attribution, floats(attribution.shape, variance), "VarGrad");
      });
      it(`${digit}: Integrated Gradients, 50 Gauss-Legendre steps, and its gap`, async () => {
        const { attribution, completeness } = await attributionMethods["integrated-gradients"]({
          ...(await ask()),
          steps: 50,
        });
        assertClose(
          attribution,
          await golden(`ig50_gausslegendre_class${classIndex}`),
          "IG",
          KINKS,
        );
        const notes = JSON.parse(await readFile(data("small/torch.json"), "utf8")) as {
          images: Record<string, { ig_delta_gausslegendre: number; ig_logit_diff: number }>;
        };
        const peer = notes.images[digit] ?? assert.fail("no notes");
        const gap = completeness?.gap ?? NaN;
        const error = Math.abs(gap - peer.ig_delta_gausslegendre);
        assert.ok(
          error <= 1e-4 * Math.abs(peer.ig_logit_diff),
          `gap ${gap} against ${peer.ig_delta_gausslegendre}`,
        );
      });
      it(`${digit}: occlusion with 8 x 8 windows`, async () => {
        const { attribution } = await attributionMethods.occlusion({ ...(await ask()), steps: 8 });
        const peer = await golden(`captum_occlusion_class${classIndex}`);
        // captum repeats the value for the three channels
        const one = peer.data.filter((_, i) => i % 3 === 0);
        assertClose(attribution, floats([32, 32, 1], Float32Array.from(one)), "occlusion");
      });
      it(`${digit}: RISE over the peers' grids`, async () => {
        const zip = unzipSync(await readFile(data("small/rise_grids_n1000_s4.npz")));
        const array = (name: string): FloatTensor =>
          decodeNpy(zip[`${name}.npy`] ?? assert.fail(`no ${name}`), name);
        const [names, offsets, grids] = [Object.keys(zip), array("offset"), array("grid")];
        assert.ok(names.length >= 2);
        const side = grids.shape[1] ?? 0;
        const list = Array.from({ length: grids.shape[0] ?? 0 }, (_, i) => ({
          grid: grids.data.slice(i * side * side, (i + 1) * side * side),
          cells: side - 1,
          top: offsets.data[i * 2] ?? 0,
          left: offsets.data[i * 2 + 1] ?? 0,
        }));
        const { attribution } = await riseOver({ ...(await ask()), batch: 100 }, list);
        const peer = await golden(`rise_class${classIndex}`);
        assertClose(attribution, floats([32, 32, 1], peer.data), "RISE");
      });
      it(`${digit}: Grad-CAM++, XGrad-CAM, LayerCAM, EigenCAM, ScoreCAM, Ablation-CAM`, async () => {
        const asked = await ask();
        const runner = runnerOf(small, engine());
        const layer = small.layer("conv3");
        const fed = await feed(small, `digits/${digit}.png`);
        for (const [method, file] of [
          ["grad-cam++", "gradcampp"],
          ["xgrad-cam", "xgradcam"],
          ["layer-cam", "layercam"],
          ["grad-cam-elementwise", "elementwise"],
        ] as const) {
          const [result] = await camOf(runner, fed, layer, [classIndex], method);
          const peer = await golden(`logit_class${classIndex}_${file}_raw_before_relu`);
          assertClose(result?.signed ?? assert.fail(), peer, method);
        }
        const maps = layer.output ?? assert.fail("conv3 has no output");
        const [value] = await runner.values(fed, [maps]);
        assert.ok(value);
        const eigen = await eigenCam(value, silent);
        const peer = await golden(`logit_class${classIndex}_eigencam_raw_before_relu`);
        // the sign of a singular vector is arbitrary
        const sign = Math.sign(eigen.reduce((sum, v, i) => sum + v * (peer.data[i] ?? 0), 0));
        assertClose(
          floats(
            peer.shape,
            eigen.map((v) => v * sign),
          ),
          peer,
          "EigenCAM",
        );
        const channel = { ...asked, layer: "conv3", maps, value, batch: 64, classes: [classIndex] };
        const [weights = new Float32Array()] = await scoreWeights(channel);
        const wanted = await golden(`scorecam_paper_pixelspace_class${classIndex}_weights`);
        assertClose(floats(wanted.shape, weights), wanted, "ScoreCAM weights");
        const [ablation = new Float32Array()] = await ablationWeights(channel);
        const ablated = await golden(`logit_class${classIndex}_ablationcam_raw_before_relu`);
        assertClose(floats(ablated.shape, weightedSum(value, ablation)), ablated, "Ablation-CAM");
      });
    }
  });
});
