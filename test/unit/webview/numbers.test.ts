import assert from "node:assert/strict";
import { NAMED_SCALINGS } from "../../../src/base/preprocessing.ts";
import {
  compact,
  formula,
  layerShape,
  num,
  percent,
  shapeText,
  tiny,
} from "../../../webview/common/text/format.ts";
import {
  fromForm,
  RECIPE_TITLES,
  recipeOf,
  toForm,
  type PreprocessingForm,
} from "../../../webview/components/preprocessing/form.ts";
import { agrees, byLargest, channelOf, topChannels } from "../../../webview/common/text/ranking.ts";
import { markedMaps, shownMaps } from "../../../webview/lenses/activations/maps.ts";

const ZERO = NAMED_SCALINGS["0..1"] ?? assert.fail();

describe("numbers in words", () => {
  it("counts, shapes and percentages", () => {
    assert.equal(compact(4652008), "4.65 M");
    assert.equal(compact(864), "864");
    assert.equal(shapeText([null, 112, 112, 32]), "112 × 112 × 32");
    assert.equal(shapeText(null), "?");
    const array = (...shape: number[]) => ({ name: "w", dtype: "float32", shape });
    const kept = {
      ...{ outputShape: null, opaque: null, blockedBy: [] },
      weights: [array(16), array(16, 3, 3, 3), array()],
    };
    assert.equal(layerShape(kept), "16, 16 × 3 × 3 × 3, scalar");
    assert.equal(layerShape(kept, "largest"), "16 × 3 × 3 × 3");
    assert.equal(layerShape({ ...kept, opaque: "Lambda" }), "?");
    assert.equal(layerShape({ ...kept, outputShape: [null, 8] }), "8");
    assert.equal(percent(0.3842), "38 %");
    assert.equal(percent(0.0262), "2.6 %");
    assert.equal(percent(0.00001), "< 0.1 %");
    assert.equal(percent(0.9999), "> 99.9 %");
  });

  it("values with a real minus sign and few digits", () => {
    assert.equal(num(-0.5117), "−0.5117");
    assert.equal(num(0), "0");
    assert.equal(num(1.5e-7), "1.50e-7");
    assert.equal(tiny(-0.4231), "−.42");
    assert.equal(tiny(0.999), "1.0");
    assert.equal(tiny(12.7), "13");
  });
});

describe("the preprocessing editor", () => {
  it("knows each named recipe again", () => {
    for (const [name, scaling] of Object.entries(NAMED_SCALINGS)) {
      assert.ok(RECIPE_TITLES[name], `no title for ${name}`);
      assert.equal(recipeOf(toForm({ ...scaling, fit: "crop" })), name);
    }
  });

  it("says the scaling as a formula", () => {
    const lite = NAMED_SCALINGS["lite"];
    assert.ok(lite);
    assert.equal(formula(lite), "(pixel − 127) / 128");
    assert.equal(formula({ scale: 1 / 127.5, mean: [1], std: [1] }), "pixel / 127.5 − 1");
    assert.equal(formula({ scale: 1, mean: [0], std: [1] }), "pixel");
  });

  it("says in one sentence what is wrong", () => {
    const form = {
      order: "rgb",
      scale: "1/255",
      mean: "0",
      std: "1",
      fit: "squash",
      size: null,
    } as const;
    const good = fromForm(form);
    assert.ok(typeof good !== "string");
    assert.equal(good.scale, 1 / 255);
    const wrong = (patch: Partial<PreprocessingForm>): string => {
      const parsed = fromForm({ ...form, ...patch });
      assert.ok(typeof parsed === "string");
      return parsed;
    };
    assert.match(wrong({ scale: "1/0" }), /scale/);
    assert.match(wrong({ mean: "1, 2" }), /mean/);
    assert.match(wrong({ std: "0" }), /std/);
    assert.match(wrong({ order: "gray", std: "1,1,1" }), /std/);
    for (const size of ["", "0 x 4", "12 x", "9000", "3 x 4 x 5"])
      assert.match(wrong({ size }), /rows x columns/);
  });

  it("asks for rows and columns only where the file leaves them free", () => {
    const known = fromForm({ ...toForm({ ...ZERO, fit: "crop" }) });
    assert.ok(typeof known !== "string" && known.size === undefined);
    const free = toForm({ ...ZERO, fit: "crop", size: [96, 64] });
    assert.equal(free.size, "96 x 64");
    for (const [size, means] of [
      ["96 x 64", [96, 64]],
      ["128", [128, 128]],
      ["96×64", [96, 64]],
    ] as const) {
      const parsed = fromForm({ ...free, size });
      assert.deepEqual(typeof parsed !== "string" && parsed.size, means);
    }
  });
});

describe("ranking", () => {
  it("orders by the largest and keeps ties in order", () => {
    assert.deepEqual(byLargest([1, 3, 3, 2]), [1, 2, 3, 0]);
  });

  it("takes the channels that make most of a dot product, and sums the rest", () => {
    // [1, 2, 3]: two cells of three channels
    const products = new Float32Array([1, -5, 0.5, 1, -1, 0.25]);
    const { top, others, rest } = topChannels(products, 2, 3, 2);
    assert.deepEqual(top, [
      { channel: 1, sum: -6 },
      { channel: 0, sum: 2 },
    ]);
    assert.equal(others, 1);
    assert.equal(rest, 0.75);
    assert.deepEqual([...channelOf(products, 3, 1)], [-5, -1]);
    assert.equal(topChannels(products, 2, 3, 3).rest, 0);
  });

  it("takes float32 numbers for equal only when they are close", () => {
    assert.ok(agrees(10.22, 10.2205));
    assert.ok(!agrees(10.22, 10.23));
    assert.ok(agrees(0, 1e-8));
    assert.ok(!agrees(0, 1e-3));
  });
});

describe("marked maps", () => {
  const grid = { dead: [1], constant: [1, 3], means: new Float32Array([1, 0, 5, 2]) };

  it("are called dead before constant", () => {
    assert.deepEqual([...markedMaps(grid)].sort(), [
      [1, "dead"],
      [3, "constant"],
    ]);
  });

  it("can be left out or shown alone, in either order", () => {
    assert.deepEqual(shownMaps(grid, "all", "mean"), [2, 3, 0, 1]);
    assert.deepEqual(shownMaps(grid, "alive", "index"), [0, 2]);
    assert.deepEqual(shownMaps(grid, "marked", "index"), [1, 3]);
  });
});
