/** Comparisons: what equals itself differs by nothing, and two checkpoints differ by what NumPy says. */
import assert from "node:assert/strict";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createCompute } from "../../src/compute/compute.ts";
import type { DiffRow, LayerPair } from "../../src/shared/contract/compare.ts";
import { model as modelFile } from "./support.ts";

const digits = fileURLToPath(new URL("../../samples/digits/", import.meta.url));
const epoch = (number: string): string => path.join(digits, "checkpoints", `epoch_${number}.h5`);
const six = path.join(digits, "pictures", "digit_00_label6.png");
const other = path.join(digits, "pictures", "digit_04_label4.png");
const tiles = { difference: "own", sort: "change", first: 0, count: 64 } as const;

describe("comparing", () => {
  const compute = createCompute();
  const control = { signal: new AbortController().signal, progress: () => undefined };
  const isPair = (row: DiffRow): row is LayerPair => "by" in row;
  const pairOf = (rows: readonly DiffRow[], name: string): LayerPair =>
    rows.filter(isPair).find(({ a }) => a === name) ?? assert.fail(`no pair of ${name}`);

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
        ...pictures,
        layer: "auto",
        classes: { top: 2 },
        method: "grad-cam",
        difference: "own",
      },
      control,
    );
    assert.equal(cam.pairs.length, 2);
    assert.equal(cam.largestDifference, 0);
    for (const { heatmaps, difference } of cam.pairs) {
      assert.deepEqual(heatmaps[0], heatmaps[1]);
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
    const found = await compute.comparePredictions({ ...both, top: 10 }, control);
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
});
