/** Networks trained on shapes over noise: raw heads are decoded to the boxes that PyTorch has, and maps lie where the shapes are. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeNpy } from "../../src/pictures/index.ts";
import { json, sample } from "./cli-support.ts";
import { data, expected } from "./support.ts";

const file = (name: string): string => data(`shapes/${name}`);
const readJson = async <T>(name: string): Promise<T> =>
  JSON.parse(await readFile(file(name), "utf8")) as T;

interface Told {
  readonly boxes: readonly Readonly<
    Record<"box" | "class" | "score" | "x" | "y" | "width" | "height", number>
  >[];
}
/** [place, class, score, left, top, width, height] */
type Row = readonly [number, number, number, number, number, number, number];

describe("raw heads of detectors", () => {
  const INPUTS = { raw: "x", anchored: "small", centres: "small", queries: "small" } as const;
  for (const [name, input] of Object.entries(INPUTS))
    it(`${name}: boxes are PyTorch's`, async () => {
      const wanted = await readJson<Record<string, readonly Row[]>>("boxes.json");
      // nothing is left out: every box that PyTorch has among its surest is there
      const ask = ["--input", file(`${input}.npy`), "--score", "0", "--iou", "1"];
      const { boxes } = (await json(
        "predict",
        file(`${name}.onnx`),
        ...ask,
        "--engine",
        "wasm",
      )) as unknown as Told;
      const byPlace = new Map(boxes.map((own) => [own.box, own]));
      const rows = wanted[name] ?? [];
      assert.ok(rows.length > 5);
      for (const [place, kind, score, x, y, width, height] of rows.slice(0, 8)) {
        const own = byPlace.get(place) ?? assert.fail(`no box ${place}`);
        assert.equal(own.class, kind);
        const found = [own.score, own.x, own.y, own.width, own.height];
        [score, x, y, width, height].forEach((value, i) =>
          assert.ok(
            Math.abs(value - (found[i] ?? NaN)) < 1e-3 * Math.max(1, Math.abs(value)),
            `${place}: ${found.join()}`,
          ),
        );
      }
    });

  it("decoded boxes and raw ones of the same network are the same, and so are their maps", async () => {
    const ask = ["--input", file("x.npy"), "--engine", "wasm"];
    const whole = (await json(
      "predict",
      sample("shapes/detector.onnx"),
      ...ask,
    )) as unknown as Told;
    const raw = (await json("predict", file("raw.onnx"), ...ask)) as unknown as Told;
    assert.deepEqual(
      raw.boxes.map(({ box }) => box),
      whole.boxes.map(({ box }) => box),
    );
    assert.equal(whole.boxes.length, 3);
  });

  it("a network without suppression of its own, and without need of it, keeps all of its boxes", async () => {
    const ask = ["--input", file("small.npy"), "--engine", "wasm"];
    const said = await json(
      "predict",
      file("queries.onnx"),
      ...ask,
      "--iou",
      "0.01",
      "--score",
      "0.01",
    );
    assert.match(String(said["read"]), /Class 5.*no object/);
    assert.equal(said["suppression"], "none");
  });
});

interface Targets {
  readonly detector: { readonly box: number; readonly class: number };
  readonly segmentation: { readonly class: number };
}

