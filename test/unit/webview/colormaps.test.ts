import assert from "node:assert/strict";
import {
  COLORMAP_NAMES,
  colormap,
  gradientOf,
  toRgba,
} from "../../../webview/common/drawing/colormaps.ts";

const at = (name: (typeof COLORMAP_NAMES)[number], i: number): number[] =>
  Array.from(colormap(name).subarray(i * 3, i * 3 + 3));

describe("colour maps", () => {
  it("have 256 colours each, and are made once", () => {
    for (const name of COLORMAP_NAMES) {
      assert.equal(colormap(name).length, 768);
      assert.equal(colormap(name), colormap(name));
    }
  });

  it("begin, pass and end where the published ones do", () => {
    assert.deepEqual(at("viridis", 0), [0x44, 0x01, 0x54]);
    assert.deepEqual(at("viridis", 255), [0xfd, 0xe7, 0x25]);
    assert.deepEqual(at("inferno", 255), [0xfc, 0xff, 0xa4]);
    assert.deepEqual(at("gray", 128), [128, 128, 128]);
    // Matplotlib's viridis at its middle is (33, 145, 140)
    at("viridis", 128).forEach((value, i) => {
      assert.ok(Math.abs(value - ([33, 145, 140][i] ?? 0)) <= 3, `channel ${i} is ${value}`);
    });
  });

  it("diverging: blue below, near white at zero, red above", () => {
    const [low, middle, high] = [at("diverging", 20), at("diverging", 128), at("diverging", 235)];
    assert.ok((low[2] ?? 0) > (low[0] ?? 255));
    assert.ok((high[0] ?? 0) > (high[2] ?? 255));
    assert.ok(Math.min(...middle) > 235);
  });

  it("turbo is dark blue, green, dark red", () => {
    const [low, middle, high] = [at("turbo", 20), at("turbo", 128), at("turbo", 250)];
    assert.equal(low.indexOf(Math.max(...low)), 2);
    assert.equal(middle.indexOf(Math.max(...middle)), 1);
    assert.equal(high.indexOf(Math.max(...high)), 0);
  });

  it("gradients for the legend name their ends", () => {
    assert.match(
      gradientOf("gray"),
      /^linear-gradient\(90deg, rgb\(0 0 0\), .*rgb\(255 255 255\)\)$/,
    );
  });

  it("turns one channel and three channels into RGBA", () => {
    const gray = toRgba(new Uint8Array([9, 0, 255]), 1, 2, 1, colormap("gray"));
    assert.deepEqual([...gray], [0, 0, 0, 255, 255, 255, 255, 255]);
    const rgb = toRgba(new Uint8Array([1, 2, 3, 4, 5, 6]), 3, 1, 3, colormap("gray"));
    assert.deepEqual([...rgb], [4, 5, 6, 255]);
  });
});
