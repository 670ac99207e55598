/** Comparisons: what equals itself differs by nothing, and two checkpoints differ by what NumPy says. */
import assert from "node:assert/strict";
import { PLAIN_REPORT, WHOLE } from "../../src/shared/question.ts";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../src/cli/run.ts";
import { nativeStatus } from "../../src/engine/index.ts";
import { createCompute } from "../../src/compute/compute.ts";
import type { Progress } from "../../src/rpc/index.ts";
import { decodeNpy } from "../../src/shared/npy.ts";
import { classTarget, gradCam } from "../../src/shared/question.ts";
import type { DiffRow, LayerPair } from "../../src/shared/contract/compare.ts";
import { model as modelFile } from "./support.ts";

const digits = fileURLToPath(new URL("../../samples/digits/", import.meta.url));
const epoch = (number: string): string => path.join(digits, "checkpoints", `epoch_${number}.h5`);
const six = path.join(digits, "pictures", "digit_00_label6.png");
const other = path.join(digits, "pictures", "digit_04_label4.png");
const tiles = { difference: "own", sort: "change", first: 0, count: 64 } as const;

const isPair = (row: DiffRow): row is LayerPair => "by" in row;
const pairOf = (rows: readonly DiffRow[], name: string): LayerPair =>
  rows.filter(isPair).find(({ a }) => a === name) ?? assert.fail(`no pair of ${name}`);

