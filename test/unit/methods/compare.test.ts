import assert from "node:assert/strict";
import {
  comparedTiles,
  pairClasses,
  topPairs,
  totalVariation,
} from "../../../src/methods/compare/index.ts";
import { matchLayers } from "../../../src/methods/compare/match.ts";
import { kernelNumbers, mapNumbers } from "../../../src/session/compare/comparing.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { floats } from "../../../src/base/tensor.ts";

/** `name:op` or `name:op:weights`, such as `conv1:conv:3x3x3x8`. */
function layers(...texts: readonly string[]): LayerSummary[] {
  return texts.map((text) => {
    const [name = "", op = "other", weights = "", alias] = text.split(":");
    const className = { conv: "Conv2D", activation: "ReLU", dense: "Dense" }[op] ?? "Layer";
    const shape = weights.split("x").map(Number);
    return {
      ...{ name, className, op: op as LayerSummary["op"], inputs: [], params: 0, macs: 0 },
      ...{ outputShape: null, mapShape: null, receptiveField: null, source: null, note: null },
      weights: weights === "" ? [] : [{ name: "kernel", shape, dtype: "float32" }],
      ...{
        hasKernel: op === "conv",
        pictures: ["x"],
        spatial: true,
        activated: false,
        rectified: false,
        opaque: null,
        blockedBy: [],
      },
      aliases: alias === undefined ? [] : [alias],
    };
  });
}
const pairs = (a: LayerSummary[], b: LayerSummary[]): string[] =>
  matchLayers(a, b).map(({ a: i, b: j, by }) => `${a[i]?.name ?? "?"}=${b[j]?.name ?? "?"} ${by}`);

describe("which layer is which", () => {
  it("by name, wherever it stands", () => {
    const a = layers("first:conv:3x8", "second:conv:3x8");
    const b = layers("second:conv:3x8", "new:activation", "first:conv:3x8");
    assert.deepEqual(pairs(a, b), ["first=first name", "second=second name"]);
  });

  it("by another name that a layer goes by", () => {
    const a = layers("conv1:conv:3x8");
    const b = layers("/net/conv1/Conv:conv:3x8:conv1");
    assert.deepEqual(pairs(a, b), ["conv1=/net/conv1/Conv name"]);
  });

  it("else by order and shape: what was inserted or taken out stays alone", () => {
    const a = layers("a1:conv:3x8", "a2:activation", "a3:conv:8x16", "a4:dense:16x10");
    const b = layers(
      "b1:conv:3x8",
      "b2:activation",
      "bx:conv:8x8",
      "b3:conv:8x16",
      "b4:dense:16x10",
    );
    assert.deepEqual(pairs(a, b), ["a1=b1 order", "a2=b2 order", "a3=b3 order", "a4=b4 order"]);
    assert.deepEqual(pairs(b, a), ["b1=a1 order", "b2=a2 order", "b3=a3 order", "b4=a4 order"]);
  });

  it("layers of equal names are anchors for those between them", () => {
    const a = layers("conv1:conv:3x8", "ra:activation", "conv2:conv:8x8", "rb:activation");
    const b = layers("conv1:conv:3x8", "conv2:conv:8x8", "rc:activation");
    assert.deepEqual(pairs(a, b), ["conv1=conv1 name", "conv2=conv2 name", "rb=rc order"]);
  });

  it("numbers that Keras gives are no names: they shift", () => {
    const a = layers("conv2d:conv:3x8", "conv2d_1:conv:8x16", "conv2d_2:conv:16x32");
    const b = layers("conv2d_1:conv:3x8", "conv2d_2:conv:8x16", "conv2d_3:conv:16x32");
    assert.deepEqual(pairs(a, b), [
      "conv2d=conv2d_1 order",
      "conv2d_1=conv2d_2 order",
      "conv2d_2=conv2d_3 order",
    ]);
    assert.deepEqual(
      pairs(a, a),
      a.map(({ name }) => `${name}=${name} name`),
    );
  });

  it("of another kind is another layer, and nothing matches nothing", () => {
    assert.deepEqual(pairs(layers("a:conv:3x8"), layers("b:dense:3x8")), []);
    assert.deepEqual(pairs([], layers("b:dense:3x8")), []);
  });
});

