/** Heads and inputs that not every network has: one sigmoid unit, no softmax, 1 and 5 channels, a second input; against TensorFlow. */
import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createCompute } from "../../src/compute/compute.ts";
import { encodeNpy } from "../../src/pictures/index.ts";
import { Explained, OpenModel, type Fed } from "../../src/session/index.ts";
import {
  attributionBy,
  classTarget,
  gradCam,
  type AttributeQuestion,
} from "../../src/shared/question.ts";
import { floats, type FloatTensor } from "../../src/base/tensor.ts";
import { json, refused, WASM } from "./cli-support.ts";
import { type Numbers, tensorOf } from "./recorded.ts";
import { assertClose, model, onEachEngine, runnerOf } from "./support.ts";

interface Case {
  readonly inputs: Readonly<Record<string, Numbers>>;
  readonly classes: readonly { logit: number; gradient: Numbers; cam: Numbers }[];
}
const HEADS = ["binary", "bare", "gray", "spectral", "facts"] as const;
const silent = { signal: new AbortController().signal, progress: () => undefined };
const recorded = async (name: string): Promise<Case> =>
  JSON.parse(await readFile(model(`heads/${name}.json`), "utf8")) as Case;

/** The first attribution of a question: of the gradient, unless it says otherwise. */
async function attributed(
  explained: Explained,
  change: Partial<AttributeQuestion>,
): Promise<FloatTensor> {
  const question = { ...attributionBy("gradient", "", { top: 1 }), ...change };
  const next = await explained.attributions(question, () => silent).next();
  return next.done ? assert.fail("no attribution") : next.value.attribution;
}