describe("comparing", () => {
  const compute = createCompute();
  const control = { signal: new AbortController().signal, progress: () => undefined };

  it("a checkpoint with itself: no layer differs, nothing is added, every weight is the same", async () => {
    const diff = await compute.compare({ model: epoch("06"), other: epoch("06") }, control);
    assert.ok(diff.rows.length > 5);
    for (const row of diff.rows) {
      assert.ok(isPair(row) && row.by === "name");
      assert.deepEqual(row.changes, []);
      assert.equal(row.weights?.relative ?? 0, 0);
    }
    assert.equal(diff.compared, diff.comparable);
  });

  it("two checkpoints: |b - a| / |a| of each layer, as NumPy has it", async () => {
    const diff = await compute.compare({ model: epoch("03"), other: epoch("12") }, control);
    // numpy.linalg.norm over all arrays of the layer, in float64, from the files by h5py
    const expected: Record<string, readonly [number, number]> = {
      conv1: [0.045037848077438374, 0.21891608834266663],
      conv2: [0.07708867231037143, 0.21047044917941093],
      conv3: [0.1700454267405695, 0.27450335025787354],
      dense1: [0.532192581886617, 0.297523807734251],
      predictions: [0.20470824055002715, 0.22360444068908691],
    };
    for (const [name, [relative, largest]] of Object.entries(expected)) {
      const { weights, changes } = pairOf(diff.rows, name);
      assert.ok(Math.abs((weights?.relative ?? 0) / relative - 1) < 1e-6, name);
      assert.ok(Math.abs((weights?.largest ?? 0) / largest - 1) < 1e-6, name);
      assert.deepEqual(changes, []);
    }
  });

  it("the same network from two libraries: layers meet by name or order, weights agree", async () => {
    const pair = { model: modelFile("small_k3.h5"), other: modelFile("torch/small.pt2") };
    const { rows } = await compute.compare(pair, control);
    const conv = rows.filter(isPair).filter(({ kernels }) => kernels);
    assert.equal(conv.length, 3);
    for (const { weights } of conv) assert.ok((weights?.relative ?? 1) < 1e-6);
  });

  it("filters, maps and heat maps of a model with itself are equal, and B - A is nothing", async () => {
    const both = { model: epoch("12"), other: epoch("12"), layer: "conv2" };
    const pictures = { image: six, otherImage: six };
    const filters = await compute.compareFilters({ ...both, ...tiles, channel: 3 }, control);
    const maps = await compute.compareMaps({ ...both, ...tiles, ...pictures }, control);
    for (const found of [filters, maps]) {
      assert.deepEqual(found.a.pixels, found.b.pixels);
      assert.equal(found.largest, 0);
      assert.deepEqual(new Set(found.difference?.pixels), new Set([128]));
    }
    const cam = await compute.compareCam(
      {
        ...both,
        question: gradCam(pictures.image, { top: 2 }),
        otherImage: pictures.otherImage,
        difference: "own",
      },
      control,
    );
    assert.equal(cam.pairs.length, 2);
    assert.equal(cam.largestDifference, 0);
    for (const { maps: both, difference } of cam.pairs) {
      assert.ok(both[0]);
      assert.deepEqual(both[0], both[1]);
      assert.deepEqual(new Set(difference), new Set([128]));
    }
  });

  it("numbers: the whole of both layers, or one filter or map of them", async () => {
    const both = { model: epoch("03"), other: epoch("12"), layer: "conv2" };
    const all = await compute.compareNumbers({ ...both, pictures: null, index: null }, control);
    const one = await compute.compareNumbers({ ...both, pictures: null, index: 7 }, control);
    assert.deepEqual(all.shapes, [all.shapes[0], all.shapes[0]]);
    const filters = all.shapes[0][3] ?? 0;
    const wanted = all.difference?.filter((_, i) => i % filters === 7);
    assert.deepEqual(one.difference, wanted);
    const maps = await compute.compareNumbers({ ...both, pictures: [six, six], index: 3 }, control);
    const own = await compute.mapValues(
      { model: epoch("12"), layer: "conv2", image: six, channel: 3, preActivation: false },
      control,
    );
    assert.deepEqual(maps.values[1], own.values);
    await assert.rejects(
      Promise.resolve(compute.compareNumbers({ ...both, pictures: null, index: 99 }, control)),
      /outside 0\.\.31/,
    );
  });

  it("sides change places: the difference changes its sign", async () => {
    const request = { ...tiles, layer: "conv1", channel: "colour", sort: "index" } as const;
    const [a, b] = [epoch("03"), epoch("12")];
    const there = await compute.compareFilters({ model: a, other: b, ...request }, control);
    const back = await compute.compareFilters({ model: b, other: a, ...request }, control);
    assert.deepEqual(there.a.pixels, back.b.pixels);
    assert.equal(there.largest, back.largest);
    const [pixels, negative] = [there.difference?.pixels ?? [], back.difference?.pixels ?? []];
    // 128 is the middle; a half may be rounded to either side
    pixels.forEach((value, i) => assert.ok(Math.abs(value - 128 + (negative[i] ?? 0) - 128) <= 1));
  });

  it("two pictures of one model, and what the two sides say of them", async () => {
    const both = { model: epoch("12"), other: epoch("12"), image: six, otherImage: other };
    const found = await compute.comparePredictions({ ...both, ...WHOLE, top: 10 }, control);
    const [a, b] = [
      await compute.predict({ model: epoch("12"), image: six, top: 10 }, control),
      await compute.predict({ model: epoch("12"), image: other, top: 10 }, control),
    ];
    assert.equal(found.agree, false);
    for (const [x, y] of found.classes) {
      const at = x?.index ?? -1;
      const of = (side: typeof a) => side.classes.find(({ index }) => index === at);
      assert.deepEqual([x, y], [of(a), of(b)]);
    }
    const apart = found.classes.reduce(
      (sum, [x, y]) => sum + Math.abs((x?.probability ?? 0) - (y?.probability ?? 0)),
      0,
    );
    assert.ok(Math.abs((found.distance ?? 0) - apart / 2) < 1e-12);
    const [left, right] = await compute.comparePictures(both, control);
    assert.notDeepEqual(left.rgba, right.rgba);
  });

  it("on both engines alike", async function () {
    if (!nativeStatus().ready) this.skip();
    const found = [];
    for (const engine of ["native", "wasm"] as const) {
      const own = createCompute();
      await own.configure({ engine, memoryBudgetBytes: 2 ** 28 }, control);
      const both = { model: epoch("03"), other: epoch("12"), image: six, otherImage: six };
      const maps = await own.compareMaps({ ...both, ...tiles, layer: "conv3" }, control);
      const question = gradCam(six, [classTarget(6)]);
      const cam = await own.compareCam({ ...both, question, difference: "own" }, control);
      assert.deepEqual([maps.engine, cam.engine], [engine, engine]);
      found.push({ maps, cam });
    }
    const [a, b] = found;
    assert.ok(a && b);
    const near = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-4 * Math.abs(y);
    assert.ok(near(a.maps.relative ?? NaN, b.maps.relative ?? NaN));
    assert.ok(near(a.maps.largest, b.maps.largest));
    assert.ok(near(a.cam.sides[0].scaleMax, b.cam.sides[0].scaleMax));
    assert.ok(near(a.cam.largestDifference, b.cam.largestDifference));
  });

  it("a layer that the other has not is refused in words", async () => {
    const lite0 = fileURLToPath(new URL("../../samples/efficientnet-lite0.h5", import.meta.url));
    const request = { ...tiles, layer: "stem_conv", channel: 0 } as const;
    await assert.rejects(
      Promise.resolve(
        compute.compareFilters(
          { model: lite0, other: modelFile("heads/missing.h5"), ...request },
          control,
        ),
      ),
      /missing\.h5/,
    );
  });

  it("an animation over checkpoints, and one of pictures", async () => {
    const checkpoints = ["00", "06", "12"].map((step) => ({
      path: epoch(step),
      step: Number(step),
    }));
    for (const of of [
      { kind: "filters", layer: "conv1" },
      { kind: "maps", layer: "conv2", image: six },
      { kind: "cam", layer: "auto", image: six, classIndex: 6 },
    ] as const) {
      const seen: number[] = [];
      const told = { ...control, progress: ({ fraction }: Progress) => seen.push(fraction ?? 0) };
      const gif = await compute.animate({ checkpoints, of, keep: [] }, told);
      assert.equal(Buffer.from(gif.subarray(0, 6)).toString(), "GIF89a");
      assert.deepEqual(seen, [1 / 3, 2 / 3, 1]);
    }
    const stopped = { ...control, signal: AbortSignal.abort() };
    const of = { kind: "filters", layer: "conv1" } as const;
    await assert.rejects(
      Promise.resolve(compute.animate({ checkpoints, of, keep: [] }, stopped)),
      /Cancelled/,
    );
    const bad = { width: 2, height: 2, frames: [{ rgb: new Uint8Array(3), step: 1 }] };
    await assert.rejects(
      Promise.resolve().then(() => compute.gif(bad, control)),
      /pictures of one size/,
    );
  });

  it("a report of the panel's model is that of the command line", async () => {
    const request = {
      model: epoch("12"),
      pictures: [six],
      version: "1.2.3",
      asked: PLAIN_REPORT,
    };
    const page = await compute.report(request, control);
    assert.match(page, /by ConvLens 1\.2\.3/);
    assert.match(page, /digit_00_label6\.png/);
    assert.match(page, /Grad-CAM at conv3/);
  });
});

