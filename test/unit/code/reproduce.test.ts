/** The code that a panel shows. Its numbers were compared with Keras 2, Keras 3 and PyTorch by hand; here its text is held. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { reproduce } from "../../../src/code/reproduce/index.ts";
import { OpenModel } from "../../../src/session/index.ts";
import type { ReproducedCode, Shown } from "../../../src/shared/contract/code.ts";
import { NAMED_SCALINGS } from "../../../src/base/preprocessing.ts";

const models = fileURLToPath(new URL("../../models/", import.meta.url));
const shown: Shown = {
  ...{ lens: "model", image: "/pictures/it's.png", layer: null, filter: null, classes: [] },
  ...{ camLayer: null, camMethod: "grad-cam", maximize: "filters", attribution: "saliency" },
  ...{ other: null, otherImage: null },
};

async function codeOf(file: string, change: Partial<Shown>): Promise<ReproducedCode> {
  const model = await OpenModel.open(models + file);
  const code = reproduce(model.summary, { ...shown, ...change });
  model.close();
  return code;
}

describe("code that reproduces what is shown", () => {
  it("the command line, as a shell reads it", async () => {
    const { command, text } = await codeOf("small_k2.h5", { lens: "cam", classes: [3, 5] });
    assert.equal(
      command,
      `convlens cam ${models}small_k2.h5 --layer conv3 --image '/pictures/it'\\''s.png' --class 3,5 --method grad-cam --out cam`,
    );
    assert.ok(text.startsWith(`# ${command}\n`));
    const compared = await codeOf("small_k2.h5", {
      lens: "compare",
      other: "/b.h5",
      otherImage: "/c.png",
    });
    assert.match(compared.command, /compare \S+ \/b\.h5 --image \S+ --image \/c\.png/);
    assert.equal(compared.python, false);
  });

  it("preprocessing that a person chose is said, a known one by its name", async () => {
    const model = await OpenModel.open(`${models}small_k2.h5`);
    const torch = NAMED_SCALINGS["torch"] ?? assert.fail();
    model.setPreprocessing({ ...torch, fit: "crop", source: "user", why: "" });
    assert.match(reproduce(model.summary, shown).command, /--preprocess torch$/);
    assert.match(reproduce(model.summary, shown).text, /np\.float32\(\[0\.485, 0\.456, 0\.406\]\)/);
    model.setPreprocessing({
      ...torch,
      order: "bgr",
      mean: [1, 2, 3],
      fit: "squash",
      source: "user",
      why: "",
    });
    const { command, text } = reproduce(model.summary, shown);
    assert.match(
      command,
      /--preprocess mean=1:2:3,std=0\.229:0\.224:0\.225,scale=[\d.]+,order=bgr,fit=squash$/,
    );
    assert.match(text, /u\[\.\.\., ::-1\]/);
    assert.doesNotMatch(text, /largest centred/);
    model.close();
  });

  it("Keras: the softmax is taken off, heat maps by each formula", async () => {
    const { text } = await codeOf("small_k2.h5", { lens: "cam" });
    assert.match(text, /from tensorflow import keras/);
    assert.match(text, /model\.layers\[-1\]\.activation = keras\.activations\.linear/);
    assert.match(text, /model\.get_layer\("conv3"\)/);
    assert.match(text, /alpha = g\.mean\(\(1, 2\), keepdims=True\)/);
    assert.match((await codeOf("small_k3.keras", { lens: "cam" })).text, /KERAS_BACKEND/);
    for (const camMethod of ["hires-cam", "grad-cam++", "xgrad-cam", "layer-cam"] as const)
      assert.ok((await codeOf("small_k2.h5", { lens: "cam", camMethod })).python, camMethod);
    // a run for every channel, or no matter of gradients
    for (const camMethod of ["score-cam", "eigen-cam", "ablation-cam"] as const)
      assert.equal((await codeOf("small_k2.h5", { lens: "cam", camMethod })).python, false);
  });

  it("PyTorch: nodes by their names in the exported graph, axes in its order", async () => {
    const { text } = await codeOf("torch/small.pt2", {
      lens: "cam",
      camLayer: "conv3",
      classes: [1],
    });
    assert.match(text, /torch\.export\.load/);
    assert.match(text, /values\["conv2d_2"\]/);
    assert.match(text, /g\.mean\(\(2, 3\), keepdims=True\)/);
    assert.match(text, /H, W = 32, 32/);
  });

  it("what a library runs but does not differentiate: predictions and maps, else the command line", async () => {
    const onnx = "onnx/small_torch_dynamo.onnx";
    assert.match((await codeOf(onnx, {})).text, /onnxruntime\.InferenceSession/);
    assert.match(
      (await codeOf(onnx, { lens: "activations", layer: "node_Conv_0" })).text,
      /ValueInfoProto/,
    );
    assert.equal((await codeOf(onnx, { lens: "cam" })).python, false);
    assert.match((await codeOf("small_f32.tflite", {})).text, /tf\.lite\.Interpreter/);
    assert.match((await codeOf("small_savedmodel_k2", {})).text, /tf\.saved_model\.load/);
    const filters = { lens: "filters", layer: "conv2" } as const;
    assert.match((await codeOf("torch/small.safetensors", filters)).text, /load_file/);
    assert.match((await codeOf("torch/small_state_dict.pt", filters)).text, /weights_only=True/);
    assert.match((await codeOf("small_tfjs_layers/model.json", {})).text, /command line alone/);
  });

  it("names are Python's texts: a quote in one ends nothing", async () => {
    const { text } = await codeOf("small_k2.h5", { lens: "filters", layer: 'a"); import os #' });
    assert.match(text, /get_layer\("a\\"\); import os #"\)/);
    const layer = "a\nimport os\r\nos.abort()";
    const broken = await codeOf("small_k2.h5", { lens: "filters", layer });
    assert.ok(!broken.text.split(/[\r\n]/).some((line) => /^\s*(import os|os\.abort)/.test(line)));
  });
});
