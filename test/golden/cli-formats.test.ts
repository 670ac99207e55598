/** The command line on one network in each format: what Keras' file gives, every other one gives. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeNpy } from "../../src/pictures/index.ts";
import { asFloats, type FloatTensor } from "../../src/base/tensor.ts";
import { DIGIT, json, sample, WASM } from "./cli-support.ts";
import { assertClose, model } from "./support.ts";

const KERAS = "small_k2.h5";
const OTHERS = [
  ...["onnx/small_tf2onnx.onnx", "onnx/small_torch_legacy.onnx", "torch/small.pt2"],
  ...["torch/small_traced.torchscript.pt", "torch/small_scripted.torchscript.pt"],
  ...["small_f32.tflite", "small_savedmodel_k3export", "small_frozen.pb", "small_tfjs_graph"],
];
const PICTURES = [10, 11, 12].map((n) => new RegExp(`^digit_${n}_`));

describe("one network in each format", () => {
  const work = mkdtempSync(path.join(tmpdir(), "convlens-cli-formats-"));
  const pictures = path.join(work, "pictures");
  before(() => {
    const from = sample("digits/pictures");
    cpSync(from, pictures, {
      recursive: true,
      filter: (file) => file === from || PICTURES.some((name) => name.test(path.basename(file))),
    });
  });
  after(() => {
    rmSync(work, { recursive: true });
  });

  const gradient = async (file: string): Promise<FloatTensor> => {
    const out = path.join(work, "out");
    const how = ["--preprocess", "0..1", "--method", "gradient", "--class", "6", "--out", out];
    const { arrays } = await json("attribute", model(file), "--image", DIGIT, ...how, ...WASM);
    const name = arrays.find((array) => array.name === "attribution")?.file ?? assert.fail();
    return asFloats(decodeNpy(readFileSync(path.join(out, name)), name));
  };
  /** For each layer with an activation, the part of its cells that is 0, filter by filter. */
  const zeros = async (file: string): Promise<FloatTensor[]> => {
    const how = ["--images", pictures, "--preprocess", "0..1"];
    const { images, layers } = await json("census", model(file), ...how, ...WASM);
    assert.equal(images, PICTURES.length);
    return layers.map(({ zeroFraction }) => {
      const data = Float32Array.from(zeroFraction as number[]);
      return { dtype: "float32", shape: [data.length], data };
    });
  };

  let wanted: { gradient: FloatTensor; zeros: FloatTensor[] };
  before(async () => {
    wanted = { gradient: await gradient(KERAS), zeros: await zeros(KERAS) };
    assert.deepEqual(wanted.gradient.shape, [32, 32, 3]);
    assert.equal(wanted.zeros.length, 3);
  });
  for (const file of OTHERS)
    it(`${file}: the gradient of a class, and what is never active`, async () => {
      assertClose(await gradient(file), wanted.gradient, "gradient");
      const own = await zeros(file);
      assert.equal(own.length, wanted.zeros.length);
      // a cell that rounding lifts above 0 is 1/3072 of a layer
      own.forEach((part, i) => {
        assertClose(part, wanted.zeros[i] ?? assert.fail(), `layer ${i}`, 1e-3);
      });
    });
});