describe("convlens compare", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("two checkpoints and a picture: one JSON document, arrays that subtract, pictures", async () => {
    const out = path.join(folder, "two");
    const asked = ["compare", epoch("03"), epoch("12"), "--image", six, "--out", out];
    const { code, document } = await json(asked);
    assert.equal(code, 0);
    const { layers, onlyInA, agree, cam } = document as {
      layers: LayerPair[];
      onlyInA: string[];
      agree: boolean;
      cam: { layers: string[] };
    };
    const { weights } = pairOf(layers, "conv2");
    assert.ok(Math.abs((weights?.relative ?? 0) - 0.07708867) < 1e-7);
    assert.deepEqual([onlyInA, agree, cam.layers], [[], true, ["conv3", "conv3"]]);
    for (const name of ["kernel", "maps", "heatmap"]) {
      const [a, b, difference] = await Promise.all(
        ["a", "b", "difference"].map(async (part) => {
          const file = `${name}_${part}.npy`;
          return decodeNpy(await readFile(path.join(out, file)), file);
        }),
      );
      assert.ok(a && b && difference);
      assert.deepEqual(difference.shape, a.shape);
      const wanted = a.data.map((x, i) => Math.fround((b.data[i] ?? 0) - x));
      assert.deepEqual(difference.data, wanted);
    }
    for (const picture of ["filters.png", "maps.png", "cam_6.png"])
      assert.equal((await readFile(path.join(out, picture))).subarray(1, 4).toString(), "PNG");
  });

  it("two pictures of one model", async () => {
    const digit = path.join(digits, "digits.h5");
    const { code, document } = await json(["compare", digit, "--image", six, "--image", other]);
    assert.equal(code, 0);
    assert.equal(document["agree"], false);
    assert.equal(document["layers"], undefined);
  });

  it("says what is missing or too much: usage, input", async () => {
    assert.equal((await json(["compare", epoch("03")])).code, 2);
    assert.equal((await json(["compare", epoch("03"), epoch("04"), epoch("05")])).code, 2);
    assert.equal((await json(["compare", epoch("03"), path.join(folder, "none.h5")])).code, 3);
    const three = ["compare", epoch("03"), "--image", six, "--image", six, "--image", six];
    assert.equal((await json(three)).code, 2);
    assert.equal((await json(["compare", epoch("03"), epoch("12"), "--layer", "conv9"])).code, 2);
  });

  it("maximize --gif: its steps as an animation", async () => {
    const gif = path.join(folder, "steps.gif");
    const asked = ["maximize", epoch("12"), "--layer", "conv1", "--filter", "0,1", "--steps", "5"];
    const { code, document } = await json([...asked, "--gif", gif]);
    assert.deepEqual([code, document["gif"]], [0, gif]);
    const bytes = await readFile(gif);
    assert.equal(bytes.subarray(0, 6).toString(), "GIF89a");
    // a graphic control extension for every frame
    assert.equal(bytes.toString("latin1").split("\x21\xf9\x04").length - 1, 5);
    assert.equal((await json([...asked, "--gif", path.join(folder, "no", "x.gif")])).code, 2);
  });
});

async function json(
  args: readonly string[],
): Promise<{ code: number; document: Record<string, unknown> }> {
  let text = "";
  const streams = { out: (part: string) => void (text += part), err: () => undefined };
  const code = await run([...args, "--json"], streams, new AbortController().signal);
  return { code, document: JSON.parse(text) as Record<string, unknown> };
}
