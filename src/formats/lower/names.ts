/**
 * One table of names: what is the same operation in every format, in each format's words. A format fills its own table from it
 *
 *     for (const [name, { operands, run }] of operationsIn("onnx"))
 *       table.set(name, (call) => run(call.l, ...range(operands).map((i) => call.input(i))));
 *
 * and adds only what it decodes itself: settings, and what is odd about it. Operations with settings are named here too
 * (`SETTINGS`): how a format reads them is its own. `test/unit/formats/names.test.ts` asks each format for every word that
 * stands here, and fails on one that it does not know: a new operation is a row here, and its words follow.
 */
import { at } from "../../base/at.ts";
import * as activation from "./activation.ts";
import { ceil, remainder, truncated, wholeTimes } from "./division.ts";
import type { Unary } from "../../graph/index.ts";
import { binary, cast, number, unary, type Binary } from "./elementwise.ts";
import type { Lowering } from "./lowering.ts";
import type { Reduction } from "./reduction.ts";
import { Impossible } from "./unsupported.ts";
import type { Value } from "./value.ts";

/** Whose names: ONNX, PyTorch's aten, TensorFlow (and TensorFlow.js), TensorFlow Lite, or Keras. */
export type Dialect = "onnx" | "aten" | "tensorflow" | "tflite" | "keras";
/** In the order of the columns of the tables. */
export const DIALECTS: readonly Dialect[] = ["onnx", "aten", "tensorflow", "tflite", "keras"];

/**
 * What ONNX, PyTorch's aten (without overload), TensorFlow (and TensorFlow.js), TensorFlow Lite and Keras (functions in snake
 * case, layers by class) call it; several words with spaces between them, none where the dialect has no such operation, or
 * one with settings of its own.
 */
type Words = readonly [onnx: string, aten: string, tensorflow: string, tflite: string, keras: string]; // prettier-ignore

const UNARY: Readonly<Record<Unary, Words>> = {
  relu: ["Relu", "relu", "Relu", "RELU", ""],
  relu6: ["", "relu6", "Relu6", "RELU6", "relu6"],
  elu: ["", "", "Elu", "ELU", ""],
  sigmoid: ["Sigmoid", "sigmoid", "Sigmoid", "LOGISTIC", "sigmoid"],
  tanh: ["Tanh", "tanh", "Tanh", "TANH", "tanh"],
  softplus: ["Softplus", "", "Softplus", "", "softplus"],
  exp: ["Exp", "exp", "Exp", "EXP", "exp"],
  log: ["Log", "log", "Log", "LOG", "log"],
  sqrt: ["Sqrt", "sqrt", "Sqrt", "SQRT", "sqrt"],
  rsqrt: ["", "rsqrt", "Rsqrt", "RSQRT", "rsqrt"],
  square: ["", "square", "Square", "SQUARE", "square"],
  abs: ["Abs", "abs", "Abs", "ABS", "abs absolute"],
  neg: ["Neg", "neg", "Neg", "NEG", "negative neg"],
  sign: ["Sign", "sign", "Sign", "SIGN", "sign"],
  erf: ["Erf", "erf", "Erf", "FlexErf", "erf"],
  reciprocal: ["Reciprocal", "reciprocal", "Reciprocal Inv", "", "reciprocal"],
  floor: ["Floor", "floor", "Floor", "FLOOR", "floor"],
  round: ["Round", "", "Round Rint", "ROUND", "round"],
  sin: ["Sin", "sin", "Sin", "SIN", "sin"],
  atan: ["Atan", "atan arctan", "Atan", "", "arctan atan"],
  cos: ["Cos", "cos", "Cos", "COS", "cos"],
  logicalNot: ["Not", "logical_not", "LogicalNot", "LOGICAL_NOT", "logical_not"],
};

const BINARY: Readonly<Record<Binary, Words>> = {
  add: ["Add", "", "Add AddV2", "", "add add_v2"],
  sub: ["Sub", "", "Sub", "", "subtract sub"],
  mul: ["Mul", "mul", "Mul", "", "multiply mul"],
  div: ["Div", "", "Div RealDiv", "", "divide true_divide truediv"],
  maximum: ["", "maximum", "Maximum", "MAXIMUM", "maximum"],
  minimum: ["", "minimum", "Minimum", "MINIMUM", "minimum"],
  pow: ["", "pow", "Pow", "POW", "power pow"],
  greater: ["Greater", "gt", "Greater", "GREATER", "greater"],
  greaterEqual: ["GreaterOrEqual", "ge", "GreaterEqual", "GREATER_EQUAL", "greater_equal"],
  less: ["Less", "lt", "Less", "LESS", "less"],
  lessEqual: ["LessOrEqual", "le", "LessEqual", "LESS_EQUAL", "less_equal"],
  equal: ["Equal", "eq", "Equal", "EQUAL", "equal"],
  notEqual: ["Xor", "ne logical_xor", "NotEqual", "NOT_EQUAL", "not_equal logical_xor"],
  logicalAnd: ["And", "logical_and", "LogicalAnd", "LOGICAL_AND", "logical_and"],
  logicalOr: ["Or", "logical_or", "LogicalOr", "LOGICAL_OR", "logical_or"],
};

