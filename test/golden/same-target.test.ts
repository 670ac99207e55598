/** The same target gives the same numbers wherever it is asked: panel, command line, report, shown code, assistants; of each kind of output. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { at } from "../../src/base/at.ts";
import { createCompute } from "../../src/compute/compute.ts";
import { firstIntent } from "../../src/host/panels/intent.ts";
import { decodeNpy, encodePng } from "../../src/pictures/index.ts";
import type { Intent } from "../../src/shared/contract/intent.ts";
import {
  attributeQuestion,
  camMethodOf,
  camQuestion,
  placeOf,
  reportQuestion,
} from "../../src/shared/intent-questions.ts";
import type { AttackQuestion, MaximizeQuestion } from "../../src/shared/question.ts";
import { convlens, json, sample } from "./cli-support.ts";
import { data } from "./support.ts";

const file = (name: string): string => data(`targets/${name}`);

interface Row {
  readonly kind: string;
  readonly network: string;
  /** Side of its picture. */
  readonly side: number;
  /** As a panel keeps it. */
  readonly target: string | null;
  readonly classes: readonly number[];
  /** Of a maximisation, where no picture tells the place. */
  readonly made?: string;
  /** Of the heat map. */
  readonly layer?: string | undefined;
  readonly mapsAlone?: boolean;
}
const ROWS: readonly Row[] = [
  {
    ...{ kind: "classes", network: sample("digits/digits.h5"), side: 32 },
    ...{ target: null, classes: [6] },
  },
  { kind: "labels", network: file("labels.h5"), side: 16, target: null, classes: [3] },
  { kind: "regression", network: file("value.h5"), side: 16, target: "unit:0", classes: [] },
  {
    ...{ kind: "segmentation", network: file("seg.onnx"), side: 32 },
    ...{ target: "pixel:10,12", classes: [2] },
  },
  {
    ...{ kind: "segmentation by itself", network: file("unet.h5"), side: 48 },
    ...{ target: "predicted", classes: [1], made: "mean" },
  },
  {
    ...{ kind: "detection", network: file("yolo.onnx"), side: 64 },
    ...{ target: "box:240", classes: [1] },
  },
  // the layers follow from the box: of the coarse scale, of all that are asked, of the surest one
  ...(
    [
      ["box:170", "/coarse/coarse.1/Add"],
      ["mean", "/coarse/coarse.1/Add, /merged/merged.2/Mul"],
      [null, undefined],
    ] as const
  ).map(([target, layer]): Row => ({
    ...{ kind: `boxes, ${target}`, network: sample("shapes/detector.onnx"), side: 96 },
    ...{ target, classes: [1], layer, mapsAlone: true },
  })),
  { kind: "embedding", network: file("embedding.onnx"), side: 32, target: "like", classes: [] },
  { kind: "unknown", network: file("numbers.h5"), side: 16, target: "unit:7", classes: [] },
];

const control = { signal: new AbortController().signal, progress: () => undefined };

/** Noise that is the same each time, as a picture of the network's own size. */
function noise(side: number, seed: number): Uint8Array {
  let state = seed;
  const pixels = Uint8Array.from({ length: side * side * 3 }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state >> 16;
  });
  return encodePng(pixels, side, side, 3);
}

const targetArgument = (target: string | null): object => (target === null ? {} : { target });
const classArgument = ([own]: readonly number[]): object =>
  own === undefined ? {} : { class: String(own) };

