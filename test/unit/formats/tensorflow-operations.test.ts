/** TensorFlow's operations in frozen graphs put together by hand, by their definitions. */
import assert from "node:assert/strict";
import { sizeOf } from "../../../src/base/tensor.ts";
import { distance, noise, onEachEngine } from "../engine/support.ts";
import { field, message } from "../../support/protobuf.ts";
import { layerOf, scratch, shapeOf, withModel } from "./support.ts";
import { FLOAT, graph, node, shape } from "./tensorflow-files.ts";

const write = scratch();

/** Values of attributes (AttrValue). */
const INT32 = field(6, 3);
const yes = field(5, 1);
const int = (value: number): Uint8Array => field(3, value);
const text = (value: string): Uint8Array => field(2, value);
const ints = (...all: number[]): Uint8Array => field(1, message(...all.map((n) => field(3, n))));
const texts = (...all: string[]): Uint8Array => field(1, message(...all.map((t) => field(2, t))));

const stored = (name: string, dtype: 1 | 3, own: readonly number[], data: Uint8Array): Uint8Array =>
  node(name, "Const", [], {
    dtype: field(6, dtype),
    value: field(8, message(field(1, dtype), field(2, shape(...own)), field(4, data))),
  });
const floats = (name: string, own: readonly number[], data: ArrayLike<number>): Uint8Array =>
  stored(name, 1, own, new Uint8Array(Float32Array.from(data).buffer));
const whole = (name: string, data: readonly number[], own = [data.length]): Uint8Array =>
  stored(name, 3, own, new Uint8Array(Int32Array.from(data).buffer));
const input = (...own: number[]): Uint8Array =>
  node("x", "Placeholder", [], { dtype: FLOAT, shape: field(7, shape(...own)) });

/** [H, W, C] of a picture, and one of its cells. */
const SIZE = [5, 4, 6] as const;
const [H, W, C] = SIZE;
const CELLS = H * W * C;
const cell = (row: number, column: number, channel: number): number =>
  (row * W + column) * C + channel;
/** Each picture's cells, worked out one by one. */
const each = (f: (x: (i: number) => number, i: number) => number, count = CELLS) =>
  (x: readonly number[]): number[] => Array.from({ length: count }, (_, i) => f((j) => x[j] ?? NaN, i)); // prettier-ignore
const pointwise = (f: (x: number) => number) => each((x, i) => f(x(i)));

interface Case {
  readonly nodes: readonly Uint8Array[];
  /** The output of one picture. */
  readonly expected: (x: readonly number[]) => readonly number[];
  readonly input?: readonly number[];
}
const unary = (op: string, f: (x: number) => number): [string, Case] => [
  op,
  { nodes: [node("y", op, ["x"])], expected: pointwise(f) },
];
/** By a vector, and with the operands the other way round. */
const DIVISORS = [0.7, -0.7, 1.3, -0.4, 2, -3];
const binary = (op: string, f: (a: number, b: number) => number): [string, Case] => [
  op,
  {
    nodes: [floats("d", [C], DIVISORS), node("y", op, ["x", "d"])],
    expected: each((x, i) => f(x(i), DIVISORS[i % C] ?? NaN)),
  },
];
const halfEven = (x: number): number => {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
};
/** The index of the largest of `count` numbers, by how large they are. */
const places = (count: number, size: (k: number) => number): number =>
  Array.from({ length: count }, (_, k) => k).reduce((best, k) => (size(k) > size(best) ? k : best));

const M = noise([C, 5], 4).data;
const SLOPES = [0.1, -0.2, 0.3, 0.5];
const KERNEL = noise([1, 1, C, 4], 5).data;
const BIAS = [0.1, 0.2, -0.3, 0.4];
const dense = (x: (i: number) => number, i: number, weights: ArrayLike<number>, units: number) =>
  Array.from(
    { length: C },
    (_, c) => x(Math.floor(i / units) * C + c) * (weights[c * units + (i % units)] ?? NaN),
  ) // prettier-ignore
    .reduce((a, b) => a + b);

