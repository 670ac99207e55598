import assert from "node:assert/strict";
import {
  arrangeKernel,
  arrangeVolume,
  drawFilters,
  filterStatistics,
  filterValues,
  nearZero,
} from "../../../src/methods/filters/index.ts";
import { pickFilters } from "../../../src/session/filters/kernels.ts";
import type { FiltersRequest } from "../../../src/shared/contract/lenses.ts";
import type { Layer, WeightInfo } from "../../../src/graph/index.ts";
import { floats } from "../../../src/base/tensor.ts";

const layerOf = (className: string): Layer => ({
  name: "c",
  className,
  nodes: [],
  output: null,
  preActivation: null,
  inputs: [],
  weights: [],
  opaque: null,
});
const weightOf = (name: string, shape: number[]): WeightInfo => ({
  name,
  ref: "r",
  shape,
  storedDType: "float32",
  trainable: true,
});
const counting = (shape: number[]): ReturnType<typeof floats> =>
  floats(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
  );
const request = (extra: Partial<FiltersRequest>): FiltersRequest => ({
  layer: "c",
  scale: "filter",
  view: "colour",
  first: 0,
  count: 99,
  ...extra,
});

describe("filters", () => {
  const stored = counting([1, 2, 3, 2]);
  const kernel = arrangeKernel(layerOf("Conv2D"), weightOf("kernel", [1, 2, 3, 2]), stored);
  const filters = { stored, kernel, bias: floats([2], Float32Array.of(7, 8)) };

  it("a three-channel kernel is drawn in colour, each filter on its own scale", () => {
    const { tiles } = drawFilters(filters, request({}));
    assert.deepEqual([tiles.count, tiles.width, tiles.height, tiles.channels], [2, 2, 1, 3]);
    // filter 0 holds 0, 2, 4, 6, 8, 10; filter 1 holds 1, 3, ... 11: the same pixels on their own scales
    const wanted = [0, 2, 4, 6, 8, 10].map((v) => Math.round((v / 10) * 255));
    assert.deepEqual([...tiles.pixels], [...wanted, ...wanted]);
    assert.deepEqual([...tiles.ranges], [0, 10, 1, 11]);
  });

  it("one scale for the layer", () => {
    const { tiles } = drawFilters(filters, request({ scale: "layer", first: 1, count: 1 }));
    assert.deepEqual(
      [...tiles.pixels],
      [1, 3, 5, 7, 9, 11].map((v) => Math.round((v / 11) * 255)),
    );
    assert.deepEqual([tiles.first, tiles.total], [1, 2]);
  });

  it("signed: zero is 128, the largest magnitude reaches an end", () => {
    const data = Float32Array.of(-4, 0, 2);
    const signed = {
      stored: floats([1, 3, 1, 1], data),
      kernel: { shape: [1, 3, 1, 1], data } as const,
      bias: null,
    };
    const { tiles } = drawFilters(signed, request({ scale: "signed", view: { channel: 0 } }));
    assert.deepEqual([...tiles.pixels], [1, 128, Math.round(128 + 63.5)]);
  });

  it("one channel of all filters, all channels of one filter", () => {
    const channel = drawFilters(filters, request({ view: { channel: 2 }, scale: "layer" }));
    assert.deepEqual([...channel.tiles.ranges], [4, 10, 5, 11]);
    const one = drawFilters(filters, request({ view: { filter: 1 }, scale: "layer" }));
    assert.deepEqual([...one.tiles.ranges], [1, 7, 3, 9, 5, 11]);
    assert.throws(() => drawFilters(filters, request({ view: { channel: 3 } })), /outside 0\.\.2/);
  });

  it("three slices of a volume are no colours: each is a picture, with its own numbers", () => {
    // [depth 3, rows 1, columns 2, channels 1, filters 2]: cell (z, x) of filter f holds 4 z + 2 x + f
    const boxes = counting([3, 1, 2, 1, 2]);
    const arranged = arrangeVolume(boxes);
    assert.deepEqual(arranged.shape, [1, 2, 3, 2]);
    const volume = { stored: boxes, kernel: arranged, bias: null };
    const { view, tiles } = drawFilters(volume, request({ scale: "layer" }));
    assert.deepEqual([view, tiles.channels, [...tiles.ranges]], [{ channel: 0 }, 1, [0, 2, 1, 3]]);
    const slices = drawFilters(volume, request({ view: { filter: 1 }, scale: "layer" }));
    assert.deepEqual([...slices.tiles.ranges], [1, 3, 5, 7, 9, 11]);
    const picked = pickFilters(volume, [1]).kernel;
    assert.deepEqual(
      [picked.shape, [...picked.data]],
      [
        [3, 1, 2, 1, 1],
        [1, 3, 5, 7, 9, 11],
      ],
    );
  });

  it("colour falls back to a channel, and says so", () => {
    const data = new Float32Array(8);
    const deep = {
      stored: floats([1, 1, 4, 2], data),
      kernel: { shape: [1, 1, 4, 2], data } as const,
      bias: null,
    };
    const grid = drawFilters(deep, request({}));
    assert.deepEqual(grid.view, { channel: 0 });
    assert.ok(
      grid.tiles.pixels.every((pixel) => pixel === 128),
      "constant tiles are mid-gray",
    );
  });

  it("depthwise and transposed kernels are brought to [h, w, in, filters]", () => {
    const depthwise = arrangeKernel(
      layerOf("DepthwiseConv2D"),
      weightOf("depthwise_kernel", [1, 1, 3, 2]),
      counting([1, 1, 3, 2]),
    );
    assert.deepEqual(depthwise.shape, [1, 1, 1, 6]);
    const transposed = arrangeKernel(
      layerOf("Conv2DTranspose"),
      weightOf("kernel", [1, 1, 2, 3]),
      counting([1, 1, 2, 3]),
    );
    assert.deepEqual(transposed.shape, [1, 1, 3, 2]);
    assert.deepEqual([...transposed.data], [0, 3, 1, 4, 2, 5]);
  });

  it("norms, sparsity and the numbers of one filter", () => {
    const data = Float32Array.of(3, 0, 4, 0);
    const { norms, sparsity, means } = filterStatistics({ shape: [1, 2, 1, 2], data });
    assert.deepEqual([...norms], [5, 0]);
    assert.deepEqual([...sparsity], [0, 1]);
    assert.deepEqual([...means], [3.5, 0]);
    const values = filterValues(filters, "c", 1);
    assert.deepEqual([...values.kernel], [1, 3, 5, 7, 9, 11]);
    assert.equal(values.bias, 8);
    assert.throws(() => filterValues(filters, "c", 2), /outside 0\.\.1/);
  });
});

describe("filters that are nothing beside their layer", () => {
  it("have a thousandth of the median norm, or none at all", () => {
    assert.deepEqual(nearZero(Float32Array.of(1, 0, 2, 9e-4, 3)), [1, 3]);
    assert.deepEqual(nearZero(Float32Array.of(1e-6, 2e-6, 1.5e-6)), [], "all are as small");
    assert.deepEqual(nearZero(Float32Array.of(0, 0, 0, 1)), [0, 1, 2]);
    assert.deepEqual(nearZero(new Float32Array(0)), []);
  });

  it("are said by the grid with the layer's own extent", () => {
    const kernel = arrangeKernel(
      layerOf("Conv2D"),
      weightOf("kernel", [1, 1, 1, 4]),
      floats([1, 1, 1, 4], Float32Array.of(2, -1e-8, -3, 1)),
    );
    const grid = drawFilters(
      { stored: floats([1, 1, 1, 4], kernel.data), kernel, bias: null },
      request({}),
    );
    assert.deepEqual(grid.nearZero, [1]);
    assert.deepEqual(grid.extent, { min: -3, max: 2 });
  });
});
