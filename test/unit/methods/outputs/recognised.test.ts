/** Networks of each kind, small, and what their outputs are taken for. */
import assert from "node:assert/strict";
import { GraphBuilder, type ModelGraph, type NodeId } from "../../../../src/graph/index.ts";
import { readOutputs, summariseOutput } from "../../../../src/methods/outputs/index.ts";
import type { OutputKind, OutputSummary } from "../../../../src/shared/contract/outputs.ts";

/** Layers in few words; what they compute does not matter here. */
class Net {
  readonly builder = new GraphBuilder();
  readonly picture: NodeId;
  constructor(size = 64) {
    this.picture = this.builder.input("x", [null, size, size, 3]);
  }
  conv(x: NodeId, filters: number, { stride = 1, size = 3 } = {}): NodeId {
    const channels = Number(this.builder.shape(x).at(-1));
    const kernel = this.builder.weight(`k${this.builder.nodes.length}`, [
      size,
      size,
      channels,
      filters,
    ]);
    const how = { strides: [stride, stride], padding: "same", dilations: [1, 1] } as const;
    return this.builder.add("conv2d", "conv", [x, kernel], how);
  }
  dense(x: NodeId, units: number): NodeId {
    const width = Number(this.builder.shape(x).at(-1));
    const kernel = this.builder.weight(`w${this.builder.nodes.length}`, [width, units]);
    const product = { transposeA: false, transposeB: false };
    const bias = this.builder.weight(`b${this.builder.nodes.length}`, [units]);
    return this.op("biasAdd", this.builder.add("matMul", "dense", [x, kernel], product), bias);
  }
  op(
    op: "relu" | "sigmoid" | "softmax" | "tanh" | "biasAdd" | "mul" | "square" | "sqrt" | "div",
    ...inputs: NodeId[]
  ): NodeId {
    return this.builder.add(op, op, inputs);
  }
  pooled(x: NodeId): NodeId {
    return this.builder.add("mean", "pool", [x], { axes: [1, 2], keepDims: false });
  }
  shaped(x: NodeId, ...shape: number[]): NodeId {
    return this.builder.add("reshape", "shaped", [x], { shape: [null, ...shape] });
  }
  joined(axis: number, ...parts: NodeId[]): NodeId {
    return this.builder.add("concat", "joined", parts, { axis });
  }
  features(stride = 4): NodeId {
    return this.op("relu", this.conv(this.picture, 8, { stride }));
  }
  /** Boxes of grids at strides 8, 16 and 32 as [N, boxes, numbers]. */
  grids(numbers: number, activate: (x: NodeId) => NodeId = (x) => x): NodeId {
    const levels = [8, 16, 32].map((stride) => {
      const map = activate(this.conv(this.features(stride), numbers, { size: 1 }));
      const side = Number(this.builder.shape(map)[1]);
      return this.shaped(map, side * side, numbers);
    });
    return this.joined(1, ...levels);
  }
  turned(x: NodeId): NodeId {
    return this.builder.add("transpose", "turned", [x], { perm: [0, 2, 1] });
  }
}

type Made = (net: Net) => NodeId | Readonly<Record<string, NodeId>>;

function outputsOf(make: Made, extra: Partial<ModelGraph> = {}): OutputSummary[] {
  const net = new Net();
  const made = make(net);
  const named = typeof made === "string" ? { y: made } : made;
  const { builder, picture } = net;
  const spec = (name: string, node: NodeId) => ({
    ...{ name, node, shape: builder.shape(node), dtype: "float32" as const },
  });
  const graph: ModelGraph = {
    ...{ format: "test", producer: null, layers: [], notes: [] },
    inputs: [spec("x", picture)],
    outputs: Object.entries(named).map(([name, node]) => spec(name, node)),
    nodes: builder.nodes,
    weights: { read: () => Promise.reject(new Error("none")), close: () => undefined },
    ...extra,
  };
  return readOutputs(graph, null).map(summariseOutput);
}

const labels = (count: number): Partial<ModelGraph> => ({
  labels: Array.from({ length: count }, (_, i) => `class ${i}`),
});

interface Row {
  readonly make: Made;
  readonly is: Readonly<Record<string, Partial<OutputSummary> & { kind: OutputKind }>>;
  readonly file?: Partial<ModelGraph>;
}
const y = (kind: OutputKind, rest: Partial<OutputSummary> = {}): Row["is"] => ({
  y: { kind, ...rest },
});

