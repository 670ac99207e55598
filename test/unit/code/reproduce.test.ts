/** The code that a panel shows. Its numbers were compared with Keras 2, Keras 3 and PyTorch by hand; here its text is held. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { reproduce } from "../../../src/code/reproduce/index.ts";
import { OpenModel, withLayers } from "../../../src/session/index.ts";
import type { ReproducedCode, Shown } from "../../../src/shared/contract/code.ts";
import type { CamMethod } from "../../../src/shared/catalogue.ts";
import {
  attributionBy,
  classTarget,
  gradCam,
  type MaximizeQuestion,
  type Targets,
  WHOLE,
} from "../../../src/shared/question.ts";
import type { Where } from "../../../src/shared/where.ts";
import { NAMED_SCALINGS } from "../../../src/base/preprocessing.ts";

const models = fileURLToPath(new URL("../../models/", import.meta.url));
const IMAGE = "/pictures/it's.png";
const looked: Shown = { kind: "model", image: IMAGE };
const cam = (method: CamMethod, targets: Targets = { top: 1 }, layer = "auto"): Shown => ({
  ...gradCam(IMAGE, targets, layer),
  method,
});

async function codeOf(file: string, shown: Shown): Promise<ReproducedCode> {
  const model = await OpenModel.open(models + file);
  const code = reproduce(model.summary, shown.kind === "cam" ? withLayers(model, shown) : shown);
  model.close();
  return code;
}

describe("code that reproduces what is shown", () => {
  it("the command line, as a shell reads it", async () => {
    const { command, text } = await codeOf("small_k2.h5", cam("grad-cam", [3, 5].map(classTarget)));
    assert.equal(
      command,
      `convlens cam ${models}small_k2.h5 --layer conv3 --image '/pictures/it'\\''s.png' --class 3,5 --method grad-cam --out cam`,
    );
    assert.ok(text.startsWith(`# ${command}\n`));
    const compared = await codeOf("small_k2.h5", {
      ...{ kind: "compare", other: "/b.h5" },
      ...{ image: IMAGE, otherImage: "/c.png", of: { ...WHOLE, classes: [] } },
    });
    assert.match(compared.command, /compare \S+ \/b\.h5 --image \S+ --image \/c\.png/);
    assert.equal(compared.python, false);
  });

  it("reads pictures as they are read here: upright, by their profile, on white, and says what it leaves out", async () => {
    for (const file of ["small_k3.keras", "torch/small.pt2"]) {
      const { text } = await codeOf(file, looked);
      assert.match(text, /^from PIL import Image, ImageCms, ImageOps$/m);
      assert.match(text, /ImageCms\.profileToProfile\([\s\S]*RELATIVE_COLORIMETRIC/);
      assert.match(text, /white\.paste\(image\.convert\("RGB"\), mask=opacity\)/);
      assert.match(text, /# of a PNG's own colour tags .* nothing is applied here/);
    }
  });

  it("says what a script would run of the file, before it loads it", async () => {
    for (const file of ["keras/opaque.k2.h5", "keras/opaque.k3.keras"]) {
      const { text, runs } = await codeOf(file, { kind: "filters", layer: "before", filter: null });
      assert.deepEqual(runs, ["code"]);
      const [before, after] = text.split("load_model(");
      assert.match(before ?? "", /^# CAREFUL: load_model can run .*\('code'\), with your rights/m);
      assert.ok(after);
    }
    const harmless = await codeOf("small_k3.keras", looked);
    assert.deepEqual([harmless.runs, /CAREFUL/.test(harmless.text)], [[], false]);
    for (const file of ["small_savedmodel_k2", "torch/small.pt2"])
      assert.match(
        (await codeOf(file, looked)).text,
        /^# CAREFUL: .*\n# Go on only if .*\n\n/m,
        file,
      );
  });

  it("preprocessing that a person chose is said, a known one by its name", async () => {
    const model = await OpenModel.open(`${models}small_k2.h5`);
    const torch = NAMED_SCALINGS["torch"] ?? assert.fail();
    model.setPreprocessing({ ...torch, fit: "crop", source: "user", why: "" });
    assert.match(reproduce(model.summary, looked).command, /--preprocess torch$/);
    assert.match(
      reproduce(model.summary, looked).text,
      /np\.float32\(\[0\.485, 0\.456, 0\.406\]\)/,
    );
    model.setPreprocessing({
      ...torch,
      order: "bgr",
      mean: [1, 2, 3],
      fit: "squash",
      source: "user",
      why: "",
    });
    const { command, text } = reproduce(model.summary, looked);
    assert.match(
      command,
      /--preprocess mean=1:2:3,std=0\.229:0\.224:0\.225,scale=[\d.]+,order=bgr,fit=squash$/,
    );
    assert.match(text, /u\[\.\.\., ::-1\]/);
    assert.doesNotMatch(text, /largest centred/);
    model.close();
  });

  it("Keras: the softmax is taken off, heat maps by each formula", async () => {
    const { text } = await codeOf("small_k2.h5", cam("grad-cam"));
    assert.match(text, /from tensorflow import keras/);
    assert.match(text, /model\.layers\[-1\]\.activation = keras\.activations\.linear/);
    assert.match(text, /model\.get_layer\("conv3"\)/);
    assert.match(text, /alpha = g\.mean\(\(1, 2\), keepdims=True\)/);
    assert.match((await codeOf("small_k3.keras", cam("grad-cam"))).text, /KERAS_BACKEND/);
    for (const camMethod of [
      ...(["hires-cam", "grad-cam++", "xgrad-cam", "layer-cam", "grad-cam-elementwise"] as const),
    ] as const)
      assert.ok((await codeOf("small_k2.h5", cam(camMethod))).python, camMethod);
    // a run for every channel, or no matter of gradients
    for (const camMethod of ["score-cam", "eigen-cam", "ablation-cam"] as const)
      assert.equal((await codeOf("small_k2.h5", cam(camMethod))).python, false);
  });

  it("PyTorch: nodes by their names in the exported graph, axes in its order", async () => {
    const { text } = await codeOf("torch/small.pt2", cam("grad-cam", [classTarget(1)], "conv3"));
    assert.match(text, /torch\.export\.load/);
    assert.match(text, /values\["conv2d_2"\]/);
    assert.match(text, /g\.mean\(\(2, 3\), keepdims=True\)/);
    assert.match(text, /H, W = 32, 32/);
  });

  it("what a library runs but does not differentiate: predictions and maps, else the command line", async () => {
    const onnx = "onnx/small_torch_dynamo.onnx";
    assert.match((await codeOf(onnx, looked)).text, /onnxruntime\.InferenceSession/);
    assert.match(
      (await codeOf(onnx, { kind: "activations", image: IMAGE, layer: "node_Conv_0" })).text,
      /ValueInfoProto/,
    );
    assert.equal((await codeOf(onnx, cam("grad-cam"))).python, false);
    assert.match((await codeOf("small_f32.tflite", looked)).text, /tf\.lite\.Interpreter/);
    assert.match((await codeOf("small_savedmodel_k2", looked)).text, /tf\.saved_model\.load/);
    const filters = { kind: "filters", layer: "conv2", filter: null } as const;
    assert.match((await codeOf("torch/small.safetensors", filters)).text, /load_file/);
    assert.match((await codeOf("torch/small_state_dict.pt", filters)).text, /weights_only=True/);
    assert.match((await codeOf("small_tfjs_layers/model.json", looked)).text, /command line alone/);
  });

  it("all that was asked is in the command line, and what Python cannot say in few lines is left to it", async () => {
    const asked = {
      ...gradCam(IMAGE, { top: 3 }),
      ...{ layers: ["auto", "conv2"], minus: classTarget(4) },
    };
    const merged = await codeOf("small_k2.h5", asked);
    assert.match(merged.command, /--layer conv3,conv2 .*--class top:3 --minus 4 --method grad-cam/);
    assert.equal(merged.python, false);
    const rise = { ...attributionBy("rise", IMAGE, { top: 1 }), steps: 40, seed: 7 };
    const { command } = await codeOf("small_k2.h5", { ...rise, baseline: "mean" });
    assert.match(command, /--method rise --steps 40 --seed 7 --baseline mean --out/);
    const path = attributionBy("integrated-gradients", IMAGE, { top: 1 });
    assert.match((await codeOf("small_k2.h5", { ...path, steps: 80 })).text, /STEPS = 80/);
    assert.equal((await codeOf("small_k2.h5", { ...path, baseline: "mean" })).python, false);
    const attack = {
      ...({ kind: "attack", image: IMAGE, method: "de", trueClass: 6, target: 2 } as const),
      ...{ ...WHOLE, pixels: 3, population: 60, generations: 20, seed: 5 },
    };
    assert.match(
      (await codeOf("small_k2.h5", attack)).command,
      /--method de --class 6 --toward 2 --pixels 3 --population 60 --steps 20 --seed 5 --out/,
    );
    assert.doesNotMatch(
      (await codeOf("small_k2.h5", { ...attack, method: "exact" })).command,
      /--pixels|--population|--steps|--seed/,
    );
  });

  it("a target other than a class: the number that is differentiated, or the command line alone", async () => {
    const asked = (where: Where | null, targets: Targets = { top: 1 }): Shown => ({
      ...{ ...gradCam(IMAGE, targets), where },
    });
    const seg = "../golden/data/targets/unet.h5";
    const pixel = await codeOf(seg, asked({ kind: "pixel", row: 20, column: 37 }));
    assert.match(pixel.command, /--target pixel:20,37 --out/);
    assert.match(pixel.text, /return \(2 \* CLASS - 1\) \* scores\[0, 20, 37, 0\]\n/);
    // what the kind has by itself is no class of the picture
    const own = await codeOf(seg, asked(null, [classTarget(1)]));
    assert.match(own.text, /CLASS = 1\nAREA = tf\.cast\(seen\(say\(x\)\) == CLASS/);
    const value = await codeOf("../golden/data/targets/value.h5", asked(null));
    assert.match(value.text, /say = model\n[^]*return scores\[0, 0\]\n/);
    const region: Where = { kind: "region", file: "/r.png" };
    const marked = await codeOf(seg, asked(region));
    assert.match(marked.text, /AREA = marked\("\/r\.png"\)\n/);
    assert.match(marked.text, /\(\(2 \* k - 1\) \* scores\[0, :, :, 0\] \* AREA\)/);
    // no code of an array reads pictures
    const ofArray = { ...gradCam("/x.npy", { top: 1 }), where: region };
    assert.equal((await codeOf(seg, ofArray)).python, false);
    const made: Shown = {
      ...{ kind: "maximize", recipe: "plain", steps: 12, seed: 3, output: null },
      ...{ targets: [{ classIndex: 1 }], where: { kind: "mean" } },
    };
    const { command, python } = await codeOf(seg, made);
    assert.match(command, /maximize \S+ --class 1 .*--target mean/);
    assert.equal(python, false);
  });

  it("a maximisation: recipe, steps, seed, options; a command for each layer", async () => {
    const asked: MaximizeQuestion = {
      ...{ kind: "maximize", ...WHOLE, recipe: "plain", steps: 12, seed: 3 },
      targets: [{ layer: "conv2", filter: 4 }],
    };
    const plain = await codeOf("small_k2.h5", asked);
    assert.match(
      plain.command,
      /--layer conv2 --filter 4 --method plain --steps 12 --seed 3 --out maximized$/,
    );
    assert.match(plain.text, /STEPS = 12\n[^]*default_rng\(3\)/);
    const more = await codeOf("small_k2.h5", {
      ...{ ...asked, recipe: "robust", images: ["/a.png"] },
      targets: [
        ...[4, 5].map((filter) => ({ layer: "conv2", filter })),
        { layer: "conv3", filter: 1, cell: [2, 3] },
      ],
      options: { copies: 2, diversity: 3, totalVariation: 0.5, direction: [1, 2] },
    });
    const options = "--method robust --steps 12 --seed 3 --copies 2 --diversity 3 --tv 0.5";
    assert.ok(more.command.includes(`--layer conv2 --filter 4,5 ${options}`), more.command);
    assert.ok(more.command.includes(`&& convlens maximize`), more.command);
    assert.ok(more.command.includes(`--layer conv3 --filter 1 --neuron 2,3 ${options}`));
    assert.match(more.command, /--direction direction\.npy --image \/a\.png/);
    assert.equal(more.python, false);
    assert.match(more.text, /direction\.npy is the file/);
  });

  it("names are Python's texts: a quote in one ends nothing", async () => {
    const { text } = await codeOf("small_k2.h5", {
      kind: "filters",
      filter: null,
      layer: 'a"); import os #',
    });
    assert.match(text, /get_layer\("a\\"\); import os #"\)/);
    const layer = "a\nimport os\r\nos.abort()";
    const broken = await codeOf("small_k2.h5", { kind: "filters", filter: null, layer });
    assert.ok(!broken.text.split(/[\r\n]/).some((line) => /^\s*(import os|os\.abort)/.test(line)));
  });
});