/** Five times what is whole of each cell. */
const FIVEFOLD = [
  node("c", "Cast", ["x"], { DstT: INT32 }),
  whole("five", [5], []),
  node("m", "Mul", ["c", "five"]),
];
const CASES: readonly (readonly [string, Case])[] = [
  unary("Sin", Math.sin),
  unary("Cos", Math.cos),
  unary("Tan", Math.tan),
  unary("Sinh", Math.sinh),
  unary("Cosh", Math.cosh),
  unary("Round", halfEven),
  unary("Rint", halfEven),
  binary("FloorMod", (a, b) => a - b * Math.floor(a / b)),
  binary("Mod", (a, b) => a - b * Math.trunc(a / b)),
  binary("TruncateDiv", (a, b) => Math.trunc(a / b)),
  binary("FloorDiv", (a, b) => Math.floor(a / b)),
  [
    "Cumsum over channels, without the cell itself, from the end",
    {
      nodes: [
        whole("axis", [-1], []),
        node("y", "Cumsum", ["x", "axis"], { exclusive: yes, reverse: yes }),
      ],
      expected: each((x, i) => {
        const later = C - 1 - (i % C);
        return Array.from({ length: later }, (_, k) => x(i + 1 + k)).reduce((a, b) => a + b, 0);
      }),
    },
  ],
  [
    "Cumsum over rows",
    {
      nodes: [whole("axis", [1], []), node("y", "Cumsum", ["x", "axis"])],
      expected: each((x, i) => {
        const above = Math.floor(i / (W * C));
        return Array.from({ length: above + 1 }, (_, k) => x(i - k * W * C)).reduce((a, b) => a + b); // prettier-ignore
      }),
    },
  ],
  ...(["ArgMax", "ArgMin"] as const).map((op): [string, Case] => [
    `${op} over channels, one-hot`,
    {
      nodes: [
        whole("axis", [3], []),
        node("best", op, ["x", "axis"]),
        whole("depth", [C], []),
        floats("on", [], [2]),
        floats("off", [], [-1]),
        node("y", "OneHot", ["best", "depth", "on", "off"], { axis: int(1) }),
      ],
      // [C, H, W]: the new axis stands behind the batch
      expected: each((x, i) => {
        const [channel, place] = [Math.floor(i / (H * W)), i % (H * W)];
        const sign = op === "ArgMax" ? 1 : -1;
        return places(C, (c) => sign * x(place * C + c)) === channel ? 2 : -1;
      }),
    },
  ]),
  [
    "a convolution with a bias and a PReLU fused to it",
    {
      nodes: [
        floats("k", [1, 1, C, 4], KERNEL),
        floats("b", [4], BIAS),
        floats("alpha", [4], SLOPES),
        node("y", "_FusedConv2D", ["x", "k", "b", "alpha"], {
          strides: ints(1, 1, 1, 1),
          padding: text("VALID"),
          fused_ops: texts("BiasAdd", "Prelu"),
        }),
      ],
      expected: each(
        (x, i) => {
          const sum = dense(x, i, KERNEL, 4) + (BIAS[i % 4] ?? NaN);
          return sum > 0 ? sum : sum * (SLOPES[i % 4] ?? NaN);
        },
        H * W * 4,
      ),
    },
  ],
  [
    "Prelu with a slope for each channel",
    {
      nodes: [floats("a", [1, 1, C], DIVISORS), node("y", "Prelu", ["x", "a"])],
      expected: each((x, i) => (x(i) > 0 ? x(i) : x(i) * (DIVISORS[i % C] ?? NaN))),
    },
  ],
  [
    "Einsum of a dense layer",
    {
      nodes: [floats("m", [C, 5], M), node("y", "Einsum", ["x", "m"], { equation: text("bhwc,cd->bhwd") })], // prettier-ignore
      expected: each((x, i) => dense(x, i, M, 5), H * W * 5),
    },
  ],
  [
    "Einsum of two pictures: what channels have in common",
    {
      nodes: [node("y", "Einsum", ["x", "x"], { equation: text("bhwc,bhwd->bcd") })],
      expected: each((x, i) => {
        const [c, d] = [Math.floor(i / C), i % C];
        return Array.from({ length: H * W }, (_, p) => x(p * C + c) * x(p * C + d)).reduce((a, b) => a + b); // prettier-ignore
      }, C * C),
    },
  ],
  [
    "matrices that are both computed, one transposed",
    {
      nodes: [
        whole("rows", [-1, H * W, C]),
        node("r", "Reshape", ["x", "rows"]),
        node("y", "BatchMatMulV2", ["r", "r"], { adj_y: yes }),
      ],
      expected: each(
        (x, i) => {
          const [p, q] = [Math.floor(i / (H * W)), i % (H * W)];
          return Array.from({ length: C }, (_, c) => x(p * C + c) * x(q * C + c)).reduce((a, b) => a + b); // prettier-ignore
        },
        H * W * H * W,
      ),
    },
  ],
  [
    "Roll by rows and columns",
    {
      nodes: [whole("by", [1, -1]), whole("axes", [1, 2]), node("y", "Roll", ["x", "by", "axes"])],
      expected: each((x, i) => {
        const [row, column] = [Math.floor(i / (W * C)), Math.floor(i / C) % W];
        return x(cell((row + H - 1) % H, (column + 1) % W, i % C));
      }),
    },
  ],
  [
    "GatherNd by the batch",
    {
      nodes: [
        whole("perm", [1, 2, 3, 0]),
        node("t", "Transpose", ["x", "perm"]),
        whole("where", [0, 1, 2, 3], [2, 2]),
        node("g", "GatherNd", ["t", "where"]),
        whole("back", [2, 0, 1]),
        node("y", "Transpose", ["g", "back"]),
      ],
      expected: each((x, i) => x(i < C ? cell(0, 1, i) : cell(2, 3, i - C)), 2 * C),
    },
  ],
  [
    "a reshape that was written for one picture",
    {
      nodes: [whole("size", [1, W, H * C]), node("y", "Reshape", ["x", "size"])],
      expected: (x) => x,
    },
  ],
  ...(["Div", "TruncateDiv", "FloorDiv"] as const).map((op): [string, Case] => [
    `${op} of whole numbers that divide without a rest`,
    { nodes: [...FIVEFOLD, node("q", op, ["m", "five"]), node("y", "Cast", ["q"], { DstT: FLOAT })], expected: pointwise(Math.trunc) }, // prettier-ignore
  ]),
  [
    "FloorMod of whole numbers that divide without a rest",
    { nodes: [...FIVEFOLD, node("q", "FloorMod", ["m", "five"]), node("y", "Cast", ["q"], { DstT: FLOAT })], expected: pointwise(() => 0) }, // prettier-ignore
  ],
  [
    "Conv2DBackpropInput whose windows leave cells out",
    {
      // each cell goes to every other row and column; what no window reaches stays behind
      nodes: [
        whole("size", [1, 2 * H, 2 * W, 5]),
        floats("kernel", [1, 1, 5, C], M),
        node("y", "Conv2DBackpropInput", ["size", "kernel", "x"], {
          strides: ints(1, 2, 2, 1),
          padding: text("SAME"),
        }),
      ],
      expected: each(
        (x, i) => {
          const [row, column, f] = [
            Math.floor(i / (2 * W * 5)),
            Math.floor(i / 5) % (2 * W),
            i % 5,
          ];
          if (row % 2 === 1 || column % 2 === 1) return 0;
          return Array.from({ length: C }, (_, c) => x(cell(row / 2, column / 2, c)) * (M[f * C + c] ?? NaN)).reduce((p, q) => p + q); // prettier-ignore
        },
        4 * H * W * 5,
      ),
    },
  ],
];

