/** EfficientNet-Lite0 on the cat, at the size of real networks: the CAM family, attributions and the badges against PyTorch. */
import { attributionBy, classTarget } from "../../src/shared/question.ts";
import type { AttributionName, CamMethod } from "../../src/shared/catalogue.ts";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { occludedBy } from "../../src/methods/attribute/occlusion/index.ts";
import { scoreWeights } from "../../src/methods/cam/score-cam/index.ts";
import type { MapsRequest } from "../../src/methods/cam/index.ts";
import {
  baselineInput,
  blurred,
  Explained,
  type Fed,
  type OpenModel,
  type Runner,
  type AttributeAnswer,
} from "../../src/session/index.ts";
import { inputRange } from "../../src/session/run/ranges.ts";
import { deletionInsertion } from "../../src/methods/trust/index.ts";
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

const CAT = 285;
/** Channels whose ScoreCAM weight is checked: each is a run of the whole network. */
const SOME = 24;
const silent = { signal: new AbortController().signal, progress: () => undefined };

interface Curves {
  readonly deletion: number[];
  readonly insertion: number[];
}
interface Notes {
  readonly class: number;
  readonly delins: Readonly<Record<"black" | "blurred", Curves>>;
  readonly ig_delta_gausslegendre: number;
  readonly ig_logit_diff: number;
}
const notes = async (picture: string): Promise<Notes> => {
  const all = JSON.parse(await readFile(data("lite0/notes.json"), "utf8")) as Record<string, Notes>;
  return all[picture] ?? assert.fail(`no notes of ${picture}`);
};
const peer = (name: string): Promise<FloatTensor> => expected(`lite0/chelsea/torch/${name}.npy`);

function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (x: Float32Array): number => x.reduce((sum, v) => sum + v, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((v, i) => {
    const [x, y] = [v - ma, (b[i] ?? NaN) - mb];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  });
  return ab / Math.sqrt(aa * bb);
}

async function attributed(
  runner: Runner,
  fed: Fed,
  method: AttributionName,
  steps: number | null,
): Promise<AttributeAnswer> {
  const question = { ...attributionBy(method, "", [classTarget(CAT)]), steps };
  const next = await new Explained(runner, fed).attributions(question, () => silent).next();
  return next.done ? assert.fail("no attribution") : next.value;
}

