import assert from "node:assert/strict";
import { receptiveFields } from "../../../src/methods/inspect/receptive-field.ts";
import { seenBy } from "../../../src/methods/inspect/exact-receptive-field.ts";
import { GraphBuilder, type NodeId, type Padding, type Pair } from "../../../src/graph/index.ts";
import { floats } from "../../../src/base/tensor.ts";

class Net extends GraphBuilder {
  get graph() {
    const { nodes } = this;
    const inputs = nodes
      .filter(({ op }) => op === "input")
      .map(({ id, shape, dtype }) => ({ name: id, node: id, shape, dtype }));
    return { nodes, inputs };
  }
  conv(x: NodeId, kernel: Pair, strides: Pair, padding: Padding, dilations: Pair = [1, 1]): NodeId {
    const channels = this.shape(x)[3] ?? 1;
    const shape = [...kernel, channels, 4];
    const k = this.constant(floats(shape, new Float32Array(kernel[0] * kernel[1] * channels * 4)));
    return this.add("conv2d", "conv", [x, k], { strides, padding, dilations });
  }
  pool(x: NodeId, window: Pair, strides: Pair): NodeId {
    return this.add("maxPool", "pool", [x], { window, strides, padding: "valid" });
  }
}

describe("receptive fields", () => {
  it("VGG's: 3 x 3 convolutions and 2 x 2 pools grow as in the literature", () => {
    const net = new Net();
    const x = net.input("x", [null, 224, 224, 3]);
    let at = x;
    const sizes: number[] = [];
    for (const count of [2, 2, 3, 3, 3]) {
      for (let i = 0; i < count; i++) at = net.conv(at, [3, 3], [1, 1], "same");
      at = net.pool(at, [2, 2], [2, 2]);
      sizes.push(receptiveFields(net.graph).get(at)?.size[0] ?? 0);
    }
    assert.deepEqual(sizes, [6, 16, 44, 100, 212]);
    assert.equal(receptiveFields(net.graph).get(at)?.stride[0], 32);
  });

  it("forwards and backwards agree on strided, dilated, padded and residual paths", () => {
    const net = new Net();
    const x = net.input("x", [null, 41, 33, 3]);
    const a = net.conv(x, [5, 3], [2, 1], "same");
    const padded = net.add("pad", "pad", [a], {
      paddings: [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ],
      value: 0,
    });
    const b = net.conv(padded, [3, 3], [2, 2], "valid", [2, 1]);
    const c = net.conv(b, [1, 1], [1, 1], "valid");
    const d = net.conv(b, [3, 3], [1, 1], [1, 1, 1, 1]);
    const sum = net.add("add", "sum", [c, d]);
    const fields = receptiveFields(net.graph);
    for (const id of [a, b, c, d, sum]) {
      const field = fields.get(id);
      assert.ok(field);
      for (const cell of [
        [0, 0],
        [2, 3],
        [5, 7],
      ] as const) {
        const seen = seenBy(net.nodes, id, cell, x);
        assert.ok(seen);
        for (const i of [0, 1] as const) {
          const start: number = field.start[i] + cell[i] * field.stride[i];
          assert.deepEqual(
            seen[i],
            [start, start + field.size[i] - 1],
            `${id} ${cell.join()} axis ${i}`,
          );
        }
      }
    }
  });

  it("squeeze and excitation makes every cell see the whole picture", () => {
    const net = new Net();
    const x = net.input("x", [null, 16, 16, 3]);
    const a = net.conv(x, [3, 3], [1, 1], "same");
    const squeezed = net.add("mean", "squeeze", [a], { axes: [1, 2], keepDims: true });
    const gated = net.add("mul", "gated", [a, squeezed]);
    const field = receptiveFields(net.graph).get(gated);
    assert.deepEqual(field, { size: [16, 16], stride: [0, 0], start: [0, 0] });
    const seen = seenBy(net.nodes, gated, [3, 3], x);
    // the convolution's padding is part of what is read
    assert.deepEqual(seen, [
      [-1, 16],
      [-1, 16],
    ]);
  });

  it("a transposed convolution and a bilinear resize are exact per cell", () => {
    const net = new Net();
    const x = net.input("x", [null, 8, 8, 1]);
    const kernel = net.constant(floats([3, 3, 2, 1], new Float32Array(18)));
    const up = net.add("conv2dInputGrad", "up", [x, kernel], {
      strides: [2, 2],
      padding: "same",
      dilations: [1, 1],
      inputSize: [16, 16, 2],
    });
    // the forward convolution it transposes has no zeros in front: output i sees 2 i .. 2 i + 2
    assert.deepEqual(seenBy(net.nodes, up, [4, 5], x), [
      [1, 2],
      [2, 2],
    ]);
    assert.deepEqual(seenBy(net.nodes, up, [6, 6], x)?.[0], [2, 3]);
    const big = net.add("resizeBilinear", "big", [x], { size: [16, 16], centres: "half-pixel" });
    assert.deepEqual(seenBy(net.nodes, big, [4, 0], x), [
      [1, 2],
      [0, 0],
    ]);
  });

  it("channels-first models are followed through their transposes", () => {
    const net = new Net();
    const x = net.input("x", [null, 16, 16, 3]);
    const a = net.conv(x, [3, 3], [2, 2], "valid");
    const nchw = net.add("transpose", "nchw", [a], { perm: [0, 3, 1, 2] });
    const act = net.add("relu", "act", [nchw]);
    const nhwc = net.add("transpose", "nhwc", [act], { perm: [0, 2, 3, 1] });
    const field = receptiveFields(net.graph).get(nhwc);
    assert.deepEqual(field, { size: [3, 3], stride: [2, 2], start: [0, 0] });
    assert.deepEqual(seenBy(net.nodes, nhwc, [2, 1], x), [
      [4, 6],
      [2, 4],
    ]);
  });
});
