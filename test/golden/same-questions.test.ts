/** Two networks out of every format: one that looks at two pictures, and one whose softmax is saturated and has a reshape behind it. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { floats } from "../../src/base/tensor.ts";
import { decodeNpy, encodeNpy } from "../../src/pictures/index.ts";
import { json, WASM } from "./cli-support.ts";
import { type Numbers, tensorOf } from "./recorded.ts";
import { assertClose, model } from "./support.ts";

const ENDINGS = [
  ...[".keras", ".h5", "_saved", ".tflite", ".onnx"],
  ...["_tfjs_graph", "_tfjs_layers", ".pt2"],
];

interface Views {
  readonly inputs: Readonly<
    Record<"left" | "depth", { readonly input: Numbers; readonly gradient: Numbers }>
  >;
  readonly logits: Numbers;
  readonly cam: Numbers;
}
interface Saturated {
  readonly input: Numbers;
  readonly logits: Numbers;
  readonly probabilities: Numbers;
}

describe("one question of one network in every format", () => {
  let folder: string;
  let views: Views;
  let saturated: Saturated;
  const recorded = async <T>(name: string): Promise<T> =>
    JSON.parse(await readFile(model(`same/${name}.json`), "utf8")) as T;
  const kept = async (name: string, numbers: Numbers): Promise<string> => {
    const file = path.join(folder, `${name}.npy`);
    const { shape, data } = tensorOf(numbers);
    await writeFile(file, encodeNpy(floats([1, ...shape], data)));
    return file;
  };
  const written = async (name: string): Promise<ReturnType<typeof decodeNpy>> =>
    decodeNpy(await readFile(path.join(folder, `${name}.npy`)), name);
  let pair: string[];
  let one: string[];
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-same-"));
    views = await recorded<Views>("views");
    saturated = await recorded<Saturated>("saturated");
    const files = Object.entries(views.inputs).map(
      async ([name, { input }]) => `${name}=${await kept(name, input)}`,
    );
    pair = (await Promise.all(files)).flatMap((file) => ["--input", file]);
    one = ["--input", await kept("x", saturated.input)];
  });
  after(() => rm(folder, { recursive: true }));

  for (const ending of ENDINGS) {
    it(`views${ending}: a map over each of the pictures that a layer sees`, async () => {
      const how = [...pair, "--class", "0", ...WASM, "--out", folder];
      const said = await json("cam", model(`same/views${ending}`), ...how);
      assert.deepEqual(new Set(said["inputs"] as string[]), new Set(["left", "depth"]));
      assert.ok(said["input"] === "left" || said["input"] === "depth");
      const other = said["input"] === "left" ? "depth" : "left";
      assert.deepEqual(said.files, ["overlay.png", `overlay_on_${other}.png`]);
      const { shape, data } = tensorOf(views.cam);
      assertClose(floats(shape, (await written("signed")).data), floats(shape, data), "Grad-CAM");
    });

    for (const on of ["left", "depth"] as const)
      it(`views${ending}: what of ${on} speaks for a class`, async () => {
        const how = [...pair, "--class", "0", "--method", "gradient", "--on", on];
        const said = await json("attribute", model(`same/views${ending}`), ...how, ...WASM, "--out", folder); // prettier-ignore
        assert.equal(said["input"], on);
        const wanted = tensorOf(views.inputs[on].gradient);
        assertClose(floats(wanted.shape, (await written("attribution")).data), wanted, on);
      });

    it(`saturated${ending}: probabilities behind a reshape, and what is left of their gradient`, async () => {
      const file = model(`same/saturated${ending}`);
      const told = await json("predict", file, ...one, ...WASM);
      const [logits, probabilities] = [saturated.logits, saturated.probabilities].map(tensorOf);
      assert.ok(logits && probabilities && told.classes.length === 3);
      for (const { index, logit, probability } of told.classes) {
        assert.ok(Math.abs(logit - (logits.data[index] ?? NaN)) < 1e-3, `${index}: ${logit}`);
        assert.ok(Math.abs(probability - (probabilities.data[index] ?? NaN)) < 1e-6);
      }
      const ask = [...one, ...WASM, "--score", "probability"];
      const cam = await json("cam", file, ...ask);
      assert.match(String(cam["note"]), /probability is saturated.*vanished/);
      assert.equal(cam.arrays.find(({ name }) => name === "heatmap")?.max, 0);
      const saliency = await json("attribute", file, ...ask, "--method", "saliency");
      const [first] = saliency.classes as readonly { readonly note?: string }[];
      assert.match(first?.note ?? "", /vanished/);
      assert.equal((await json("cam", file, ...one, ...WASM))["note"], undefined);
    });
  }
});