describe("maps of detectors, segmentations and transformers", () => {
  let folder: string;
  let targets: Targets;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-shapes-"));
    targets = await readJson<Targets>("targets.json");
  });
  after(() => rm(folder, { recursive: true }));

  const signed = async (model: string, ...args: string[]): Promise<Float32Array> => {
    await json("cam", sample(`shapes/${model}`), ...args, "--engine", "wasm", "--out", folder);
    return decodeNpy(await readFile(path.join(folder, "signed.npy")), "signed").data;
  };
  /** Largest difference as a share of the largest number wanted; `scale`: the found are times a number. */
  const equal = async (found: Float32Array, name: string, upToScale = false): Promise<void> => {
    const { data: wanted } = await expected(`shapes/${name}.npy`);
    assert.equal(found.length, wanted.length);
    const dot = (a: Float32Array, b: Float32Array): number =>
      a.reduce((sum, v, i) => sum + v * (b[i] ?? NaN), 0);
    const factor = upToScale ? dot(found, wanted) / dot(found, found) : 1;
    assert.ok(factor > 0);
    const most = wanted.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    found.forEach((value, i) =>
      assert.ok(Math.abs(value * factor - (wanted[i] ?? NaN)) < 1e-3 * most, `${name} ${i}`),
    );
  };

  const LAYERS = { merged: "/merged/merged.2/Mul", coarse: "/coarse/coarse.1/Add" } as const;
  for (const [layer, node] of Object.entries(LAYERS))
    for (const [method, peer] of [
      ["grad-cam", "gradcam"],
      ["layer-cam", "layercam"],
    ] as const)
      it(`${method} of a box at ${layer} is pytorch-grad-cam's with its target for boxes`, async () => {
        const { box, class: kind } = targets.detector;
        const target = `box:${box},class:${kind}`;
        const found = await signed(
          "detector.onnx",
          "--input",
          file("x.npy"),
          "--layer",
          node,
          "--target",
          target,
          "--method",
          method,
        );
        await equal(found, `detector-${peer}-${layer}`);
        if (method === "grad-cam") await equal(found, `detector-captum-${layer}`);
      });

  for (const [method, peer] of [
    ["grad-cam", "gradcam"],
    ["layer-cam", "layercam"],
  ] as const)
    it(`${method} of a segmentation is pytorch-grad-cam's with its target for masks`, async () => {
      const target = `predicted,class:${targets.segmentation.class}`;
      const ask = [
        "--input",
        file("x.npy"),
        "--layer",
        "/bottleneck/bottleneck.5/Relu",
        "--target",
        target,
        "--method",
        method,
      ];
      const found = await signed("segmentation.onnx", ...ask);
      await equal(found, `segmentation-${peer}`);
      if (method === "grad-cam") await equal(found, "segmentation-captum");
    });

  for (const [method, peer] of [
    ["grad-cam", "gradcam"],
    ["layer-cam", "layercam"],
  ] as const)
    it(`${method} of a transformer is pytorch-grad-cam's with its tokens reshaped`, async () => {
      const ask = [
        "--input",
        file("transformer-x.npy"),
        "--layer",
        "blocks.1.add:1",
        "--method",
        method,
      ];
      await equal(await signed("transformer.pt2", ...ask), `transformer-${peer}`);
    });

  /** Of an attribution [96, 96, 3] every third row and column, as the wanted ones were kept. */
  const thirds = (data: Float32Array): Float32Array =>
    data.filter((_, i) => (Math.floor(i / 3) % 96) % 3 === 0 && Math.floor(i / 288) % 3 === 0);
  const ASKED = {
    detector: ({ detector }: Targets) => ["x", `box:${detector.box},class:${detector.class}`],
    segmentation: ({ segmentation }: Targets) => ["x", `predicted,class:${segmentation.class}`],
    transformer: () => ["transformer-x", null],
  } as const;
  for (const [network, asked] of Object.entries(ASKED))
    for (const [method, peer, ...more] of [
      ["saliency", "saliency"],
      ["integrated-gradients", "integrated", "--steps", "16"],
    ] as const)
      it(`${method} of a ${network} is captum's`, async () => {
        const [input = "", target = null] = asked(targets);
        const model = `${network}.${network === "transformer" ? "pt2" : "onnx"}`;
        const of = target === null ? [] : ["--target", target];
        const how = ["--method", method, ...more, "--engine", "wasm", "--out", folder];
        await json("attribute", sample(`shapes/${model}`), "--input", file(`${input}.npy`), ...of, ...how); // prettier-ignore
        const raw = await readFile(path.join(folder, "attribution.npy"));
        await equal(thirds(decodeNpy(raw, "attribution").data), `${network}-${peer}`);
      });
});

describe("where the maps of a detector lie", () => {
  /** The share of a map's sum inside a box. */
  const inside = (
    map: Float32Array,
    side: number,
    box: readonly [number, number, number, number],
  ): number => {
    let [within, all] = [0, 0];
    map.forEach((value, i) => {
      const [x, y] = [(i % side) + 0.5, Math.floor(i / side) + 0.5];
      const here = x > box[0] && x < box[2] && y > box[1] && y < box[3];
      all += Math.max(0, value);
      if (here) within += Math.max(0, value);
    });
    return within / all;
  };
  /** What knows nothing of the picture: a Gaussian in its middle, as wide as half of it. */
  const blob = (side: number): Float32Array =>
    Float32Array.from({ length: side * side }, (_, i) => {
      const [x, y] = [(i % side) + 0.5 - side / 2, Math.floor(i / side) + 0.5 - side / 2];
      return Math.exp(-(x * x + y * y) / (2 * (side / 4) ** 2));
    });

  for (const method of ["grad-cam", "layer-cam"])
    it(`more of ${method} is inside the box than of a blob in the middle`, async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "convlens-energy-"));
      const [own, middle]: [number[], number[]] = [[], []];
      for (const name of PICTURES) {
        const image = sample(`shapes/pictures/${name}.png`);
        const model = sample("shapes/detector.onnx");
        const { boxes } = (await json(
          "predict",
          model,
          "--image",
          image,
          "--engine",
          "wasm",
        )) as unknown as Told;
        for (const { box, x, y, width, height } of boxes) {
          const layers = ["--layer", Object.values(HEADS).join()];
          await json(
            "cam",
            model,
            "--image",
            image,
            "--target",
            `box:${box}`,
            "--method",
            method,
            ...layers,
            "--engine",
            "wasm",
            "--out",
            folder,
          );
          const map = decodeNpy(await readFile(path.join(folder, "heatmap.npy")), "heatmap");
          const [side = 0] = map.shape;
          const rect = [x, y, x + width, y + height] as const;
          own.push(inside(map.data, side, rect));
          middle.push(inside(blob(side), side, rect));
        }
      }
      await rm(folder, { recursive: true });
      const mean = (list: readonly number[]): number =>
        list.reduce((sum, v) => sum + v, 0) / list.length;
      assert.ok(own.length >= 5);
      assert.ok(mean(own) > 1.5 * mean(middle), `${mean(own)} against ${mean(middle)}`);
    });
});
const HEADS = { fine: "/merged/merged.2/Mul", coarse: "/coarse/coarse.1/Add" } as const;
const PICTURES = [
  "00_triangle",
  "02_circle",
  "04_triangle_square_square",
  "06_triangle_triangle_circle",
];
