/** Places in outputs of other kinds than classes: heat maps equal those of TensorFlow and PyTorch, and answers name no class that is none. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeNpy } from "../../src/pictures/index.ts";
import { createEngine } from "../../src/engine/index.ts";
import { Explained, OpenModel } from "../../src/session/index.ts";
import { classTarget, gradCam } from "../../src/shared/question.ts";
import type { FloatTensor } from "../../src/base/tensor.ts";
import { convlens, DIGITS, json, refused, sample } from "./cli-support.ts";
import { data, expected, runnerOf } from "./support.ts";

const file = (name: string): string => data(`targets/${name}`);

interface Row {
  readonly network: string;
  readonly layer: string;
  readonly target: string;
  readonly wanted: string;
  /** Which row of what is wanted. */
  readonly row?: number;
  /** The mean over a region in place of the sum, a probability in place of the logit. */
  readonly upToScale?: true;
}
const ROWS: readonly Row[] = [
  { network: "seg.onnx", layer: "enc/relu", target: "pixel:10,12,class:2", wanted: "seg-pixel" },
  {
    ...{
      network: "seg.onnx",
      layer: "enc/relu",
      target: `region:${file("seg-region.png")},class:1`,
    },
    ...{ wanted: "seg-region", upToScale: true },
  },
  {
    ...{ network: "seg.onnx", layer: "enc/relu", target: "predicted,class:3" },
    ...{ wanted: "seg-pred", row: 3, upToScale: true },
  },
  { network: "seg.onnx", layer: "enc/relu", target: "mean,class:0", wanted: "seg-mean", row: 0 },
  {
    ...{ network: "unet.h5", layer: "bottleneck", target: "predicted" },
    ...{ wanted: "unet-predicted", upToScale: true },
  },
  { network: "unet.h5", layer: "bottleneck", target: "pixel:20,37", wanted: "unet-pixel" },
  {
    ...{ network: "unet.h5", layer: "bottleneck", target: `region:${file("unet-region.png")}` },
    ...{ wanted: "unet-region", upToScale: true },
  },
  { network: "unet.h5", layer: "bottleneck", target: "mean", wanted: "unet-mean" },
  {
    ...{ network: "yolo.onnx", layer: "/b/layer4/layer4.2/Relu", target: "box:240,class:0" },
    ...{ wanted: "yolo-box", upToScale: true },
  },
  { network: "embedding.onnx", layer: "relu2", target: "unit:5", wanted: "embedding-unit" },
];

const silent = { signal: new AbortController().signal, progress: () => undefined };
const inputOf = (network: string): string => file(`${network.replace(/\..*/, "")}-x.npy`);

/** The largest difference, as a share of the largest number that is wanted. */
function apart(found: FloatTensor, wanted: Float32Array, upToScale: boolean): number {
  const dot = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
  const factor = upToScale ? dot(found.data, wanted) / dot(found.data, found.data) : 1;
  assert.ok(factor > 0);
  const most = wanted.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return (
    found.data.reduce((max, v, i) => Math.max(max, Math.abs(v * factor - (wanted[i] ?? NaN))), 0) /
    most
  );
}