describe("TensorFlow operations in files by hand", () => {
  onEachEngine((engine) => {
    for (const [what, { nodes, expected }] of CASES)
      it(what, async () => {
        const file = write(
          `${what.replaceAll(/\W+/g, "-")}.pb`,
          graph([input(-1, ...SIZE), ...nodes]),
        );
        await withModel(file, async (model) => {
          assert.deepEqual(model.layers.flatMap(({ opaque }) => opaque ?? []), []); // prettier-ignore
          const [x, y] = [model.inputs[0], model.outputs[0]];
          assert.ok(x && y);
          const feed = noise([2, ...SIZE], 1);
          const data = Float32Array.from(feed.data, (n, i) =>
            i % 5 === 0 ? Math.round(n) + 0.5 : n,
          );
          const program = await engine().compile(model, [x.node], [y.node]);
          const [value] = await program.run([{ dtype: "float32", shape: [2, ...SIZE], data }]);
          const pictures = [data.subarray(0, CELLS), data.subarray(CELLS)];
          const wanted = pictures.flatMap((picture) => [...expected([...picture])]);
          assert.ok(value);
          const told = y.fileShape ?? y.shape;
          assert.equal(sizeOf(told.slice(1).map(Number)) * 2, wanted.length);
          const order = y.fileShape ? backFrom(value.shape, [...value.data]) : [...value.data];
          assert.ok(distance(order, wanted) < 1e-5, `${distance(order, wanted)}`);
          engine().release(model);
        });
      });
  });
});
/** [N, H, W, C] as the file has it: [N, C, H, W]. */
function backFrom(
  [n = 1, h = 1, w = 1, c = 1]: readonly number[],
  data: readonly number[],
): number[] {
  // prettier-ignore
  return Array.from({ length: n * c * h * w }, (_, i) => {
    const [picture, channel, place] = [Math.floor(i / (c * h * w)), Math.floor(i / (h * w)) % c, i % (h * w)]; // prettier-ignore
    return data[(picture * h * w + place) * c + channel] ?? NaN;
  });
}