type Composite =
  | readonly [operands: 1, run: (l: Lowering, x: Value) => Value, words: Words]
  | readonly [operands: 2, run: (l: Lowering, a: Value, b: Value) => Value, words: Words];

/** By formulas, of one operand or two, without settings. */
const COMPOSITES: readonly Composite[] = [
  [1, ceil, ["Ceil", "ceil", "Ceil", "CEIL", "ceil"]],
  [1, truncated, ["", "trunc fix", "", "", "trunc fix"]],
  [1, activation.expm1, ["", "expm1", "Expm1", "", "expm1"]],
  [1, activation.log1p, ["", "log1p", "Log1p", "", "log1p"]],
  [1, activation.erfc, ["", "erfc", "Erfc", "", ""]],
  [1, activation.tan, ["Tan", "tan", "Tan", "", "tan"]],
  [1, activation.sinh, ["Sinh", "sinh", "Sinh", "", "sinh"]],
  [1, activation.cosh, ["Cosh", "cosh", "Cosh", "", "cosh"]],
  [1, activation.softsign, ["Softsign", "softsign", "Softsign", "", "softsign"]],
  [1, activation.mish, ["Mish", "mish", "", "", "mish"]],
  [1, activation.silu, ["", "silu", "", "", "silu swish"]],
  [1, activation.hardSwish, ["HardSwish", "hardswish", "", "HARD_SWISH", "hard_silu hard_swish"]],
  [1, activation.logSigmoid, ["", "log_sigmoid", "", "", "log_sigmoid"]],
  [1, activation.selu, ["", "selu", "Selu", "", "selu"]],
  [1, activation.tanhShrink, ["", "", "", "", "tanh_shrink"]],
  [1, activation.squareplus, ["", "", "", "", "squareplus"]],
  [1, isNaN, ["IsNaN", "isnan", "IsNan", "", "isnan"]],
  [1, zeros, ["", "zeros_like", "ZerosLike", "ZEROS_LIKE", "zeros_like"]],
  [2, (l, a, b) => remainder(l, a, b, "b"), ["", "remainder", "FloorMod", "FLOOR_MOD", "mod floormod remainder"]],
  [2, (l, a, b) => remainder(l, a, b, "a"), ["", "fmod", "Mod TruncateMod", "", ""]],
  [2, (l, a, b) => wholeTimes(l, a, b, "down"), ["", "floor_divide floordiv", "FloorDiv", "FLOOR_DIV", "floor_divide floordiv"]],
  [2, (l, a, b) => wholeTimes(l, a, b, "zero"), ["", "", "TruncateDiv", "", ""]],
  [2, (l, a, b) => unary(l, "square", binary(l, "sub", a, b)), ["", "", "SquaredDifference", "SQUARED_DIFFERENCE", "squared_difference"]],
]; // prettier-ignore

function isNaN(l: Lowering, x: Value): Value {
  return binary(l, "notEqual", x, x);
}
function zeros(l: Lowering, x: Value): Value {
  return cast(l, binary(l, "mul", x, cast(l, number(0), l.dtype(x))), l.dtype(x));
}

/** Over axes that a format reads its own way. */
export const REDUCTIONS: Readonly<Record<Reduction, Words>> = {
  sum: ["ReduceSum", "sum", "Sum", "SUM", "sum reduce_sum"],
  mean: ["ReduceMean", "mean", "Mean", "MEAN", "mean reduce_mean"],
  max: ["ReduceMax", "amax", "Max", "REDUCE_MAX", "max amax reduce_max"],
  min: ["ReduceMin", "amin", "Min", "REDUCE_MIN", "min amin reduce_min"],
  prod: ["ReduceProd", "prod", "Prod", "REDUCE_PROD", "prod reduce_prod"],
  all: ["", "all", "All", "REDUCE_ALL", "all reduce_all"],
  any: ["", "any", "Any", "REDUCE_ANY", "any reduce_any"],
  l1: ["ReduceL1", "", "", "", ""],
  l2: ["ReduceL2", "", "EuclideanNorm", "", ""],
  sumSquare: ["ReduceSumSquare", "", "", "", ""],
  logSum: ["ReduceLogSum", "", "", "", ""],
  logSumExp: ["ReduceLogSumExp", "logsumexp", "", "", "logsumexp reduce_logsumexp"],
};

