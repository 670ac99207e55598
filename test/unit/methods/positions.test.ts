/** Which cells are positions of the picture, through all that transformers, Focus stems and decoders do with axes. */
import assert from "node:assert/strict";
import {
  fieldOf,
  GraphBuilder,
  isMap,
  macsOf,
  type NodeId,
  onePicture,
  type Padding,
  positionsOf,
  withMaps,
} from "../../../src/graph/index.ts";
import { homesOf } from "../../../src/graph/homes.ts";
import { seenBy, summariseLayers } from "../../../src/methods/inspect/index.ts";
import { floats, type Shape, sizeOf } from "../../../src/base/tensor.ts";

class Net extends GraphBuilder {
  readonly picture: NodeId;
  constructor(size = 16, channels = 4) {
    super();
    this.picture = this.input("x", [null, size, size, channels]);
  }
  zeros(...shape: number[]): NodeId {
    return this.constant(floats(shape, new Float32Array(sizeOf(shape))));
  }
  conv(x: NodeId, kernel: number, stride = 1, padding: Padding = "same"): NodeId {
    const channels = Number(this.shape(x)[3]);
    const attrs = { strides: [stride, stride], dilations: [1, 1], padding } as const;
    return this.add("conv2d", "conv", [x, this.zeros(kernel, kernel, channels, 4)], attrs);
  }
  reshape(x: NodeId, ...shape: Shape): NodeId {
    return this.add("reshape", "reshape", [x], { shape });
  }
  transpose(x: NodeId, ...perm: number[]): NodeId {
    return this.add("transpose", "transpose", [x], { perm });
  }
  product(a: NodeId, b: NodeId, transposeB = false): NodeId {
    return this.add("matMul", "product", [a, b], { transposeA: false, transposeB });
  }
  place(id: NodeId) {
    const spec = { name: "x", node: this.picture, shape: this.shape(this.picture) };
    const { places, picture } = positionsOf({
      nodes: this.nodes,
      inputs: [{ ...spec, dtype: "float32" }],
    });
    const place = places.get(id);
    assert.ok(place && picture);
    return { maps: isMap(place), field: fieldOf(place, picture) };
  }
}
const field = (size: number, stride: number, start: number) => ({
  size: [size, size],
  stride: [stride, stride],
  start: [start, start],
});

