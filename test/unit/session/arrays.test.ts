import assert from "node:assert/strict";
import { floats } from "../../../src/base/tensor.ts";
import type { InputQuantization, TensorSpec } from "../../../src/graph/index.ts";
import { conform } from "../../../src/session/run/arrays.ts";

const uint8: InputQuantization = { least: 0, most: 255, scale: 1 / 255, zero: 0 };
const int8: InputQuantization = { least: -128, most: 127, scale: 1 / 64, zero: -64 };

/** What four numbers become for an input of 1 x 2 x 2 pictures with one channel. */
function fed(data: readonly number[], quantized: InputQuantization | undefined): number[] {
  const spec: TensorSpec = {
    ...{ name: "x", node: "x", shape: [null, 2, 2, 1], dtype: "float32" },
    ...(quantized && { quantized }),
  };
  return [...conform(floats([2, 2, 1], Float32Array.from(data)), spec, "x.npy").data];
}
const near = (found: readonly number[], wanted: readonly number[]): void => {
  wanted.forEach((number, i) => {
    assert.ok(Math.abs((found[i] ?? NaN) - number) < 1e-6, `${found.join()} for ${wanted.join()}`);
  });
};

describe("an array of another size", () => {
  it("is refused with the size that takes it, where the file leaves its size free", () => {
    const spec: TensorSpec = {
      ...{ name: "x", node: "x", shape: [null, 2, 2, 1], dtype: "float32", freeSize: true },
    };
    const array = floats([1, 3, 4, 1], new Float32Array(12));
    assert.throws(() => conform(array, spec, "x.npy"), /--size 3x4/);
  });
});

describe("arrays for a network of whole numbers", () => {
  it("stand for real numbers where they are whole, and beyond the real ones", () => {
    near(fed([0, 51, 255, 102], uint8), [0, 0.2, 1, 0.4]);
    near(fed([-128, -64, 0, 127], int8), [-1, 0, 1, 191 / 64]);
  });
  it("are real numbers where they may be", () => {
    near(fed([0, 1, 1, 0], uint8), [0, 1, 1, 0]);
    near(fed([0, 0.25, 0.5, 1], uint8), [0, 0.25, 0.5, 1]);
    near(fed([-0.5, 2.9, 0, 1], int8), [-0.5, 2.9, 0, 1]);
  });
  it("stay as they are for every other network, and where they are neither", () => {
    near(fed([0, 51, 255, 102], undefined), [0, 51, 255, 102]);
    near(fed([0, 51, 255.5, 102], uint8), [0, 51, 255.5, 102]);
    near(fed([0, 51, 300, 102], uint8), [0, 51, 300, 102]);
  });
});