const TABLE: Readonly<Record<string, Row>> = {
  "a softmax": {
    make: (net) => net.op("softmax", net.dense(net.pooled(net.features()), 5)),
    is: y("classes", { choice: "one", classes: 5, guessed: false }),
  },
  "sigmoids, each for itself": {
    make: (net) => net.op("sigmoid", net.dense(net.pooled(net.features()), 5)),
    is: y("classes", { choice: "several", classes: 5, guessed: false }),
  },
  "one sigmoid": {
    make: (net) => net.op("sigmoid", net.dense(net.pooled(net.features()), 1)),
    is: y("classes", { choice: "two", classes: 2, guessed: false }),
  },
  "a softmax behind a reshape": {
    make: (net) => net.shaped(net.op("softmax", net.dense(net.pooled(net.features()), 5)), 1, 5),
    is: y("classes", { choice: "one", classes: 5, guessed: false }),
  },
  "logits of a dense layer": {
    make: (net) => net.dense(net.pooled(net.features()), 5),
    is: y("classes", { choice: "one", classes: 5, guessed: true }),
  },
  "a map for each class, averaged": {
    make: (net) => net.pooled(net.op("relu", net.conv(net.features(), 5, { size: 1 }))),
    is: y("classes", { classes: 5, guessed: true }),
  },
  "one number": {
    make: (net) => net.dense(net.pooled(net.features()), 1),
    is: y("regression", { classes: null, guessed: true }),
  },
  "one number with two class names": {
    make: (net) => net.dense(net.pooled(net.features()), 1),
    file: labels(2),
    is: y("classes", { choice: "two", classes: 2 }),
  },
  "a scaled sigmoid": {
    make: (net) =>
      net.op(
        "mul",
        net.op("sigmoid", net.dense(net.pooled(net.features()), 1)),
        net.builder.scalar(100),
      ),
    is: y("regression", { classes: null }),
  },
  "numbers called a box": {
    make: (net) => ({ bbox: net.dense(net.pooled(net.features()), 4) }),
    is: { bbox: { kind: "regression", guessed: true } },
  },
  "a vector of length 1": {
    make: (net) => {
      const x = net.dense(net.pooled(net.features()), 16);
      const sum = net.builder.add("sum", "sum", [net.op("square", x)], {
        axes: [1],
        keepDims: true,
      });
      return net.op("div", x, net.op("sqrt", sum));
    },
    is: y("embedding", { classes: null, guessed: false, numbers: 16 }),
  },
  "pooled features": {
    make: (net) => net.pooled(net.features()),
    is: y("embedding", { classes: null, guessed: true }),
  },
  "as many pooled features as class names": {
    make: (net) => net.pooled(net.features()),
    file: labels(8),
    is: y("classes", { classes: 8 }),
  },
  "feature maps": {
    make: (net) => net.features(),
    is: y("embedding", { classes: null, grid: [16, 16], numbers: 8 }),
  },
  "a mask of one class": {
    make: (net) => net.op("sigmoid", net.conv(net.features(1), 1, { size: 1 })),
    is: y("segmentation", { choice: "two", classes: 2, grid: [64, 64], guessed: false }),
  },
  "EfficientDet before decoding": {
    make: (net) => {
      const maps = (stride: number) => net.conv(net.features(stride), 9 * 4);
      const scores = (stride: number) => net.conv(net.features(stride), 9 * 5);
      return { c3: scores(8), c4: scores(16), c5: scores(32), b3: maps(8), b4: maps(16), b5: maps(32) }; // prettier-ignore
    },
    is: {
      c3: { kind: "detection", classes: 5, places: 9 * 64 },
      b3: { kind: "detection", places: 9 * 64 },
      c5: { kind: "detection", classes: 5, places: 9 * 4 },
    },
  },
  "an SSD of TensorFlow before its suppression": {
    make: (net) => {
      const join = (each: (stride: number) => NodeId) => net.joined(1, each(8), each(16));
      const flat = (x: NodeId, numbers: number) =>
        net.shaped(x, 3 * Number(net.builder.shape(x)[1]) ** 2, numbers);
      return {
        raw_detection_boxes: join((stride) => flat(net.conv(net.features(stride), 12), 4)),
        raw_detection_scores: net.op("sigmoid", join((s) => flat(net.conv(net.features(s), 21), 7))), // prettier-ignore
      };
    },
    is: {
      raw_detection_boxes: { kind: "detection", places: 3 * 80 },
      raw_detection_scores: { kind: "detection", classes: 7, choice: "several" },
    },
  },
  "a depth": {
    make: (net) => net.op("relu", net.conv(net.features(1), 1, { size: 1 })),
    is: y("unknown", { classes: null, grid: [64, 64] }),
  },
  "three sigmoids, as a picture has colours": {
    make: (net) => net.op("sigmoid", net.conv(net.features(1), 3, { size: 1 })),
    is: y("segmentation", { classes: 3, guessed: true }),
  },
  "a softmax at each position": {
    make: (net) => net.op("softmax", net.conv(net.features(1), 6)),
    is: y("segmentation", { choice: "one", classes: 6, grid: [64, 64], guessed: false }),
  },
  "logits at each position": {
    make: (net) => net.conv(net.features(2), 6, { size: 1 }),
    is: y("segmentation", { classes: 6, grid: [32, 32], guessed: true }),
  },
  "positions in a row": {
    make: (net) => net.shaped(net.op("softmax", net.conv(net.features(2), 6)), 32 * 32, 6),
    is: y("segmentation", { classes: 6, grid: [32, 32], places: 1024 }),
  },
  "heat maps of points": {
    make: (net) => ({ heatmaps: net.conv(net.features(), 17, { size: 1 }) }),
    is: { heatmaps: { kind: "heat-maps", numbers: 17, guessed: true } },
  },
  "YOLO v5: boxes with an objectness": {
    make: (net) => net.grids(5 + 4, (x) => net.op("sigmoid", x)),
    is: y("detection", { classes: 4, places: 84, numbers: 9 }),
  },
  "YOLO v8: boxes in columns": {
    make: (net) => {
      const scores = net.op("sigmoid", net.grids(6));
      return net.turned(net.joined(2, net.grids(4), scores));
    },
    is: y("detection", { classes: 6, places: 84, numbers: 10, guessed: false }),
  },
  "YOLO by its class names": {
    make: (net) => net.grids(4 + 6),
    file: labels(6),
    is: y("detection", { classes: 6, places: 84 }),
  },
  "boxes after suppression": {
    make: (net) => {
      const of = (numbers: number): NodeId =>
        net.shaped(net.dense(net.pooled(net.features()), 50 * numbers), 50, numbers);
      return net.joined(2, of(4), of(1), of(1));
    },
    is: y("detection", { classes: 1, places: 50 }),
  },
  "SSD: coordinates and scores apart": {
    make: (net) => ({ boxes: net.grids(4), scores: net.op("softmax", net.grids(7)) }),
    is: {
      boxes: { kind: "detection", places: 84 },
      scores: { kind: "detection", classes: 7, choice: "one", places: 84 },
    },
  },
  "DETR: queries": {
    make: (net) => {
      const queries = net.shaped(net.dense(net.pooled(net.features()), 80), 10, 8);
      const flat = net.shaped(queries, 80);
      return {
        logits: net.shaped(net.dense(flat, 50), 10, 5),
        pred_boxes: net.op("sigmoid", net.shaped(net.dense(flat, 40), 10, 4)),
      };
    },
    is: {
      logits: { kind: "detection", classes: 5, places: 10 },
      pred_boxes: { kind: "detection", places: 10 },
    },
  },
  "CenterNet: a map of scores, sizes and offsets": {
    make: (net) => {
      const x = net.features();
      return {
        hm: net.op("sigmoid", net.conv(x, 3, { size: 1 })),
        wh: net.conv(x, 2, { size: 1 }),
        reg: net.conv(x, 2, { size: 1 }),
      };
    },
    is: {
      hm: { kind: "detection", classes: 3, places: 256 },
      wh: { kind: "detection" },
      reg: { kind: "detection" },
    },
  },
  "YOLO before decoding: three scales": {
    make: (net) =>
      Object.fromEntries(
        [8, 16, 32].map((s) => [`p${s}`, net.conv(net.features(s), 3 * 9, { size: 1 })]),
      ),
    is: {
      p8: { kind: "detection", classes: 4, places: 192, numbers: 9 },
      p16: { kind: "detection", classes: 4, places: 48 },
      p32: { kind: "detection", classes: 4, places: 12 },
    },
  },
  "a text line": {
    make: (net) => {
      const columns = net.builder.add("mean", "height", [net.features()], {
        axes: [1],
        keepDims: false,
      });
      return net.op("softmax", net.dense(columns, 11));
    },
    is: y("sequence", { classes: 11, places: 16, guessed: false }),
  },
  "letters of a fixed number": {
    make: (net) => net.op("softmax", net.shaped(net.dense(net.pooled(net.features()), 180), 5, 36)),
    is: y("sequence", { classes: 36, places: 5 }),
  },
  "numbers of no known meaning": {
    make: (net) => net.op("tanh", net.conv(net.features(1), 3)),
    is: y("unknown", { classes: null }),
  },
  "numbers that a layer gives which is not run": {
    make: (net) => net.builder.opaque("code", [net.pooled(net.features())], "code", [null, 5]),
    is: y("unknown", { classes: null }),
  },
  "maps that a layer gives which is not run": {
    make: (net) => net.builder.opaque("code", [net.features(1)], "code", [null, 64, 64, 5]),
    is: y("unknown", { classes: null }),
  },
  "a softmax behind a layer that is not run": {
    make: (net) => net.op("softmax", net.builder.opaque("code", [net.picture], "code", [null, 5])),
    is: y("classes", { classes: 5 }),
  },
  "heads of several kinds": {
    make: (net) => {
      const x = net.pooled(net.features());
      return {
        sex: net.op("sigmoid", net.dense(x, 1)),
        age: net.dense(x, 1),
        site: net.op("softmax", net.dense(x, 4)),
      };
    },
    is: {
      sex: { kind: "classes" },
      age: { kind: "regression" },
      site: { kind: "classes", classes: 4 },
    },
  },
};

describe("what an output is", () => {
  for (const [name, { make, is, file }] of Object.entries(TABLE))
    it(name, () => {
      const found = outputsOf(make, file);
      for (const [output, wanted] of Object.entries(is)) {
        const own = found.find((one) => one.name === output) ?? assert.fail(output);
        const same = Object.keys(wanted).map((key) => [key, own[key as keyof OutputSummary]]);
        assert.deepEqual(Object.fromEntries(same), wanted, own.why);
        assert.match(own.why, /\.$/);
      }
    });
});