describe("the same target everywhere", () => {
  const compute = createCompute();
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), "convlens-same-"))));
  after(() => rm(folder, { recursive: true }));

  const arrayOf = async (out: string, name: string): Promise<Float32Array> => {
    const npy = path.join(out, `${name}.npy`);
    return decodeNpy(await readFile(npy), npy).data;
  };

  const useTool = async (name: string, model: string, args: object): Promise<string> => {
    const roots = [folder, path.dirname(model)];
    return (await compute.useTool({ name, args: { model, ...args }, roots }, control)).text;
  };

  for (const { kind, network, side, target: wanted, classes, made, layer, mapsAlone } of ROWS) {
    const asked = async (): Promise<{ intent: Intent; image: string; words: string[] }> => {
      const image = path.join(folder, `picture-${side}.png`);
      const other = path.join(folder, `other-${side}.png`);
      await writeFile(image, noise(side, 5));
      await writeFile(other, noise(side, 77));
      const target = wanted === "like" ? `like:${other}` : wanted;
      const intent = { ...firstIntent(network), image, images: [image], target, classes };
      const words = [
        ...(target === null ? [] : ["--target", target]),
        ...(classes.length > 0 ? ["--class", classes.join(",")] : []),
      ];
      return { intent, image, words };
    };

    it(`${kind}: a heat map`, async () => {
      const { intent, image, words } = await asked();
      const out = path.join(folder, kind);
      const said = await json("cam", network, "--image", image, ...words, "--out", out);
      assert.deepEqual([typeof said["input"], typeof said["output"]], ["string", "string"]);
      const raw = await arrayOf(out, "raw");
      const [score] = said.classes;

      if (layer !== undefined) assert.equal(said["layer"], layer);

      const { outputs } = await compute.summary({ model: network }, control);
      const question = camQuestion(intent, image, camMethodOf(intent, outputs));
      const drawn = await compute.cam({ model: network, question, trust: false }, control);
      assert.deepEqual(at(drawn.maps, 0).raw, raw);
      assert.equal(at(drawn.maps, 0).score.logit, score?.logit);

      assert.deepEqual([drawn.layers, drawn.method], [said["layers"], said["method"]]);

      const shown = { kind: "lens", intent, image } as const;
      const { command } = await compute.reproduce({ model: network, shown }, control);
      const again = command.replaceAll("'", "").split(" ").slice(1, -1);
      const answer = await convlens(...again, `${out}-again`);
      assert.equal(answer.code, 0, answer.err);
      assert.deepEqual(await arrayOf(`${out}-again`, "raw"), raw);

      const request = { model: network, pictures: [image], version: "1" };
      const page = await compute.report({ ...request, asked: reportQuestion(intent) }, control);
      const largest = String(Number(Number(said["scaleMax"]).toPrecision(6)));
      assert.ok(page.replaceAll(/\s+/g, " ").includes(`largest value is ${largest}`), largest);

      const text = await useTool("convlens_grad_cam", network, {
        ...{ image, ...targetArgument(intent.target), ...classArgument(classes) },
      });
      assert.ok(text.includes(`logit ${score?.logit.toFixed(4)}`), text);
    });

    if (mapsAlone) continue;
    it(`${kind}: an attribution, an attack, a maximisation`, async () => {
      const { intent, image, words } = await asked();
      const out = path.join(folder, `${kind}-attributed`);
      const ask = [network, "--image", image, ...words];
      await json("attribute", ...ask, "--method", "gradient", "--out", out);
      const question = attributeQuestion({ ...intent, attribution: "gradient" }, image, {
        ...{ steps: null, seed: 0 },
      });
      const found = await compute.attribute({ model: network, question, trust: false }, control);
      const summed = (await arrayOf(out, "attribution")).reduce((sum, value) => sum + value, 0);
      const own = found.values.reduce((sum, value) => sum + value, 0);
      assert.ok(
        Math.abs(own - summed) <= 1e-4 * Math.max(1, Math.abs(summed)),
        `${own}, ${summed}`,
      );

      const place = placeOf(intent);
      const attack: AttackQuestion = {
        ...{ kind: "attack", image, method: "de", pixels: 1, population: 12, generations: 2 },
        ...{ seed: 4, trueClass: null, target: null, ...place },
      };
      // what the network says now is attacked
      const unnamed = intent.target === null ? [] : ["--target", intent.target];
      const search = ["--population", "12", "--steps", "2", "--seed", "4"];
      const fooled = await json("attack", network, "--image", image, ...unnamed, ...search);
      const attacked = await compute.attack({ model: network, question: attack }, control);
      assert.deepEqual(attacked.pixels, fooled["pixels"]);
      const { after } = (fooled["value"] ?? fooled["probability"]) as { readonly after: number };
      // the panel attacks the picture as 8 bits have it: the last bit of a float32 mean may differ
      assert.ok(Math.abs(attacked.probability - after) <= 1e-6, `${attacked.probability}`);
      const told = await useTool("convlens_attack", network, {
        ...{ image, population: 12, steps: 2, seed: 4, ...targetArgument(intent.target) },
      });
      assert.ok(told.includes(` before, and ${after} after\n`), told);
      for (const { x, y, rgb } of attacked.pixels)
        assert.ok(told.includes(`pixel x ${x}, y ${y} becomes rgb(${rgb.join(", ")})`), told);

      const where = made === undefined ? place : placeOf({ ...intent, target: made });
      const climbed = ["--steps", "2", "--seed", "1"];
      const ofMade = made === undefined ? words : ["--target", made, ...words.slice(2)];
      const maximized = await json("maximize", network, ...ofMade, ...climbed);
      const targets = [{ classIndex: classes[0] ?? 0 }];
      const wish: MaximizeQuestion = {
        ...{ kind: "maximize", targets, recipe: "plain", steps: 2, seed: 1, ...where },
      };
      const pictures = await compute.maximize({ model: network, question: wish }, control);
      assert.equal(pictures.values[0], maximized["activation"]);
      const excited = await useTool("convlens_maximize", network, {
        ...{ steps: 2, seed: 1, ...targetArgument(made ?? intent.target) },
        ...classArgument(classes),
      });
      assert.ok(excited.includes(`reaches ${String(maximized["activation"])}`), excited);
    });
  }
});