/** Operations with settings: only their words, for the test. */
const SETTINGS: readonly Words[] = [
  ["LeakyRelu", "leaky_relu", "LeakyRelu", "LEAKY_RELU", "leaky_relu LeakyReLU"],
  ["PRelu", "prelu _prelu_kernel", "Prelu", "PRELU", "PReLU"],
  ["Elu", "elu", "", "", "elu ELU"],
  ["Celu", "celu", "", "", "celu"],
  ["Selu", "", "", "", ""],
  ["Gelu", "gelu", "", "GELU", "gelu"],
  ["HardSigmoid", "hardsigmoid", "", "", "hard_sigmoid"],
  ["Swish", "", "", "", ""],
  ["", "hardtanh", "", "RELU_N1_TO_1 RELU_0_TO_1", "hard_tanh"],
  ["", "softplus", "", "", ""],
  ["Shrink", "hardshrink softshrink", "", "", "hard_shrink soft_shrink"],
  ["ThresholdedRelu", "threshold", "", "", "threshold ThresholdedReLU"],
  ["", "glu", "", "", "glu"],
  ["Softmax", "softmax _softmax", "Softmax", "SOFTMAX", "softmax Softmax"],
  ["LogSoftmax", "log_softmax _log_softmax", "LogSoftmax", "LOG_SOFTMAX", "log_softmax"],
  ["Clip", "clamp clamp_min clamp_max", "ClipByValue", "", "clip clip_by_value"],
  ["Max Min", "", "", "", ""],
  ["Sum", "", "AddN", "ADD_N", ""],
  ["", "add sub rsub div", "", "ADD SUB MUL DIV", ""],
  ["", "round", "", "", ""],
  ["Pow", "", "", "", ""],
  ["Mod", "", "", "", ""],
  ["Where", "where", "Select SelectV2", "SELECT SELECT_V2", "where"],
  ["Cast", "to _to_copy", "Cast", "CAST", "cast"],
  ["ArgMax ArgMin", "argmax argmin", "ArgMax ArgMin", "ARG_MAX ARG_MIN", "argmax argmin"],
  ["CumSum", "cumsum", "Cumsum", "CUMSUM", "cumsum"],
  ["", "var std var_mean", "", "", "var std"],
  ["OneHot", "one_hot", "OneHot", "ONE_HOT", "one_hot"],
  ["BatchNormalization", "batch_norm", "FusedBatchNorm FusedBatchNormV3", "", "BatchNormalization"],
  ["LayerNormalization", "layer_norm native_layer_norm", "", "", "LayerNormalization"],
  ["GroupNormalization", "group_norm native_group_norm", "", "", "GroupNormalization"],
  ["InstanceNormalization", "instance_norm", "", "", ""],
  ["RMSNormalization", "rms_norm", "", "", "RMSNormalization"],
  ["LpNormalization", "normalize linalg_vector_norm", "", "L2_NORMALIZATION", "UnitNormalization"],
  ["LRN", "", "LRN", "LOCAL_RESPONSE_NORMALIZATION", ""],
  ["Attention", "scaled_dot_product_attention", "", "", "MultiHeadAttention Attention"],
  ["LSTM GRU RNN", "lstm gru rnn_tanh rnn_relu", "", "", "LSTM GRU SimpleRNN"],
  ["MatMul", "matmul mm bmm", "MatMul BatchMatMul BatchMatMulV2", "BATCH_MATMUL", "matmul"],
  ["Gemm", "addmm linear", "_FusedMatMul", "FULLY_CONNECTED", "Dense EinsumDense"],
  ["Einsum", "einsum", "Einsum", "", "einsum"],
  ["Conv ConvTranspose", "convolution conv2d", "Conv2D Conv2DBackpropInput DepthwiseConv2dNative", "CONV_2D TRANSPOSE_CONV DEPTHWISE_CONV_2D", "Conv2D Conv2DTranspose DepthwiseConv2D SeparableConv2D"],
  ["MaxPool AveragePool", "max_pool2d avg_pool2d", "MaxPool AvgPool", "MAX_POOL_2D AVERAGE_POOL_2D", "MaxPooling2D AveragePooling2D"],
  ["Resize Upsample", "upsample_nearest2d upsample_bilinear2d", "ResizeBilinear ResizeNearestNeighbor", "RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR", "UpSampling2D Resizing"],
  ["DepthToSpace SpaceToDepth", "pixel_shuffle pixel_unshuffle", "DepthToSpace SpaceToDepth", "DEPTH_TO_SPACE SPACE_TO_DEPTH", ""],
  ["Reshape Flatten", "reshape view flatten", "Reshape", "RESHAPE", "reshape Flatten Reshape"],
  ["Transpose", "permute transpose", "Transpose", "TRANSPOSE", "transpose Permute"],
  ["Squeeze Unsqueeze", "squeeze unsqueeze", "Squeeze ExpandDims", "SQUEEZE EXPAND_DIMS", "squeeze expand_dims"],
  ["Expand", "expand", "BroadcastTo", "BROADCAST_TO", "broadcast_to"],
  ["Tile", "repeat tile", "Tile", "TILE", "tile"],
  ["Concat", "cat", "ConcatV2 Concat", "CONCATENATION", "concatenate Concatenate"],
  ["", "stack unbind", "Pack Unpack", "PACK UNPACK", "stack unstack"],
  ["Slice", "slice select", "Slice StridedSlice", "SLICE STRIDED_SLICE", "get_item"],
  ["Split", "split split_with_sizes chunk", "Split SplitV", "SPLIT SPLIT_V", "split"],
  ["Gather", "index_select index", "GatherV2 Gather", "GATHER", "take"],
  ["GatherND", "", "GatherNd", "GATHER_ND", ""],
  ["Pad", "pad constant_pad_nd reflection_pad2d", "Pad PadV2 MirrorPad", "PAD PADV2 MIRROR_PAD", "pad ZeroPadding2D"],
  ["", "flip", "ReverseV2", "REVERSE_V2", "flip"],
  ["", "roll", "Roll", "", "roll"],
  ["Trilu", "tril triu", "", "", "tril triu"],
]; // prettier-ignore