describe("heads and inputs", () => {
  onEachEngine((engine) => {
    for (const name of HEADS)
      it(`${name}: logits, gradients of the picture, Grad-CAM`, async () => {
        const opened = await OpenModel.open(model(`heads/${name}.keras`));
        const { inputs, classes } = await recorded(name);
        const fed: Fed = {
          key: name,
          inputs: opened.graph.inputs.map((spec) => {
            const { shape, data } = tensorOf(inputs[spec.name] ?? assert.fail(spec.name));
            return floats([1, ...shape], data);
          }),
        };
        const runner = runnerOf(opened, engine());
        const explained = new Explained(runner, fed);
        const scores = await runner.classes(fed);
        assert.equal(scores.length, classes.length);
        const targets = classes.map((_, i) => classTarget(i));
        const { maps } = await explained.cam(gradCam("", targets, "maps"), { context: silent });
        for (const [index, wanted] of classes.entries()) {
          const what = `class ${index}`;
          const logit = scores[index]?.logit ?? NaN;
          assert.ok(Math.abs(logit - wanted.logit) < 1e-4 * Math.abs(wanted.logit), what);
          assertClose(maps[index]?.signed ?? assert.fail(), tensorOf(wanted.cam), what);
          const attribution = await attributed(explained, { targets: [classTarget(index)] });
          assertClose(attribution, tensorOf(wanted.gradient), what);
        }
        opened.close();
      });

    for (const name of HEADS)
      it(`${name}: every method gives a map, and every map a badge`, async () => {
        const opened = await OpenModel.open(model(`heads/${name}.keras`));
        const { inputs } = await recorded(name);
        const fed: Fed = {
          key: name,
          inputs: opened.graph.inputs.map((spec) => {
            const { shape, data } = tensorOf(inputs[spec.name] ?? assert.fail(spec.name));
            return floats([1, ...shape], data);
          }),
        };
        const runner = runnerOf(opened, engine());
        const explained = new Explained(runner, fed);
        for (const method of ["score-cam", "ablation-cam", "eigen-cam", "layer-cam"] as const) {
          const asked = { ...gradCam("", [0, 1].map(classTarget)), method };
          const question = { ...asked, layers: ["conv", "maps"] };
          const { maps } = await explained.cam(question, { context: silent });
          for (const { raw } of maps) {
            assert.deepEqual(raw.shape, [12, 12]);
            assert.ok(
              raw.data.every((value) => value >= 0 && value <= 1 + 1e-6),
              method,
            );
          }
        }
        for (const method of ["integrated-gradients", "occlusion", "rise", "smoothgrad"] as const) {
          const attribution = await attributed(explained, {
            ...{ method, targets: [classTarget(1)], baseline: "mean" },
            steps: method === "occlusion" ? 3 : 10,
          });
          assert.ok(attribution.data.every(Number.isFinite), method);
        }
        const badge = await explained.badge(new Float32Array(144), 1, silent, { baseline: "mean" });
        // the first step of deletion is the whole picture, the last of insertion too
        const whole = badge.curves.deletion[0] ?? NaN;
        assert.ok(Math.abs(whole - (badge.curves.insertion.at(-1) ?? NaN)) < 1e-5);
        const score = (await runner.classes(fed))[1];
        assert.ok(Math.abs(whole - (score?.probability ?? score?.logit ?? NaN)) < 1e-4);
        opened.close();
      });
  });

  describe("on the command line and in the panel", () => {
    let folder: string;
    const at = (name: string): string => path.join(folder, name);
    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "convlens-heads-"));
      for (const name of HEADS) {
        await copyFile(model(`heads/${name}.keras`), at(`${name}.keras`));
        for (const [input, value] of Object.entries((await recorded(name)).inputs))
          await writeFile(at(`${name}-${input}.npy`), encodeNpy(tensorOf(value)));
      }
      await copyFile(at("facts-facts.npy"), at("facts.npy"));
    });
    after(() => rm(folder, { recursive: true }));

    it("a binary head has two classes, each the other's opposite", async () => {
      const ask = ["--input", at("binary-picture.npy"), "--class", "0,1", ...WASM];
      const { classes } = await json("cam", at("binary.keras"), ...ask);
      assert.deepEqual(
        classes.map(({ index }) => index),
        [0, 1],
      );
      assert.equal(classes[0]?.logit, -(classes[1]?.logit ?? NaN));
    });

    it("five channels: the attribution has them, the overlay shows the first three", async () => {
      const ask = ["--input", at("spectral-picture.npy"), ...WASM, "--out", at("out")];
      const found = await json("attribute", at("spectral.keras"), ...ask, "--trust");
      assert.deepEqual(found.arrays[0]?.shape, [12, 12, 5]);
      assert.deepEqual(found.files, ["overlay.png"]);
    });

    it("a second input is given by name, in order, or by the sidecar", async () => {
      const picture = ["--input", `picture=${at("facts-picture.npy")}`];
      const named = [...picture, "--input", `facts=${at("facts-facts.npy")}`];
      const { classes } = await json("cam", at("facts.keras"), ...named, ...WASM);
      const wanted = (await recorded("facts")).classes[classes[0]?.index ?? 0]?.logit ?? NaN;
      assert.ok(Math.abs((classes[0]?.logit ?? NaN) - wanted) < 1e-4);
      await refused(
        2,
        /give 'facts' \(N, 4\) with --input facts=FILE\.npy/,
        "cam",
        at("facts.keras"),
        ...picture,
        ...WASM,
      );
      await writeFile(at("facts.keras.convlens.json"), '{"inputs": {"facts": "facts.npy"}}');
      for (const method of ["grad-cam", "score-cam", "ablation-cam"]) {
        const ask = ["cam", at("facts.keras"), "--method", method, ...WASM];
        const [one, two] = [await json(...ask, ...picture), await json(...ask, ...named)];
        assert.deepEqual(one.classes, two.classes);
        assert.equal(one.arrays[0]?.max, two.arrays[0]?.max);
      }
      const ask = ["attribute", at("facts.keras"), ...picture, ...WASM];
      for (const method of ["integrated-gradients", "guided-grad-cam", "rise"])
        await json(...ask, "--method", method, "--steps", "4", "--sanity", "--trust");
      await writeFile(at("facts.keras.convlens.json"), '{"inputs": {"facts": "../facts.npy"}}');
      await refused(3, /lies outside of/, ...ask);
      await writeFile(at("facts.keras.convlens.json"), '{"inputs": {"facts": [1, 2]}}');
      await refused(3, /a \.npy file, \{"mean": "FILE\.npy"\}, a number or 4 numbers/, ...ask);
    });

    it("the panel says what is missing, takes arrays for pictures, and what the sidecar states", async () => {
      const compute = createCompute();
      await rm(at("facts.keras.convlens.json"), { force: true });
      const ask = (name: string) =>
        compute.cam(
          {
            ...{ model: at(`${name}.keras`), trust: true },
            question: gradCam(at(`${name}-picture.npy`), { top: 2 }),
          },
          silent,
        );
      await assert.rejects(
        async () => ask("facts"),
        /say what 'facts' \(N, 4\) is in facts\.keras\.convlens\.json, such as "inputs"/,
      );
      await writeFile(at("facts.keras.convlens.json"), '{"inputs": {"facts": 0.5}}');
      await compute.release({ model: at("facts.keras") }, silent);
      for (const name of ["facts", "spectral", "gray", "binary", "bare"]) {
        const { maps, heatmapSize } = await ask(name);
        assert.deepEqual(heatmapSize, [12, 12]);
        assert.ok(maps.every(({ badge }) => badge !== null));
      }
      const image = at("spectral-picture.npy");
      const info = await compute.image({ path: image }, silent);
      assert.deepEqual([info.width, info.height], [12, 12]);
      const view = await compute.modelView({ model: at("spectral.keras"), image }, silent);
      assert.equal(view.rgba.length, 12 * 12 * 4);
      await assert.rejects(
        async () => compute.modelView({ model: at("gray.keras"), image }, silent),
        /has the shape \(12, 12, 5\), but the model's input 'picture' is \(N, 12, 12, 1\)/,
      );
    });
  });
});