describe("tiles of two, on one scale", () => {
  const request = { layer: "x", difference: "own", sort: "change", first: 0, count: 9 } as const;
  // 1 x 2 kernels of one input channel, three filters
  const kernel = (...rows: number[]) =>
    kernelNumbers(floats([1, 2, 1, rows.length / 2], Float32Array.from(rows)), 0);

  it("equal ones have no difference, drawn as the middle of the scale", () => {
    const one = kernel(1, -2, 0, 3, 1, 0);
    const found = comparedTiles(one, one, request, true);
    assert.deepEqual([found.largest, found.relative, found.note], [0, 0, null]);
    assert.deepEqual([...(found.change ?? [])], [0, 0, 0]);
    assert.deepEqual(new Set(found.difference?.pixels), new Set([128]));
    assert.deepEqual(found.range, [-3, 3]);
    assert.deepEqual(found.a.pixels, found.b.pixels);
  });

  it("the largest change first, as a share of what was there", () => {
    // filters are columns: (1, 2), (2, 0), (0, 1) against (1, 2), (2, 1), (0, 3)
    const found = comparedTiles(kernel(1, 2, 0, 2, 0, 1), kernel(1, 2, 0, 2, 1, 3), request, true);
    assert.deepEqual(found.indices, [2, 1, 0]);
    // of the root mean square of 5, 4 and 1
    const usual = Math.sqrt(10 / 3);
    [0, 1, 2].forEach((distance, i) => {
      assert.ok(Math.abs((found.change?.[i] ?? NaN) - distance / usual) < 1e-6);
    });
    assert.equal(found.largest, 2);
    assert.equal(found.magnitude, 2);
    assert.ok(Math.abs((found.relative ?? 0) - Math.sqrt(5 / 10)) < 1e-6);
    // + 2 is the end of its own scale; on the scale of the filters, ± 3, it is two thirds
    assert.deepEqual([...(found.difference?.pixels.subarray(0, 2) ?? [])], [128, 255]);
    const same = comparedTiles(
      kernel(1, 2, 0, 2, 0, 1),
      kernel(1, 2, 0, 2, 1, 3),
      { ...request, difference: "same" },
      true,
    );
    assert.equal(same.magnitude, 3);
    assert.deepEqual([...(same.difference?.pixels.subarray(0, 2) ?? [])], [128, 213]);
  });

  it("maps of other sizes stand side by side without a difference, and it is said", () => {
    const maps = (side: number) =>
      mapNumbers(floats([side, side, 2], new Float32Array(side * side * 2).fill(side)));
    const found = comparedTiles(maps(2), maps(3), request, false);
    assert.equal(found.difference, null);
    assert.equal(found.change, null);
    assert.match(found.note ?? "", /A's are 2 × 2, B's are 3 × 3/);
    assert.deepEqual([found.a.width, found.b.width, found.range[0], found.range[1]], [2, 3, 2, 3]);
  });

  it("where one has more filters, those that both have are compared", () => {
    const found = comparedTiles(kernel(1, 2, 3, 4, 5, 6), kernel(1, 2, 4, 5), request, true);
    assert.equal(found.total, 2);
    assert.deepEqual([...(found.change ?? [])], [0, 0]);
  });
});

describe("classes of two", () => {
  const score = (index: number, label: string | null, probability: number | null) => ({
    ...{ index, label, probability, logit: Math.log(probability ?? 1) },
  });

  it("by number where both have as many, else by label; the rest stands alone", () => {
    const a = [score(0, "cat", 0.75), score(1, "dog", 0.25)];
    const b = [score(0, "dog", 0.5), score(1, "fox", 0.25), score(2, "cat", 0.25)];
    assert.deepEqual(
      pairClasses(a, b).map(([x, y]) => [x?.index, y?.index]),
      [
        [0, 2],
        [1, 0],
        [undefined, 1],
      ],
    );
    assert.equal(totalVariation(pairClasses(a, b)), 0.5);
    assert.deepEqual(
      topPairs(pairClasses(a, b), 2).map(([x]) => x?.label),
      ["cat", "dog"],
    );
    assert.equal(totalVariation(pairClasses(a, a)), 0);
    assert.equal(totalVariation([[score(0, null, null), null]]), null);
  });
});
