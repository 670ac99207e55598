import type { Made, OpAttrs } from "../../../src/graph/index.ts";
import type { DType } from "../../../src/base/tensor.ts";

/** An input of a case: its shape (a leading "N" is a free batch axis of 2), and what numbers it holds. */
export interface Input {
  readonly shape: readonly (number | "N")[];
  readonly values: "normal" | "positive" | "wide" | "index" | "truth" | "ties";
  readonly dtype: DType;
}
export interface Case<Attrs> {
  readonly attrs: Attrs;
  readonly inputs: readonly Input[];
  /** Inputs that have no gradient rule. */
  readonly none: readonly number[];
}

const input =
  (values: Input["values"], dtype: DType = "float32") =>
  (...shape: (number | "N")[]): Input => ({ shape, values, dtype });
/** Normal; 0.5 to 2; -8 to 8; whole numbers 0 to 3; booleans; normal with equal ones. */
const x = input("normal");
const positive = input("positive");
const wide = input("wide");
const indices = input("index", "int32");
const truth = input("truth", "bool");
const ties = input("ties");

const row = <K extends Made>(
  attrs: OpAttrs[K],
  inputs: Input[],
  none: number[] = [],
): Case<OpAttrs[K]> => ({
  attrs,
  inputs,
  none,
});
const plain = (...inputs: Input[]) => [{ attrs: {}, inputs, none: [] }];
const broadcasts = (make: typeof x) => [
  ...plain(make("N", 2, 3, 4), make("N", 2, 3, 4)),
  ...plain(make("N", 2, 3, 4), make(4)),
  ...plain(make(4), make("N", 2, 3, 4)),
  ...plain(make("N", 1, 1, 4), make("N", 2, 3, 4)),
  ...plain(make("N", 2, 3, 4), make()),
  ...plain(make(3, 1), make(1, 4)),
];

type Conv = OpAttrs["conv2d"];
const conv = (
  padding: Conv["padding"],
  strides: Conv["strides"] = [1, 1],
  dilations: Conv["dilations"] = [1, 1],
): Conv => ({ padding, strides, dilations });
/** Kernel sizes and geometries that every convolution has to survive. */
const convolutions: readonly { attrs: Conv; kernel: readonly [number, number] }[] = [
  { attrs: conv("same"), kernel: [3, 3] },
  { attrs: conv("valid"), kernel: [3, 3] },
  { attrs: conv("same", [2, 2]), kernel: [3, 3] },
  { attrs: conv("valid", [2, 2]), kernel: [3, 3] },
  { attrs: conv("same", [2, 2]), kernel: [2, 2] },
  { attrs: conv("same"), kernel: [2, 4] },
  { attrs: conv("valid", [3, 3]), kernel: [2, 2] },
  { attrs: conv("same", [3, 3]), kernel: [1, 1] },
  { attrs: conv("valid"), kernel: [1, 1] },
  { attrs: conv([1, 2, 0, 3], [2, 2]), kernel: [3, 2] },
  { attrs: conv([2, 0, 1, 1]), kernel: [3, 3] },
  { attrs: conv([3, 3, 3, 3], [2, 2]), kernel: [2, 2] },
  { attrs: conv("same", [1, 1], [2, 2]), kernel: [3, 3] },
  { attrs: conv("valid", [1, 1], [2, 3]), kernel: [3, 2] },
  { attrs: conv([2, 1, 2, 3], [1, 1], [2, 2]), kernel: [2, 3] },
  { attrs: conv("same", [1, 2]), kernel: [3, 3] },
  { attrs: conv("valid", [2, 1]), kernel: [2, 3] },
];
const forward = (multiplier: number): Case<OpAttrs["conv2d"]>[] =>
  convolutions.map(({ attrs, kernel }) =>
    row<"conv2d">(attrs, [x("N", 7, 6, 2), x(...kernel, 2, multiplier)], [1]),
  );