/** An operation without settings on so many operands. */
export interface NamedOperation {
  readonly operands: number;
  /** Throws `Unsupported`, or a RangeError where shapes do not fit. */
  readonly run: (l: Lowering, ...operands: Value[]) => Value;
}

const split = (words: string): string[] => words.split(" ").filter(Boolean);
const wordsIn = (dialect: Dialect, words: Words): string[] =>
  split(at(words, DIALECTS.indexOf(dialect)));
const entriesOf = <K extends string>(table: Readonly<Record<K, Words>>): [K, Words][] =>
  Object.entries(table) as [K, Words][];

/** Operations without settings by the dialect's words. */
export function operationsIn(dialect: Dialect): ReadonlyMap<string, NamedOperation> {
  const all: [number, NamedOperation["run"], Words][] = [
    ...entriesOf(UNARY).map(([op, words]): (typeof all)[number] => [1, (l, x) => unary(l, op, given(x)), words]),
    ...entriesOf(BINARY).map(([op, words]): (typeof all)[number] => [2, (l, a, b) => binary(l, op, given(a), given(b)), words]),
    ...COMPOSITES.map((row): (typeof all)[number] => {
      const [operands, run, words] = row;
      return [operands, run, words];
    }),
  ]; // prettier-ignore
  return new Map(
    all.flatMap(([operands, run, words]) =>
      wordsIn(dialect, words).map((word) => [word, { operands, run }] as const),
    ),
  );
}
/** Throws `Impossible` where an operation on `operands` values is given more: it would be answered from some of them. */
export function refuseMore(name: string, operands: number, count: number): void {
  if (count <= operands) return;
  const takes = operands === 1 ? "one value" : `${operands} values`;
  throw new Impossible(`'${name}' takes ${takes} and is given ${count}`);
}

function given(value: Value | undefined): Value {
  if (!value) throw new RangeError("an operand is missing");
  return value;
}

/** Reductions by the dialect's words. */
export const reductionsIn = (dialect: Dialect): ReadonlyMap<string, Reduction> =>
  new Map(
    entriesOf(REDUCTIONS).flatMap(([how, words]) =>
      wordsIn(dialect, words).map((word) => [word, how] as const),
    ),
  );

/** Every word of the dialect that stands here: what a format has to know. */
export const wordsOf = (dialect: Dialect): readonly string[] => [
  ...operationsIn(dialect).keys(),
  ...reductionsIn(dialect).keys(),
  ...SETTINGS.flatMap((words) => wordsIn(dialect, words)),
];