describe("EfficientNet-Lite0 on the cat", () => {
  let lite0: OpenModel;
  before(async () => {
    lite0 = await open("lite0_k3.keras", "lite");
  });
  after(() => lite0.close());

  onEachEngine((engine) => {
    let runner: Runner;
    let fed: Fed;
    let input: FloatTensor;
    before(async () => {
      runner = runnerOf(lite0, engine());
      fed = await feed(lite0, "chelsea_224.png");
      input = asFloats(fed.inputs[0] ?? assert.fail("no input"));
    });
    const mapOf = async (method: CamMethod): Promise<FloatTensor> => {
      const [map] = await camOf(runner, fed, lite0.layer("top_activation"), [CAT], method);
      return map?.signed ?? assert.fail("no map");
    };

    for (const [method, file] of [
      ["grad-cam++", "gradcampp"],
      ["xgrad-cam", "xgradcam"],
      ["layer-cam", "layercam"],
      ["hires-cam", "hirescam"],
      ["ablation-cam", "ablationcam"],
    ] as const)
      it(method, async () => {
        const wanted = await peer(`logit_class285_${file}_raw_before_relu`);
        assertClose(await mapOf(method), wanted, method);
      });

    it("EigenCAM, up to its sign", async () => {
      const wanted = await peer("logit_class285_eigencam_raw_before_relu");
      const map = await mapOf("eigen-cam");
      const sign = Math.sign(correlation(map.data, wanted.data));
      const signed = map.data.map((value) => sign * value);
      assertClose(floats(wanted.shape, signed), wanted, "EigenCAM");
    });

    it("ScoreCAM: masks on the pixels (black behind) and on the input (gray behind)", async () => {
      const maps = lite0.layer("top_activation").output ?? assert.fail("no output");
      const [value] = await runner.values(fed, [maps]);
      assert.ok(value);
      const channels = value.shape[3] ?? 0;
      const live = new Set(
        [...value.data.entries()].filter(([, v]) => v > 0).map(([i]) => i % channels),
      );
      assert.equal(channels - live.size, 815, "constant channels, as the peer counted");
      // the others are made constant: they are then not run
      const some = new Set([...live].sort((a, b) => a - b).slice(0, SOME));
      const few = value.data.map((v, i) => (some.has(i % channels) ? v : 0));
      for (const [space, baseline] of [
        ["pixelspace", baselineInput("black", input, lite0.preprocessing)],
        ["inputspace", { ...input, data: new Float32Array(input.data.length) }],
      ] as const) {
        const request: Omit<MapsRequest, "method"> = {
          ...{ subject: runner.subject, scores: lite0.scores, layer: "top_activation", maps },
          ...{ inputs: fed.inputs, at: 0, baseline, classes: [CAT], batch: 8, context: silent },
          value: { ...value, data: few },
        };
        const [weights = new Float32Array()] = await scoreWeights(request);
        const { data: all } = await peer(`scorecam_paper_${space}_class285_weights`);
        const wanted = all.map((weight, k) => (some.has(k) ? weight : 0));
        assertClose(floats([channels], weights), floats([channels], wanted), space);
      }
    });

    // float32 moves single pixels of these by 1.6 % of the maximum (torch against torch in float64), so shapes are compared
    for (const [method, file, limit] of [
      ["gradient", "gradient_logit", 0.999],
      ["guided-backprop", "guidedbackprop_relu_and_relu6", 0.999],
    ] as const)
      it(`${method}, by correlation`, async () => {
        const { attribution } = await attributed(runner, fed, method, null);
        const same = correlation(attribution.data, (await peer(`${file}_class285`)).data);
        assert.ok(same > limit, `correlation ${same}`);
      });

    it("Integrated Gradients, 50 steps: the map by correlation, and the gap", async () => {
      const { attribution, completeness } = await attributed(
        ...([runner, fed, "integrated-gradients", 50] as const),
      );
      const same = correlation(attribution.data, (await peer("ig50_gausslegendre_class285")).data);
      assert.ok(same > 0.999, `correlation ${same}`);
      const { ig_delta_gausslegendre: gap, ig_logit_diff: difference } = await notes("chelsea");
      const found = completeness ?? assert.fail("no gap");
      assert.ok(Math.abs(found.difference - difference) < 1e-4 * difference);
      // the sum of 150,528 such values
      assert.ok(Math.abs(found.gap - gap) < 0.005 * difference, `gap ${found.gap}, peer ${gap}`);
    });

    it("occlusion with 32 x 32 windows side by side", async () => {
      const wanted = await peer("captum_occlusion_class285");
      const { attribution } = await occludedBy(requestOf(), 32, 32);
      const one = wanted.data.filter((_, i) => i % 3 === 0);
      assertClose(attribution, floats([224, 224, 1], Float32Array.from(one)), "occlusion");
    });

    const requestOf = () => ({
      ...{ subject: runner.subject, scores: lite0.scores, inputs: fed.inputs, at: 0, input },
      ...{ baseline: baselineInput("black", input, lite0.preprocessing), camLayer: null },
      range: inputRange(lite0.preprocessing, 3),
      ...{ baselineName: "black" as const, classIndex: CAT, steps: null, seed: 0, batch: 8 },
      context: silent,
    });

    for (const baselineName of ["black", "blurred"] as const)
      it(`deletion and insertion, ${baselineName} baseline`, async () => {
        // the peer's own heat: where it is nearly level, rounding would order pixels otherwise
        const { data: heat } = await peer("delins_heat_class285");
        const baseline = baselineName === "black" ? requestOf().baseline : blurred(input, 10);
        const badge = await deletionInsertion({ ...requestOf(), baseline, baselineName }, heat);
        const { delins } = await notes("chelsea");
        for (const which of ["deletion", "insertion"] as const)
          delins[baselineName][which].forEach((wanted, i) => {
            const actual = badge.curves[which][i] ?? NaN;
            assert.ok(Math.abs(actual - wanted) < 1e-4, `${which} ${i}: ${actual}, peer ${wanted}`);
          });
      });
  });
});