/** [rows, columns] that the convolution of a 7 x 6 picture gives. */
function outOf({ attrs, kernel }: (typeof convolutions)[number]): [number, number] {
  const along = (axis: 0 | 1): number => {
    const input = axis === 0 ? 7 : 6;
    if (attrs.padding === "same") return Math.ceil(input / attrs.strides[axis]);
    const added = attrs.padding === "valid" ? 0 : (attrs.padding[axis * 2] ?? 0) + (attrs.padding[axis * 2 + 1] ?? 0); // prettier-ignore
    const span = (kernel[axis] - 1) * attrs.dilations[axis] + 1;
    return Math.floor((input + added - span) / attrs.strides[axis]) + 1;
  };
  return [along(0), along(1)];
}
const backward = (depthwise: boolean, filters: number): Case<OpAttrs["conv2dInputGrad"]>[] =>
  convolutions.map((one) =>
    row<"conv2dInputGrad">(
      { ...one.attrs, inputSize: [7, 6, 2] },
      [x("N", ...outOf(one), depthwise ? 2 * filters : filters), x(...one.kernel, 2, filters)],
      [1],
    ),
  );

type Pool = OpAttrs["maxPool"];
const pools: readonly { attrs: Pool; out: [number, number] }[] = [
  { attrs: { window: [2, 2], strides: [2, 2], padding: "valid" }, out: [3, 3] },
  { attrs: { window: [2, 2], strides: [2, 2], padding: "same" }, out: [4, 3] },
  { attrs: { window: [3, 3], strides: [2, 2], padding: "same" }, out: [4, 3] },
  { attrs: { window: [3, 2], strides: [1, 1], padding: "same" }, out: [7, 6] },
  { attrs: { window: [3, 3], strides: [1, 1], padding: "valid" }, out: [5, 4] },
  { attrs: { window: [2, 3], strides: [3, 1], padding: "valid" }, out: [2, 4] },
  { attrs: { window: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1] }, out: [4, 3] },
  { attrs: { window: [2, 2], strides: [1, 1], padding: [0, 1, 1, 0] }, out: [7, 6] },
  { attrs: { window: [1, 1], strides: [2, 2], padding: "same" }, out: [4, 3] },
  { attrs: { window: [7, 6], strides: [7, 6], padding: "valid" }, out: [1, 1] },
];
const reductions = [
  [[1, 2], false],
  [[1, 2], true],
  [[0], false],
  [[0, 1, 2, 3], false],
  [[3], true],
  [[1], false],
  [[], false],
] as const;
const reduced = (make: typeof x): Case<OpAttrs["sum"]>[] =>
  reductions.map(([axes, keepDims]) => row<"sum">({ axes, keepDims }, [make("N", 3, 2, 4)]));
const resizes: readonly OpAttrs["resizeBilinear"][] = [
  { size: [7, 5], centres: "half-pixel" },
  { size: [2, 3], centres: "half-pixel" },
  { size: [8, 6], centres: "half-pixel" },
  { size: [7, 5], centres: "corners" },
  { size: [2, 3], centres: "corners" },
  { size: [1, 1], centres: "corners" },
  { size: [7, 5], centres: "legacy" },
  { size: [2, 2], centres: "legacy" },
];
/** Groups of channels: two of two, and three of one (a depthwise convolution in another shape). */
const grouped: readonly (typeof convolutions)[number][] = [
  { attrs: conv("same"), kernel: [3, 3] },
  { attrs: conv("valid", [2, 2]), kernel: [3, 2] },
  { attrs: conv([1, 2, 0, 3], [2, 1]), kernel: [3, 3] },
  { attrs: conv("same", [1, 1], [2, 2]), kernel: [3, 3] },
];
const matrices = [
  row<"matMul">({ transposeA: false, transposeB: false }, [x("N", 3), x(3, 4)]),
  row<"matMul">({ transposeA: false, transposeB: true }, [x("N", 3), x(4, 3)]),
  row<"matMul">({ transposeA: true, transposeB: false }, [x(3, 5), x(3, 4)]),
  row<"matMul">({ transposeA: true, transposeB: true }, [x(3, 5), x(4, 3)]),
  row<"matMul">({ transposeA: false, transposeB: false }, [x("N", 2, 5, 3), x("N", 2, 3, 4)]),
  row<"matMul">({ transposeA: false, transposeB: true }, [x("N", 5, 3), x("N", 4, 3)]),
  row<"matMul">({ transposeA: true, transposeB: true }, [x("N", 3, 5), x("N", 4, 3)]),
  row<"matMul">({ transposeA: false, transposeB: false }, [x("N", 5, 3), x(3, 4)]),
  row<"matMul">({ transposeA: true, transposeB: false }, [x(1, 3, 5), x("N", 2, 3, 4)]),
];
const normalised = (...shape: (number | "N")[]): Case<OpAttrs["batchNorm"]> =>
  row<"batchNorm">({ epsilon: 1e-3 }, [x(...shape), x(3), x(3), x(3), positive(3)], [1, 3, 4]);
