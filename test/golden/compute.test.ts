/** The compute process' answers, without the process: every call of the contract on the samples. */
import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createCompute } from "../../src/compute/compute.ts";
import type { Progress } from "../../src/rpc/index.ts";
import type { LabelsGiven, LabelsKept, ModelSummary } from "../../src/shared/contract/model.ts";
import {
  attributionBy,
  classTarget,
  gradCam,
  type CamQuestion,
  WHOLE,
} from "../../src/shared/question.ts";
import { freeDigits } from "../support/free-size.ts";
import { data, model as modelFile } from "./support.ts";

const samples = fileURLToPath(new URL("../../samples/", import.meta.url));
const lite0 = path.join(samples, "efficientnet-lite0.h5");
const chelsea = path.join(samples, "chelsea.png");
const digits = modelFile("small_k3.h5");
/** Ends without softmax. */
const LOGITS = modelFile("heads/bare.keras");
const seven = data("digits/digit_04_label4.png");

const ATTRIBUTION = { ...attributionBy("gradient", seven, { top: 1 }), seed: 1 };

describe("the compute contract", () => {
  const compute = createCompute();
  const seen: Progress[] = [];
  const control = {
    signal: new AbortController().signal,
    progress: (progress: Progress) => seen.push(progress),
  };
  beforeEach(() => {
    seen.length = 0;
  });
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("summary: layers, totals, labels, preprocessing and the layer for Grad-CAM", async () => {
    const summary = await compute.summary({ model: lite0 }, control);
    assert.equal(summary.labels?.[285], "Egyptian cat");
    assert.deepEqual(
      [summary.preprocessing.source, summary.preprocessing.mean],
      ["sidecar", [127]],
    );
    assert.equal(summary.camLayer?.name, "top_activation");
    assert.equal(summary.classes, 1000);
    assert.deepEqual(summary.warnings, []);
    const stem = summary.layers.find(({ name }) => name === summary.firstKernel);
    assert.equal(stem?.op, "conv");
    assert.deepEqual(stem.receptiveField?.size, [3, 3]);
    // 112 x 112 outputs of 3 x 3 x 3 products for 32 filters
    assert.equal(stem.macs, 112 * 112 * 27 * 32);
  });

  it("a size that the file leaves free is asked for, kept beside the model, and runs", async () => {
    const model = path.join(folder, "free.onnx");
    await writeFile(model, freeDigits());
    const summary = async (): Promise<ModelSummary> => compute.summary({ model }, control);
    const sized = (size: readonly [number, number]) =>
      compute.setPreprocessing({ model, preprocessing: { ...first.preprocessing, size } }, control);
    const first = await summary();
    // the usual 224 x 224 cannot be, so one that can is found
    assert.deepEqual(first.preprocessing.size, [32, 32]);
    assert.ok(first.layers.every(({ opaque }) => opaque === null));
    assert.ok((await sized([224, 224])).layers.some(({ opaque }) => opaque !== null));
    await compute.saveSidecar({ model }, control);
    await compute.setPreprocessing({ model, preprocessing: null }, control);
    await compute.release({ model }, control);
    assert.deepEqual((await summary()).preprocessing.size, [224, 224]);
    const chosen = await sized([32, 32]);
    assert.deepEqual(chosen.inputs[0]?.shape, [null, 3, 32, 32]);
    assert.ok(chosen.layers.every(({ opaque }) => opaque === null));
    const { classes } = await compute.predict({ model, image: seven, top: 1 }, control);
    assert.equal(classes[0]?.index, 4);
    assert.equal((await compute.summary({ model: digits }, control)).preprocessing.size, undefined);
    await compute.setPreprocessing({ model, preprocessing: null }, control);
    await writeFile(`${model}.convlens.json`, '{ "inputSize": [0, 1e9] }');
    await compute.release({ model }, control);
    assert.match((await summary()).warnings.join(), /inputSize must be two whole numbers/);
  });

  it("filters and their numbers come from the file, without an engine", async () => {
    const grid = await compute.filters(
      { model: lite0, layer: "stem_conv", scale: "filter", view: "colour", first: 4, count: 8 },
      control,
    );
    assert.equal(grid.engine, "file");
    assert.deepEqual([grid.tiles.first, grid.tiles.count, grid.tiles.total], [4, 8, 32]);
    const values = await compute.filterValues(
      { model: lite0, layer: "stem_conv", filter: 4 },
      control,
    );
    assert.equal(Math.max(...values.kernel), grid.tiles.ranges[1]);
  });

  it("predictions, heat maps, feature maps and one cell of a picture", async () => {
    const prediction = await compute.predict({ model: lite0, image: chelsea, top: 3 }, control);
    assert.equal(prediction.classes[0]?.label, "Egyptian cat");
    const cam = await compute.cam(
      { model: lite0, question: gradCam(chelsea, { top: 2 }), trust: false },
      control,
    );
    assert.equal(cam.maps.length, 2);
    assert.equal(cam.maps[0]?.heatmap.length, 224 * 224);
    assert.equal(
      Math.max(...cam.maps.map(({ heatmap }) => heatmap.reduce((a, b) => Math.max(a, b)))),
      255,
    );
    const grid = await compute.activations(
      {
        model: lite0,
        layer: "top_activation",
        image: chelsea,
        scale: "map",
        preActivation: false,
        first: 0,
        count: 5,
      },
      control,
    );
    assert.deepEqual(grid.mapShape, [7, 7, 1280]);
    const one = await compute.mapValues(
      { model: lite0, layer: "top_activation", image: chelsea, channel: 3, preActivation: false },
      control,
    );
    assert.equal(one.values.length, 49);
    const rect = await compute.receptiveField(
      { model: lite0, layer: "stem_conv", y: 10, x: 4 },
      control,
    );
    assert.deepEqual([rect.width, rect.height], [3, 3]);
    const cell = await compute.dotProduct(
      { model: lite0, layer: "stem_conv", image: chelsea, filter: 0, y: 10, x: 4 },
      control,
    );
    assert.ok(Math.abs(cell.networkValue - (cell.steps.at(-1)?.value ?? cell.dot)) < 1e-4);
    assert.deepEqual([cell.channelNames, cell.depthwise], [["R", "G", "B"], false]);
  });

  it("what batch norm does to a number is its own numbers' doing", async () => {
    const cell = await compute.dotProduct(
      { model: lite0, layer: "block1a_dwconv", image: chelsea, filter: 3, y: 50, x: 60 },
      control,
    );
    assert.deepEqual([cell.channelNames, cell.depthwise, cell.shape], [null, true, [3, 3, 1]]);
    const norm = cell.steps.find(({ name }) => name === "batch norm");
    const of = Object.fromEntries(norm?.numbers.map(({ name, value }) => [name, value]) ?? []);
    const { γ = NaN, β = NaN, μ = NaN, "σ²": variance = NaN, ε = NaN } = of;
    const value = (γ * (cell.dot - μ)) / Math.sqrt(variance + ε) + β;
    assert.ok(Math.abs(value - (norm?.value ?? NaN)) < 1e-4);
  });

  it("the graph has the layers of the summary, and their wires", async () => {
    const { layers } = await compute.summary({ model: digits }, control);
    const { edges, network } = await compute.graph({ model: digits }, control);
    assert.deepEqual(
      network.items,
      layers.map((_, place) => place),
    );
    assert.deepEqual(
      edges,
      layers.slice(1).map((_, place) => ({ from: place, to: place + 1 })),
    );
  });

  it("the overview's rows arrive one by one", async () => {
    const overview = await compute.overview({ model: digits, image: seven, perLayer: 4 }, control);
    assert.deepEqual(overview.rows.map(({ layer }) => layer).slice(0, 2), ["conv1", "conv2"]);
    assert.equal(seen.filter(({ partial }) => partial !== undefined).length, overview.rows.length);
    const asked = { model: digits, image: seven, perLayer: 1, layers: ["pool2"] };
    const { rows } = await compute.overview(asked, control);
    assert.deepEqual(
      rows.map(({ layer, tiles }) => [layer, tiles.count]),
      [["pool2", 1]],
    );
    const many = Array.from({ length: 65 }, () => "conv1");
    await assert.rejects(
      async () => compute.overview({ ...asked, layers: many }, control),
      /at most 64 layers/,
    );
  });

  it("preprocessing chosen by a person holds until it is taken back, and is written on request", async () => {
    const copy = path.join(folder, "digits.h5");
    await copyFile(digits, copy);
    const raw = (await compute.summary({ model: copy }, control)).preprocessing;
    const chosen = { ...raw, mean: [1], why: "a test" };
    const changed = await compute.setPreprocessing({ model: copy, preprocessing: chosen }, control);
    assert.deepEqual([changed.preprocessing.mean, changed.preprocessing.source], [[1], "user"]);
    await compute.saveSidecar({ model: copy }, control);
    await compute.setPreprocessing({ model: copy, preprocessing: null }, control);
    await compute.release({ model: copy }, control);
    const again = (await compute.summary({ model: copy }, control)).preprocessing;
    assert.deepEqual([again.mean, again.source], [[1], "sidecar"]);
    await writeFile(`${copy}.convlens.json`, JSON.stringify({ labels: ["a", "b"] }));
    await compute.release({ model: copy }, control);
    const wrong = await compute.summary({ model: copy }, control);
    assert.match(wrong.warnings.join(), /2 labels, but the model has 10 classes/);
    assert.equal(wrong.labels, null);
  });

  it("names of classes are kept beside the model, once there is one for each", async () => {
    const copy = path.join(folder, "named.h5");
    await copyFile(digits, copy);
    const give = (labels: LabelsGiven): Promise<LabelsKept> =>
      Promise.resolve(compute.keepLabels({ model: copy, labels }, control));
    const text = Array.from("abcdefghij").join("\n");
    await assert.rejects(give({ text: "a\nb", name: "two.txt" }), /two.txt has 2 labels/);
    await assert.rejects(give("imagenet"), /has 1000 labels, but the model has 10 classes/);
    assert.equal((await compute.summary({ model: copy }, control)).labels, null);
    await writeFile(`${copy}.convlens.json`, '{ "inputs": {} }');
    const kept = await give({ text, name: "ten.txt" });
    assert.deepEqual(kept, { sidecar: `${copy}.convlens.json`, count: 10 });
    await compute.release({ model: copy }, control);
    const { labels } = await compute.summary({ model: copy }, control);
    assert.deepEqual(labels, Array.from("abcdefghij"));
    assert.deepEqual(Object.keys(JSON.parse(await readFile(kept.sidecar, "utf8")) as object), [
      "inputs",
      "labels",
    ]);
  });

  it("logits come with what makes probabilities of them", async () => {
    const ask = (model: string) => compute.predict({ model, image: seven, top: 1000 }, control);
    assert.equal((await ask(digits)).logNormalizer, null);
    const { classes, logNormalizer } = await ask(LOGITS);
    assert.ok(classes.length > 1 && classes.every(({ probability }) => probability === null));
    const sum = classes.reduce(
      (all, { logit }) => all + Math.exp(logit - Number(logNormalizer)),
      0,
    );
    assert.ok(Math.abs(sum - 1) < 1e-6);
  });

  it("a checkpoint is fed and labelled as its model is, also after it was read again", async () => {
    const checkpoint = path.join(folder, "epoch_12.h5");
    await copyFile("samples/digits/checkpoints/epoch_12.h5", checkpoint);
    const own = await compute.summary({ model: checkpoint }, control);
    assert.equal(own.labels, null);
    const labels = Array.from("abcdefghij");
    const preprocessing = { ...own.preprocessing, mean: [1], source: "sidecar" as const };
    await compute.setPreprocessing({ model: checkpoint, preprocessing, labels }, control);
    await compute.release({ model: checkpoint }, control);
    const again = await compute.summary({ model: checkpoint }, control);
    assert.deepEqual(again.labels, labels);
    assert.deepEqual([again.preprocessing.mean, again.preprocessing.source], [[1], "sidecar"]);
    const { classes } = await compute.predict({ model: checkpoint, image: seven, top: 1 }, control);
    assert.match(classes[0]?.label ?? "", /^[a-j]$/);
    await compute.setPreprocessing({ model: checkpoint, preprocessing, labels: ["a"] }, control);
    await compute.release({ model: checkpoint }, control);
    assert.equal((await compute.summary({ model: checkpoint }, control)).labels, null);
  });

  it("maximise: pictures while it runs, the class' probability at the end", async () => {
    const result = await compute.maximize(
      {
        model: digits,
        question: {
          ...{ kind: "maximize", ...WHOLE },
          targets: [{ classIndex: 3 }, { classIndex: 7 }],
          recipe: "plain",
          steps: 40,
          seed: 1,
        },
      },
      control,
    );
    assert.equal(result.rgb.length, 2 * 32 * 32 * 3);
    assert.equal(result.history.length, 41);
    for (const probability of result.probabilities)
      assert.ok((probability ?? 0) > 0.99, String(probability));
    const filters = await compute.maximize(
      {
        model: digits,
        question: {
          ...{ kind: "maximize", ...WHOLE },
          targets: [{ layer: "conv2", filter: 0 }],
          recipe: "robust",
          steps: 3,
          seed: 1,
        },
      },
      control,
    );
    assert.deepEqual(filters.probabilities, [null]);
    await assert.rejects(
      async () =>
        compute.maximize(
          {
            model: digits,
            question: {
              ...{ kind: "maximize", ...WHOLE },
              targets: [{ layer: "conv2", filter: 99 }],
              recipe: "plain",
              steps: 1,
              seed: 1,
            },
          },
          control,
        ),
      /Filter 99 is outside 0\.\.31/,
    );
  });

  it("attack: before and after, with what changed", async () => {
    const attack = await compute.attack(
      {
        model: digits,
        question: {
          ...{ kind: "attack", ...WHOLE },
          image: seven,
          method: "de",
          pixels: 1,
          trueClass: null,
          target: null,
          population: 40,
          generations: 3,
          seed: 2,
        },
      },
      control,
    );
    assert.equal(attack.trueClass, 4);
    assert.equal(attack.evaluations, attack.success ? attack.evaluations : 160);
    assert.equal(attack.pixels.length, 1);
    const [pixel] = attack.pixels;
    const at = ((pixel?.y ?? 0) * 32 + (pixel?.x ?? 0)) * 4;
    assert.deepEqual([...attack.pictureAfter.subarray(at, at + 3)], [...(pixel?.rgb ?? [])]);
    assert.equal(attack.camAfter?.length, 32 * 32);
    assert.equal(attack.changedMaps.length, 8);
    const [most] = attack.changedMaps;
    assert.ok(most);
    const cells = most.size[0] * most.size[1];
    assert.deepEqual([most.before.length, most.after.length], [cells, cells]);
    const both = [...most.before, ...most.after];
    assert.deepEqual([Math.min(...both), Math.max(...both)], [0, 255]); // on one scale
    assert.notDeepEqual(most.before, most.after);
    assert.ok(seen.some(({ partial }) => partial !== undefined));
  });

  it("attribution with its gap and its badge", async () => {
    const map = await compute.attribute(
      {
        model: digits,
        question: { ...ATTRIBUTION, method: "integrated-gradients", steps: 20 },
        trust: true,
      },
      control,
    );
    assert.equal(map.score.index, 4);
    assert.equal(map.heat.length, 32 * 32);
    assert.equal(map.steps, 20);
    assert.ok(map.signed && map.completeness !== null);
    assert.ok(
      (map.badge?.insertion ?? 0) > (map.badge?.deletion ?? 1),
      "the map found what counts",
    );
    const guided = await compute.attribute(
      {
        model: digits,
        question: { ...ATTRIBUTION, method: "guided-grad-cam", targets: [classTarget(4)] },
        trust: false,
      },
      control,
    );
    assert.match(guided.warning ?? "", /sanity checks/);
  });

  it("heat maps by channels come bit by bit, with badges at the end; a cancel ends them after one step", async () => {
    const question = { ...gradCam(seven, { top: 3 }), method: "score-cam" as const };
    const request = { model: digits, question, trust: true };
    const whole = await compute.cam(request, control);
    assert.ok(whole.maps.every(({ badge }) => (badge?.curves.deletion.length ?? 0) === 21));
    const partial = seen.flatMap(
      (progress) => (progress.partial as typeof whole | undefined) ?? [],
    );
    assert.ok(partial.some(({ maps }) => maps[0]?.badge === null));
    assert.ok(partial.some(({ maps }) => maps[0]?.badge !== null && maps[2]?.badge === null));

    const controller = new AbortController();
    let steps = 0;
    const cancelled = compute.cam(
      { ...request, model: lite0, question: { ...question, image: chelsea } },
      {
        signal: controller.signal,
        progress: ({ fraction }) => {
          if (fraction === undefined) return;
          steps++;
          controller.abort();
        },
      },
    );
    await assert.rejects(async () => cancelled, { kind: "cancelled" });
    assert.equal(steps, 1);
  });

  it("merged layers are on one scale; a difference of maps needs a linear method", async () => {
    const question = gradCam(seven, [4, 9].map(classTarget));
    const ask = (change: Partial<CamQuestion>) =>
      compute.cam({ model: digits, question: { ...question, ...change }, trust: false }, control);
    const merged = await ask({ layers: ["conv2", "auto", "conv3"] });
    assert.deepEqual(merged.layers, ["conv2", "conv3"]);
    assert.deepEqual(merged.rawShape, [32, 32]);
    assert.match(merged.why, /mean of the layers' maps/);
    assert.ok(merged.scaleMax > 0 && merged.scaleMax <= 1);
    const less = await ask({ method: "score-cam", minus: classTarget(9) });
    assert.equal(less.minus?.index, 9);
    assert.equal(less.maps[1]?.noPositiveEvidence, true, "a class minus itself");
    await assert.rejects(
      async () => ask({ method: "eigen-cam", minus: classTarget(9) }),
      /linear in the score/,
    );
    await assert.rejects(
      async () => ask({ targets: [classTarget(10)] }),
      /Class 10 is outside 0\.\.9/,
    );
  });

  it("the randomisation check: stage by stage from the last layer, the same from a seed", async () => {
    const request = { model: digits, question: gradCam(seven, [classTarget(4)]), seed: 3 };
    const one = await compute.sanity(request, control);
    const told = seen.filter(({ partial }) => Array.isArray(partial)).length;
    assert.deepEqual(
      one.stages.map(({ downTo, layers }) => [downTo, layers]),
      [
        [null, 0],
        ["predictions", 1],
        ["dense1", 2],
        ["conv3", 3],
        ["conv2", 4],
        ["conv1", 5],
      ],
    );
    assert.equal(told, 5);
    assert.equal(one.stages[0]?.rankCorrelation, 1);
    assert.ok(one.stages.slice(1).every(({ rankCorrelation }) => rankCorrelation < 1));
    assert.match(one.meaning, /With weights shuffled/);
    const again = await compute.sanity(request, control);
    assert.deepEqual(again.stages, one.stages);
    // the network itself is as it was
    const prediction = await compute.predict({ model: digits, image: seven, top: 1 }, control);
    assert.equal(prediction.classes[0]?.index, 4);
  });

  it("census over a folder, and the profile of a filter", async () => {
    await writeFile(path.join(folder, "broken.png"), "no picture");
    const census = await compute.census(
      { model: digits, paths: [data("digits"), folder] },
      control,
    );
    assert.equal(census.images, 5);
    assert.equal(census.skipped.length, 1);
    const conv1 = census.layers.find(({ name }) => name === "conv1");
    assert.ok(conv1?.dead.includes(3) && conv1.dead.includes(11));
    const profile = await compute.filterProfile(
      { model: digits, layer: "conv1", filter: 0 },
      control,
    );
    assert.equal(profile.images, 5);
    assert.ok(profile.twin !== null);
    // a cell of a 3 x 3 convolution sees at most 3 x 3 pixels
    for (const { width, height, rgba } of profile.patches) {
      assert.ok(width <= 3 && height <= 3, `${width} x ${height}`);
      assert.equal(rgba.length, width * height * 4);
    }
    assert.equal(profile.patches.length, 5);
    await assert.rejects(
      async () =>
        compute.filterProfile({ model: lite0, layer: "stem_activation", filter: 0 }, control),
      /no census/,
    );
  });

  it("bad requests are one sentence, and the next one works", async () => {
    await assert.rejects(
      async () =>
        compute.predict({ model: lite0, image: path.join(folder, "broken.png"), top: 1 }, control),
      /broken\.png/,
    );
    await assert.rejects(
      async () => compute.filterValues({ model: digits, layer: "conv9", filter: 0 }, control),
      /no layer 'conv9'; the nearest names are 'conv1', 'conv2', 'conv3'/,
    );
    const ok = await compute.predict({ model: digits, image: seven, top: 1 }, control);
    assert.equal(ok.classes[0]?.index, 4);
  });
});