describe("places in outputs", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), "convlens-targets-"))));
  after(() => rm(folder, { recursive: true }));

  for (const engine of ["native", "wasm"])
    for (const { network, layer, target, wanted, row = 0, upToScale = false } of ROWS)
      it(`${engine}: Grad-CAM of ${path.basename(target)} in ${network}`, async () => {
        const ask = ["--input", inputOf(network), "--layer", layer, "--target", target];
        const out = path.join(folder, `${wanted}-${engine}`);
        const said = await json("cam", file(network), ...ask, "--engine", engine, "--out", out);
        const found = decodeNpy(await readFile(path.join(out, "signed.npy")), "signed");
        const { data: all } = await expected(`targets/${wanted}.npy`);
        const cells = found.data.length;
        const own = all.subarray(row * cells, (row + 1) * cells);
        assert.equal(own.length, cells);
        assert.ok(apart(found, own, upToScale) < 1e-3);
        assert.equal(typeof said["output"], "string");
      });

  const KINDS = { "seg.onnx": "segmentation", "unet.h5": "segmentation", "yolo.onnx": "detection", "embedding.onnx": "embedding" }; // prettier-ignore
  for (const [network, kind] of Object.entries(KINDS))
    it(`predict says that ${network} is a ${kind}, and names no class`, async () => {
      const said = await json("predict", file(network), "--input", inputOf(network));
      assert.deepEqual([said["kind"], said.classes], [kind, []]);
      const inspected = await json("inspect", file(network));
      const outputs = inspected["outputs"] as readonly { readonly kind: string }[];
      assert.deepEqual(
        outputs.map((one) => one.kind),
        [kind],
      );
    });

  it("a detector's boxes are those above the thresholds of --score and --iou", async () => {
    const ask = ["predict", file("yolo.onnx"), "--input", inputOf("yolo.onnx")];
    const boxesBy = async (...options: string[]): Promise<readonly { score: number }[]> => {
      const said = await json(...ask, ...options);
      const given = Object.fromEntries(
        options.flatMap((_, i) =>
          i % 2 ? [] : [[options[i]?.slice(2) ?? "", Number(options[i + 1])]],
        ),
      );
      assert.deepEqual(said["thresholds"], { score: 0.25, iou: 0.45, ...given });
      return said["boxes"] as readonly { score: number }[];
    };
    const usual = await boxesBy();
    const apart = await boxesBy("--iou", "0.01");
    const sure = await boxesBy("--score", "0.3625");
    assert.ok(apart.length < usual.length && sure.length < usual.length && sure.length > 0);
    assert.ok(sure.every(({ score }) => score >= 0.3625));
    assert.equal((await boxesBy("--score", "0.9")).length, 0);
    await refused(2, /--score 2 is not a number of 0 to 1/, ...ask, "--score", "2");
    await refused(
      2,
      /--iou chooses among boxes, and the output 'embedding' is no detector's \(embedding\)/,
      ...["predict", file("embedding.onnx"), "--input", inputOf("embedding.onnx"), "--iou", "0.5"],
    );
  });

  it("every method takes a place: attributions, trust, the randomisation check", async () => {
    const ask = ["--input", inputOf("seg.onnx"), "--target", "predicted,class:1"];
    for (const method of ["saliency", "integrated-gradients", "occlusion"])
      await json(
        "attribute",
        file("seg.onnx"),
        ...ask,
        "--method",
        method,
        "--steps",
        "4",
        "--trust",
      );
    for (const method of ["layer-cam", "score-cam", "ablation-cam"])
      await json("cam", file("seg.onnx"), ...ask, "--method", method, "--trust", "--sanity");
  });

  it("what is not said is what the kind has: where a class is seen, the surest box", async () => {
    const seg = await json("cam", file("seg.onnx"), "--input", inputOf("seg.onnx"));
    assert.equal(seg["target"], "predicted");
    const said = await json("predict", file("yolo.onnx"), "--input", inputOf("yolo.onnx"));
    const best = said["best"] as { readonly box: number; readonly class: number };
    const cam = await json("cam", file("yolo.onnx"), "--input", inputOf("yolo.onnx"));
    assert.deepEqual([cam["target"], cam.classes[0]?.index], [`box:${best.box}`, best.class]);
  });

  it("a place that was found is not looked for, nor run, again", async () => {
    const opened = await OpenModel.open(file("seg.onnx"));
    const { engine } = await createEngine("wasm");
    const fed = { key: "x", inputs: [await expected("targets/seg-x.npy")] };
    const explained = new Explained(runnerOf(opened, engine), fed);
    const found = await explained.aim({ output: null, where: null });
    assert.equal(found.where?.kind, "predicted");
    const targets = found.ranked.map(({ index }) => classTarget(index));
    const question = { ...gradCam("x", targets), where: found.where };
    assert.equal((await explained.cam(question, { context: silent })).aim, found);
    engine.dispose();
    opened.close();
  });

  it("what is not there is refused with its number, and what cannot be guessed is asked", async () => {
    const yolo = ["cam", file("yolo.onnx"), "--input", inputOf("yolo.onnx")];
    await refused(2, /Box 768 is outside 0\.\.767/, ...yolo, "--target", "box:768");
    await refused(2, /There is no output 'height'.*output0/, ...yolo, "--output", "height");
    const unet = ["cam", file("unet.h5"), "--input", inputOf("unet.h5")];
    await refused(2, /Row 48 is outside 0\.\.47/, ...unet, "--target", "pixel:48,0");
    const embedding = ["cam", file("embedding.onnx"), "--input", inputOf("embedding.onnx")];
    await refused(2, /is an embedding.*--target: unit:N \(0 to 15\)/, ...embedding);
    const offered = /Say what of it is asked about with --target: unit:N \(0 to 15\), like:PICTURE/;
    await refused(2, offered, "attack", ...embedding.slice(1));
    await refused(2, offered, "maximize", file("embedding.onnx"), "--class", "0");
    await refused(2, /'nowhere' is no target/, ...embedding, "--target", "nowhere");
    const { out } = await convlens(
      "predict",
      file("embedding.onnx"),
      "--input",
      inputOf("embedding.onnx"),
    );
    assert.match(out, /16 numbers of length 1/);
  });

  it("what is made of the gradient of a saturated probability is said, and drawn as faint", async () => {
    const eight = ["--image", sample("digits/pictures/digit_13_label8.png")];
    const probability = [...eight, "--score", "probability"];
    const cam = await json("cam", DIGITS, ...probability);
    assert.match(String(cam["note"]), /saturated.*vanished/);
    assert.ok((cam.arrays.find(({ name }) => name === "heatmap")?.max ?? 1) < 0.01);
    const noteOf = async (...args: string[]): Promise<unknown> => {
      const [first] = (await json("attribute", DIGITS, ...args)).classes;
      return new Map(Object.entries(Object(first) as object)).get("note");
    };
    for (const method of ["saliency", "smoothgrad", "guided-backprop"])
      assert.match(String(await noteOf(...probability, "--method", method)), /vanished/);
    // these look at more than the slope here, and a logit has one
    assert.equal(await noteOf(...probability, "--method", "occlusion"), undefined);
    assert.equal(await noteOf(...eight, "--method", "saliency"), undefined);
  });
});