const comparisons = [
  ...plain(ties("N", 2, 3, 4), ties("N", 2, 3, 4)),
  ...plain(ties("N", 2, 3, 4), ties(4)),
  ...plain(ties(3, 1), ties(1, 4)),
  ...plain(ties("N", 3), ties()),
];
const smooth = plain(x("N", 3, 4));

/** Rows for every operation; an operation without any is a compile error. A new kind of input is one more row. */
export const cases: { readonly [K in Made]: readonly Case<OpAttrs[K]>[] } = {
  conv2d: [
    ...forward(3),
    ...grouped.flatMap(({ attrs, kernel }) => [
      row<"conv2d">(attrs, [x("N", 7, 6, 4), x(...kernel, 2, 6)], [1]),
      row<"conv2d">(attrs, [x("N", 7, 6, 3), x(...kernel, 1, 6)], [1]),
    ]),
  ],
  depthwiseConv2d: [
    ...forward(1),
    ...forward(2),
    row<"conv2d">(conv("same"), [x("N", 5, 5, 8), x(3, 3, 8, 1)], [1]),
  ],
  conv2dInputGrad: [
    ...backward(false, 3),
    ...grouped.flatMap((one) =>
      [2, 1].map((each) => {
        const dy = x("N", ...outOf(one), 6);
        const inputSize = [7, 6, each === 2 ? 4 : 3] as const;
        return row<"conv2dInputGrad">({ ...one.attrs, inputSize }, [dy, x(...one.kernel, each, 6)], [1]); // prettier-ignore
      }),
    ),
  ],
  depthwiseConv2dInputGrad: [...backward(true, 1), ...backward(true, 2)],
  biasAdd: [...plain(x("N", 3, 2, 4), x(4)), ...plain(x("N", 4), x(4))],
  matMul: matrices,
  batchNorm: [normalised("N", 4, 5, 3), normalised("N", 3), normalised("N", 4, 3)],
  maxPool: pools.map(({ attrs }) => row<"maxPool">(attrs, [x("N", 7, 6, 3)])),
  avgPool: pools.map(({ attrs }) => row<"avgPool">(attrs, [x("N", 7, 6, 3)])),
  // the test computes the second input, the pooled picture, from the first
  maxPoolGrad: pools.map(({ attrs, out }) =>
    row<"maxPoolGrad">(attrs, [x("N", 7, 6, 3), x("N", ...out, 3), x("N", ...out, 3)], [0, 1, 2]),
  ),
  avgPoolGrad: pools.map(({ attrs, out }) =>
    row<"avgPoolGrad">({ ...attrs, inputSize: [7, 6, 3] }, [x("N", ...out, 3)]),
  ),
  relu: smooth,
  relu6: plain(wide("N", 3, 4)),
  leakyRelu: [row<"leakyRelu">({ alpha: 0.3 }, [x("N", 3, 4)])],
  elu: smooth,
  sigmoid: plain(wide("N", 3, 4)),
  tanh: smooth,
  softplus: plain(wide("N", 3, 4)),
  reluGrad: plain(x("N", 3, 4), x("N", 3, 4)),
  relu6Grad: plain(x("N", 3, 4), wide("N", 3, 4)),
  eluGrad: plain(x("N", 3, 4), x("N", 3, 4)),
  exp: smooth,
  log: plain(positive("N", 3, 4)),
  sqrt: plain(positive("N", 3, 4)),
  rsqrt: plain(positive("N", 3, 4)),
  square: smooth,
  abs: smooth,
  neg: smooth,
  sign: smooth,
  erf: smooth,
  reciprocal: plain(positive("N", 3, 4)),
  floor: plain(wide("N", 3, 4)),
  round: plain(wide("N", 3, 4)),
  sin: plain(wide("N", 3, 4)),
  atan: plain(wide("N", 3, 4)),
  cos: plain(wide("N", 3, 4)),
  clip: [
    row<"clip">({ min: -0.5, max: 0.7 }, [x("N", 3, 4)]),
    row<"clip">({ min: 0, max: Infinity }, [x("N", 3, 4)]),
  ],
  add: broadcasts(x),
  sub: broadcasts(x),
  mul: broadcasts(x),
  div: broadcasts(positive),
  maximum: broadcasts(x),
  minimum: broadcasts(x),
  pow: broadcasts(positive),
  greater: comparisons,
  greaterEqual: comparisons,
  less: comparisons,
  lessEqual: comparisons,
  equal: comparisons,
  notEqual: comparisons,
  logicalAnd: plain(truth("N", 4), truth("N", 4)),
  logicalOr: plain(truth("N", 4), truth("N", 4)),
  logicalNot: plain(truth("N", 4)),
  select: [
    ...plain(truth("N", 3, 4), x("N", 3, 4), x("N", 3, 4)),
    ...plain(truth("N", 3, 4), x("N", 3, 4), x()),
    ...plain(truth(4), x("N", 3, 1), x(3, 4)),
    ...plain(truth("N", 1), x(4), x("N", 4)),
  ],
  cast: [
    row<"cast">({ dtype: "int32" }, [wide("N", 4)]),
    row<"cast">({ dtype: "float32" }, [truth("N", 4)]),
    row<"cast">({ dtype: "float32" }, [indices("N", 4)]),
    row<"cast">({ dtype: "bool" }, [ties("N", 4)]),
    row<"cast">({ dtype: "float32" }, [x("N", 4)]),
  ],
  sum: reduced(x),
  mean: reduced(x),
  max: reduced(x),
  min: reduced(x),
  argMax: [
    row<"argMax">({ axis: 1 }, [x("N", 5, 3)]),
    row<"argMax">({ axis: 2 }, [x("N", 5, 3)]),
    row<"argMax">({ axis: 0 }, [x(4, 3)]),
  ],
  cumSum: [
    row<"cumSum">({ axis: 1, exclusive: false, reverse: false }, [x("N", 4, 3)]),
    row<"cumSum">({ axis: 2, exclusive: true, reverse: false }, [x("N", 4, 3)]),
    row<"cumSum">({ axis: 1, exclusive: false, reverse: true }, [x("N", 4, 3)]),
    row<"cumSum">({ axis: 0, exclusive: true, reverse: true }, [x(4)]),
  ],
  softmax: [...plain(x("N", 5)), ...plain(wide("N", 2, 3, 5))],
  logSoftmax: [...plain(x("N", 5)), ...plain(wide("N", 2, 3, 5))],
  reshape: [
    row<"reshape">({ shape: [null, 24] }, [x("N", 3, 2, 4)]),
    row<"reshape">({ shape: [null, 2, 12] }, [x("N", 3, 2, 4)]),
    row<"reshape">({ shape: [2, 2, 6] }, [x(4, 6)]),
    row<"reshape">({ shape: [null, 2, 3] }, [indices("N", 6)]),
  ],
  transpose: [
    row<"transpose">({ perm: [0, 3, 1, 2] }, [x("N", 3, 2, 4)]),
    row<"transpose">({ perm: [2, 0, 1] }, [x(3, 2, 4)]),
    row<"transpose">({ perm: [0, 3, 1, 2, 4] }, [x("N", 2, 3, 2, 2)]),
  ],
  concat: [
    row<"concat">({ axis: 3 }, [x("N", 3, 2, 4), x("N", 3, 2, 1), x("N", 3, 2, 2)]),
    row<"concat">({ axis: 1 }, [x("N", 3, 2), x("N", 1, 2)]),
    row<"concat">({ axis: 1 }, [x("N", 3)]),
    row<"concat">({ axis: 0 }, [x(3, 2), x(1, 2)]),
  ],
  slice: [
    row<"slice">({ begin: [0, 1, 0, 2], size: [null, 2, null, 1] }, [x("N", 4, 3, 4)]),
    row<"slice">({ begin: [0, 0], size: [null, 3] }, [x("N", 5)]),
    row<"slice">({ begin: [1, 0], size: [2, null] }, [x(4, 3)]),
    row<"slice">({ begin: [0, 0], size: [1, null] }, [x("N", 3)], [0]),
  ],
  stridedSlice: [
    row<"stridedSlice">({ begin: [0, 1, 0], size: [null, 2, null], strides: [1, 2, 3] }, [x("N", 5, 7)]), // prettier-ignore
    row<"stridedSlice">({ begin: [0, 0, 1, 0], size: [null, 3, 3, 2], strides: [1, 2, 2, 1] }, [x("N", 5, 6, 2)]), // prettier-ignore
    row<"stridedSlice">({ begin: [1, 0], size: [2, 3], strides: [3, 1] }, [x(6, 3)]),
    row<"stridedSlice">({ begin: [0, 0], size: [1, 2], strides: [2, 2] }, [x("N", 4)], [0]),
    row<"stridedSlice">({ begin: [0, 1], size: [null, 2], strides: [1, 3] }, [indices("N", 5)]),
    row<"stridedSlice">({ begin: [0, 1], size: [null, 2], strides: [1, 3] }, [truth("N", 5)]),
  ],
  gather: [
    row<"gather">({ axis: 1 }, [x("N", 4, 3), indices(5)]),
    row<"gather">({ axis: 3 }, [x("N", 2, 3, 4), indices(2, 3)]),
    row<"gather">({ axis: 1 }, [x("N", 4), indices()]),
    row<"gather">({ axis: 0 }, [x(4, 2), indices("N", 3)]),
    row<"gather">({ axis: 0 }, [x("N", 2), indices(1)], [0]),
  ],
  pad: [
    row<"pad">({ paddings: [[0, 0], [1, 2], [0, 3], [0, 0]], value: 0 }, [x("N", 3, 2, 2)]), // prettier-ignore
    row<"pad">({ paddings: [[0, 0], [1, 0]], value: -2.5 }, [x("N", 3)]), // prettier-ignore
  ],
  mirrorPad: [
    row<"mirrorPad">({ paddings: [[0, 0], [1, 2], [2, 1], [0, 0]], mode: "reflect" }, [x("N", 4, 3, 2)]), // prettier-ignore
    row<"mirrorPad">({ paddings: [[0, 0], [1, 2], [3, 1], [0, 0]], mode: "symmetric" }, [x("N", 4, 3, 2)]), // prettier-ignore
  ],
  reverse: [
    row<"reverse">({ axes: [1, 2] }, [x("N", 3, 2, 4)]),
    row<"reverse">({ axes: [0] }, [x(3, 2)]),
  ],
  tile: [
    row<"tile">({ multiples: [1, 2, 3, 1] }, [x("N", 3, 2, 2)]),
    row<"tile">({ multiples: [3, 2] }, [x(2, 2)]),
  ],
  broadcastLike: [
    ...plain(x(), x("N", 3, 4)),
    ...plain(x("N", 1, 4), x("N", 3, 4)),
    ...plain(x(4), x("N", 3, 4)),
    ...plain(x("N", 4), x("N", 4)),
  ],
  oneHot: [
    row<"oneHot">({ depth: 4 }, [indices("N", 3)]),
    row<"oneHot">({ depth: 3 }, [indices("N")]),
  ],
  resizeBilinear: resizes.map((attrs) => row<"resizeBilinear">(attrs, [x("N", 4, 3, 2)])),
  resizeNearest: resizes.map((attrs) => row<"resizeNearest">(attrs, [x("N", 4, 3, 2)])),
  resizeBilinearGrad: resizes.map((attrs) =>
    row<"resizeBilinearGrad">({ ...attrs, inputSize: [4, 3, 2] }, [x("N", ...attrs.size, 2)]),
  ),
  resizeNearestGrad: resizes.map((attrs) =>
    row<"resizeNearestGrad">({ ...attrs, inputSize: [4, 3, 2] }, [x("N", ...attrs.size, 2)]),
  ),
};