describe("positions of the picture", () => {
  it("a stem that takes every second pixel four times: 6 x 6, stride 2", () => {
    const net = new Net();
    const parts = [0, 1, 2, 3].map((i) =>
      net.add("stridedSlice", "part", [net.picture], {
        begin: [0, i % 2, i >> 1, 0],
        size: [null, 8, 8, 4],
        strides: [1, 2, 2, 1],
      }),
    );
    const y = net.conv(net.add("concat", "both", parts, { axis: 3 }), 3);
    assert.deepEqual(net.place(y), { maps: true, field: field(6, 2, -2) });
    assert.deepEqual(seenBy(net.nodes, y, [4, 5], net.picture), [
      [6, 11],
      [8, 13],
    ]);
  });

  it("rows counted from the other end", () => {
    const net = new Net();
    const y = net.conv(net.add("reverse", "flip", [net.picture], { axes: [1] }), 3);
    assert.deepEqual(net.place(y).field, field(3, 1, -1));
    assert.deepEqual(seenBy(net.nodes, y, [2, 2], net.picture), [
      [12, 14],
      [1, 3],
    ]);
  });

  it("a mean over channels and a product over channels widen nothing, and each position counts", () => {
    const net = new Net();
    const mean = net.add("mean", "mean", [net.picture], { axes: [3], keepDims: true });
    const y = net.conv(net.add("sub", "centred", [net.picture, mean]), 3);
    const rows = net.product(net.reshape(y, null, 4), net.zeros(4, 8));
    const back = net.reshape(rows, null, 16, 16, 8);
    assert.deepEqual(net.place(back), { maps: true, field: field(3, 1, -1) });
    const node = net.get(rows);
    assert.equal(macsOf(onePicture(net.nodes), node), 256 * 4 * 8);
  });

  it("windows are found again after they were cut out, mixed and put together", () => {
    const net = new Net();
    const cut = net.transpose(net.reshape(net.picture, null, 4, 4, 4, 4, 4), 0, 1, 3, 2, 4, 5);
    const windows = net.reshape(cut, null, 16, 4);
    const scores = net.product(windows, windows, true);
    assert.equal(net.place(net.reshape(scores, null, 16, 16, 1)).maps, false);
    const mixed = net.product(net.add("softmax", "softmax", [scores]), windows);
    const apart = net.transpose(net.reshape(mixed, null, 4, 4, 4, 4, 4), 0, 1, 3, 2, 4, 5);
    const whole = net.reshape(apart, null, 16, 16, 4);
    const { maps, field: seen } = net.place(whole);
    assert.equal(maps, true);
    // a window is 4 wide; whichever cell of it is meant, 3 more on either side hold it
    assert.deepEqual(seen, field(7, 1, -3));
    // without windows everything is mixed
    const tokens = net.reshape(net.picture, null, 256, 4);
    const attention = net.product(net.product(tokens, tokens, true), tokens);
    const laidOut = net.reshape(attention, null, 16, 16, 4);
    assert.deepEqual(net.place(laidOut), { maps: true, field: field(16, 0, 0) });
  });

  it("tokens behind a class token are still positions; attention matrices and channels are none", () => {
    const net = new Net();
    const tokens = net.reshape(net.conv(net.picture, 4, 4, "valid"), null, 16, 4);
    const first = net.add("slice", "first", [tokens], { begin: [0, 0, 0], size: [null, 1, 4] });
    const own = net.add("mul", "class", [first, net.scalar(0)]);
    const all = net.add("concat", "all", [own, tokens], { axis: 1 });
    const heads = net.transpose(net.reshape(all, null, 17, 2, 2), 0, 2, 1, 3);
    const matrix = net.product(heads, heads, true);
    assert.equal(net.place(matrix).maps, false);
    assert.equal(net.place(heads).maps, false);
    const mixed = net.reshape(net.transpose(net.product(matrix, heads), 0, 2, 1, 3), null, 17, 4);
    const sum = net.add("add", "sum", [all, mixed]);
    const rest = net.add("slice", "rest", [sum], { begin: [0, 1, 0], size: [null, 16, 4] });
    assert.equal(net.place(net.reshape(rest, null, 4, 4, 4)).maps, true);
    assert.equal(net.place(net.transpose(net.picture, 0, 3, 1, 2)).maps, false);
  });

  it("a map one cell wide is one, a map of one cell is none", () => {
    const net = new GraphBuilder();
    const x = net.input("x", [null, 60, 1, 2]);
    const kernel = net.constant(floats([5, 1, 2, 2], new Float32Array(20)));
    const attrs = { strides: [1, 1], dilations: [1, 1], padding: "valid" } as const;
    const y = net.add("conv2d", "conv", [x, kernel], attrs);
    const pooled = net.add("mean", "mean", [y], { axes: [1, 2], keepDims: true });
    const inputs = [{ name: "x", node: x, shape: net.shape(x), dtype: "float32" }] as const;
    const { places } = positionsOf({ nodes: net.nodes, inputs });
    const maps = [y, pooled].map((id) => isMap(places.get(id) ?? assert.fail()));
    assert.deepEqual(maps, [true, false]);
  });

  it("of several pictures: those that a layer depends on, each with its own size", () => {
    const net = new Net(16);
    const depth = net.input("depth", [null, 8, 8, 1]);
    const [colours, distances] = [net.conv(net.picture, 3, 4), net.conv(depth, 3, 2)];
    const both = net.add("concat", "both", [colours, distances], { axis: 3 });
    const inputs = [net.picture, depth].map((node, i) => {
      const spec = { name: ["picture", "depth"][i] ?? "", node, shape: net.shape(node) };
      return { ...spec, dtype: "float32" } as const;
    });
    const layer = (name: string, output: NodeId) => ({
      ...{ name, className: "Conv2D", nodes: [output], output, preActivation: null },
      ...{ inputs: [], weights: [], opaque: null },
    });
    const layers = [layer("colours", colours), layer("distances", distances), layer("both", both)];
    const weights = { read: () => assert.fail(), close: () => undefined };
    const graph = { nodes: net.nodes, inputs, outputs: [], layers, weights, notes: [] };
    const found = summariseLayers({ ...graph, format: "none", producer: null });
    assert.deepEqual(
      found.map(({ pictures }) => pictures),
      [["picture"], ["depth"], ["picture", "depth"]],
    );
    assert.deepEqual(
      found.map(({ receptiveField }) => receptiveField?.stride[0]),
      [4, 2, 4],
    );
  });

  it("what gates a map sees everything, and leaves its cells where they are", () => {
    const net = new Net();
    const y = net.conv(net.picture, 3, 2);
    const gate = net.add("mean", "gate", [y], { axes: [1, 2], keepDims: true });
    const gated = net.add("mul", "gated", [gate, y]);
    assert.deepEqual(net.place(gated), { maps: true, field: field(16, 0, 0) });
    assert.equal(net.place(gate).maps, false);
  });

  it("a decoder behind a bottleneck lays its maps over the picture again", () => {
    const net = new Net();
    const flat = net.reshape(net.picture, null, 1024);
    const code = net.reshape(net.product(flat, net.zeros(1024, 16)), null, 4, 4, 1);
    assert.equal(net.place(code).maps, false);
    const up = net.add("resizeNearest", "up", [code], { size: [8, 8], centres: "half-pixel" });
    assert.deepEqual(net.place(net.conv(up, 3)), { maps: true, field: field(16, 0, 0) });
  });

  it("maps that are in order are left as they are, and those of large pictures are not gone through", () => {
    for (const [size, known] of [
      [16, 3],
      [8192, 0],
    ] as const) {
      const net = new Net(size);
      const maps = net.add("relu", "relu", [net.conv(net.picture, 3)]);
      const input = { name: "x", node: net.picture, shape: net.shape(net.picture) };
      const graph = {
        ...{ format: "none", producer: null, outputs: [], notes: [], nodes: net.nodes },
        inputs: [{ ...input, dtype: "float32" } as const],
        layers: [
          {
            ...{ name: "relu", className: "ReLU", nodes: [maps], output: maps },
            ...{ preActivation: null, inputs: [], weights: [], opaque: null },
          },
        ],
        weights: { read: () => assert.fail(), close: () => undefined },
      };
      assert.equal(homesOf(graph, net.picture).size, known);
      assert.equal(withMaps(graph), graph);
    }
  });

  it("takes well under a second for a thousand layers", () => {
    const net = new Net(224);
    let y = net.conv(net.picture, 3, 2);
    for (let i = 0; i < 330; i++)
      y = net.add("relu", "relu", [net.add("add", "sum", [net.conv(y, 3), y])]);
    assert.equal(net.place(y).field.stride[0], 2);
  });
});
