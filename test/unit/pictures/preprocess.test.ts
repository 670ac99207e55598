import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  fitRegion,
  held,
  modelView,
  parsePreprocess,
  resizeBilinear,
  thumbnail,
  toInput,
  type Picture,
} from "../../../src/pictures/index.ts";
import {
  NAMED_SCALINGS,
  type Preprocessing,
  type Resizing,
} from "../../../src/base/preprocessing.ts";

const raster = (width: number, height: number, data: number[]) => ({
  ...{ width, height, data },
  channels: 1,
});
const picture = (width: number, height: number, rgb: number[]): Picture =>
  held({ width, height, rgb: Uint8Array.from(rgb), notes: [] });
const how = (changes: Partial<Preprocessing>): Preprocessing => ({
  ...{ order: "rgb", scale: 1, mean: [0], std: [1], fit: "squash", source: "user", why: "" },
  ...changes,
});
const near = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs((actual[i] ?? NaN) - value) < 1e-5, `${i}: ${actual[i]} is not ${value}`);
};

describe("resizeBilinear", () => {
  it("uses half-pixel centres and repeats the edges", () => {
    near(resizeBilinear(raster(2, 1, [0, 1]), [1, 4]).data, [0, 0.25, 0.75, 1]);
    near(resizeBilinear(raster(4, 1, [0, 1, 2, 3]), [1, 2]).data, [0.5, 2.5]);
    near(resizeBilinear(raster(1, 3, [3, 6, 9]), [2, 1]).data, [3.75, 8.25]);
  });

  it("does not smooth when it shrinks (as tf.image.resize)", () => {
    near(resizeBilinear(raster(8, 1, [0, 0, 0, 8, 16, 0, 0, 0]), [1, 2]).data, [0, 0]);
  });

  it("is the identity at the same size and separable in two axes", () => {
    const data = [1, 2, 3, 4, 5, 6];
    near(resizeBilinear(raster(3, 2, data), [2, 3]).data, data);
    near(
      resizeBilinear(raster(2, 2, [0, 4, 8, 12]), [4, 4]).data,
      [0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12],
    );
  });
});

describe("fitRegion", () => {
  it("crops the largest centred rectangle of the input's aspect", () => {
    const cat = { width: 451, height: 300 };
    assert.deepEqual(fitRegion(cat, [224, 224], "crop"), { x: 75, y: 0, width: 300, height: 300 });
    const wide = fitRegion({ width: 100, height: 100 }, [50, 100], "crop");
    assert.deepEqual(wide, { x: 0, y: 25, width: 100, height: 50 });
    assert.deepEqual(fitRegion(cat, [224, 224], "squash"), { x: 0, y: 0, ...cat });
  });
});

describe("toInput", () => {
  const two = picture(2, 1, [10, 20, 30, 40, 50, 60]);

  it("scales, subtracts and divides per channel, in the network's order", async () => {
    const bgr = how({ order: "bgr", scale: 2, mean: [1, 2, 3], std: [1, 2, 4] });
    const tensor = await toInput(two, bgr, [1, 2, 3]);
    assert.deepEqual(tensor.shape, [1, 1, 2, 3]);
    near(tensor.data, [59, 19, 4.25, 119, 49, 19.25]);
  });

  it("gives gray networks ITU-R 601 luma", async () => {
    near((await toInput(two, how({}), [1, 2, 1])).data, [18.15, 48.15]);
    near(
      (await toInput(two, how({ order: "gray" }), [1, 2, 3])).data.slice(0, 3),
      [18.15, 18.15, 18.15],
    );
  });

  it("crops before it resizes", async () => {
    const four = picture(4, 1, [0, 0, 0, 10, 10, 10, 20, 20, 20, 90, 90, 90]);
    near((await toInput(four, how({}), [1, 2, 1])).data, [5, 55]);
    near((await toInput(four, how({ fit: "crop" }), [1, 1, 1])).data, [10]);
  });

  it("says what to do for other numbers of channels and wrong lists", async () => {
    await assert.rejects(() => toInput(two, how({}), [1, 2, 5]), /5 channels.*--input FILE\.npy/);
    await assert.rejects(
      () => toInput(two, how({ mean: [1, 2] }), [1, 2, 3]),
      /mean has 2 numbers/,
    );
  });
});

describe("modelView and thumbnail", () => {
  it("shows the fitted picture in natural colours", async () => {
    const view = await modelView(
      picture(2, 1, [10, 20, 30, 40, 50, 60]),
      how({ order: "bgr" }),
      [1, 2, 3],
    );
    assert.deepEqual([...view.rgba], [10, 20, 30, 255, 40, 50, 60, 255]);
  });

  it("averages areas and never enlarges", async () => {
    const small = await thumbnail(picture(2, 2, [0, 0, 0, 10, 20, 30, 20, 40, 60, 30, 60, 90]), 1);
    assert.deepEqual([small.width, small.height, ...small.rgba], [1, 1, 15, 30, 45, 255]);
    assert.equal((await thumbnail(picture(2, 1, [1, 2, 3, 4, 5, 6]), 96)).width, 2);
  });
});

describe("parsePreprocess", () => {
  it("reads names, numbers and fractions", () => {
    assert.equal(parsePreprocess("auto"), null);
    assert.deepEqual(parsePreprocess("torch"), NAMED_SCALINGS["torch"]);
    assert.deepEqual(parsePreprocess("lite,fit=squash"), {
      ...NAMED_SCALINGS["lite"],
      fit: "squash",
    });
    assert.deepEqual(parsePreprocess("mean=0.5:0.25:0,std=2,scale=1/255,order=bgr"), {
      ...{ order: "bgr", scale: 1 / 255, mean: [0.5, 0.25, 0], std: [2] },
    });
  });

  it("refuses what it does not understand, with the names", () => {
    assert.throws(() => parsePreprocess("torhc"), /nearest: torch.*caffe/);
    for (const bad of ["mean=", "std=0", "scale=x", "order=xyz", "hue=3", "torch,5"])
      assert.throws(() => parsePreprocess(bad), { kind: "usage" }, bad);
  });
});

describe("pictures resized as Pillow and torchvision do", () => {
  interface Told extends Resizing {
    readonly picture: readonly [number, number];
    readonly input: readonly [number, number];
    readonly levels: readonly number[];
  }
  const told = JSON.parse(
    readFileSync(new URL("../../golden/data/resized.json", import.meta.url), "utf8"),
  ) as readonly Told[];
  for (const { picture, input, levels, fit, cropped, interpolation } of told)
    it(`${picture.join(" x ")} to ${input.join(" x ")}, ${String(cropped)} of ${String(interpolation)}, ${fit}`, async () => {
      const [width, height] = picture;
      const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
        const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
        const steps = Math.floor(x / 5) * Math.floor(y / 7) * 90;
        return (x * 37 + y * 11 + (i % 3) * 70 + steps) % 256;
      });
      const resizing = { ...how({ fit }), cropped, interpolation } as Preprocessing;
      const found = await toInput(held({ width, height, rgb, notes: [] }), resizing, [...input, 3]);
      assert.deepEqual([...found.data], levels);
    });
});