describe("TensorFlow networks with channels first", () => {
  const first = { data_format: text("NCHW") };
  const nodes = [
    input(-1, 3, 8, 10),
    floats("conv/kernel", [3, 3, 3, 4], noise([3, 3, 3, 4], 1).data),
    node("conv/Conv2D", "Conv2D", ["x", "conv/kernel"], {
      ...first,
      strides: ints(1, 1, 1, 1),
      padding: text("SAME"),
    }),
    whole("last", [0, 2, 3, 1]),
    whole("front", [0, 3, 1, 2]),
    node("there", "Transpose", ["conv/Conv2D", "last"]),
    node("act/Relu", "Relu", ["there"]),
    node("back", "Transpose", ["act/Relu", "front"]),
    whole("patches", [-1, 4, 4, 20]),
    node("cut", "Reshape", ["back", "patches"]),
    node("pool/MaxPool", "MaxPool", ["cut"], {
      ...first,
      ksize: ints(1, 1, 2, 2),
      strides: ints(1, 1, 2, 2),
      padding: text("VALID"),
    }),
  ];
  it("shows the file's own shapes, and moves no axes for transpositions", async () => {
    await withModel(write("first.pb", graph(nodes)), (model) => {
      assert.deepEqual(model.inputs[0]?.shape, [null, 8, 10, 3]);
      assert.deepEqual(model.inputs[0].fileShape, [null, 3, 8, 10]);
      assert.deepEqual(layerOf(model, "conv").fileShape, [null, 4, 8, 10]);
      assert.equal(layerOf(model, "act").fileShape, undefined);
      assert.deepEqual(layerOf(model, "pool").fileShape, [null, 4, 2, 10]);
      assert.equal(layerOf(model, "conv").weights[0]?.ref, "conv/kernel");
      // what is reshaped is not cut at the channels
      const ops = model.nodes.map(({ op }) => op);
      assert.equal(ops.filter((op) => op === "transpose").length, 0, ops.join());
      const map = model.nodes.find(({ id }) => id === layerOf(model, "pool").output);
      assert.deepEqual(map?.shape, [null, 2, 10, 4]);
    });
  });
  it("shows a picture that was made of a row with its channels at the end", async () => {
    const made = [
      input(-1, 6),
      floats("dense/kernel", [6, 60], noise([6, 60], 2).data),
      node("dense/MatMul", "MatMul", ["x", "dense/kernel"]),
      whole("map", [-1, 3, 4, 5]),
      node("seen", "Reshape", ["dense/MatMul", "map"]),
      node("act", "Tanh", ["seen"]),
      floats("conv/kernel", [1, 1, 3, 2], noise([1, 1, 3, 2], 1).data),
      node("conv/Conv2D", "Conv2D", ["act", "conv/kernel"], {
        ...first,
        strides: ints(1, 1, 1, 1),
        padding: text("SAME"),
      }),
    ];
    await withModel(write("row.pb", graph(made)), (model) => {
      for (const name of ["seen", "act"]) {
        const layer = layerOf(model, name);
        assert.deepEqual(layer.fileShape, [null, 3, 4, 5]);
        assert.deepEqual(shapeOf(model, layer.output), [null, 4, 5, 3]);
      }
    });
  });
  it("is told apart from channels last by its sizes", async () => {
    const last = [input(-1, 8, 10, 3), node("y", "Relu", ["x"], { T: INT32 })];
    await withModel(write("last.pb", graph(last)), ({ inputs }) => {
      assert.equal(inputs[0]?.fileShape, undefined);
    });
  });
});
