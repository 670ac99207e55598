/**
 * The operations of the graph, with their attributes. Tensors are NHWC; names are the field's (TensorFlow's where it has one).
 * Adding an operation: a line here, an entry in a family beside this file, and one in a family under `engine/ops/`.
 */
import type { DType, Shape } from "../../base/tensor.ts";

/** Rows and columns. */
export type Pair = readonly [height: number, width: number];
/** Zero padding before the operation: a TensorFlow scheme, or explicit [top, bottom, left, right]. */
export type Padding = "same" | "valid" | readonly [number, number, number, number];

/** Of a convolution: cells between windows, padding, and cells between the taps of a window. */
export interface ConvAttrs {
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilations: Pair;
}
/** Of a pooling: the size of its window in cells, cells between windows, and padding. */
export interface PoolAttrs {
  readonly window: Pair;
  readonly strides: Pair;
  /** Padded cells do not count: not for the maximum, and not in an average's denominator. */
  readonly padding: Padding;
}
/** The spatial size and channels [H, W, C] of the tensor that a backward convolution or pooling restores. */
export interface Restores {
  readonly inputSize: readonly [number, number, number];
}
/** Axes that are reduced, counted from the front; `keepDims` leaves each with length 1. */
export interface ReduceAttrs {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}
/** Rows and columns of the result, and where its cells lie on those of the input. */
export interface ResizeAttrs {
  readonly size: Pair;
  /** `half-pixel`: centres at (i + 0.5) * scale - 0.5; `corners`: first and last centres meet; `legacy`: i * scale. */
  readonly centres: "half-pixel" | "corners" | "legacy";
}
/** How four numbers are a box: centre and size, or two corners, x or y first. */
export type BoxCorners = "centre" | "corners" | "corners, y first";

/** What a file's own non-maximum suppression is told. null: the file computes it, or has no limit. */
export interface BoxChoice {
  /** What the file calls it. */
  readonly operation: string;
  readonly form: BoxCorners;
  /** Why `form` is a guess, in a sentence; null: it is none. */
  readonly assumed: string | null;
  /** The least score of a box. */
  readonly score: number | null;
  /** The most of their union that two boxes may share. */
  readonly iou: number | null;
  /** How many boxes are left: of one class, and in all. */
  readonly mostOfClass: number | null;
  readonly most: number | null;
  /** Each class of a box is a candidate of its own; or its surest alone, which boxes of the same class suppress, or of any. */
  readonly classes: "each" | "surest" | "any";
}

type None = Readonly<Record<string, never>>;

/** Attributes by operation; where inputs are not obvious, the comment lists them in order. */
export interface OpAttrs {
  /** A tensor fed from outside. */
  input: { readonly name: string };
  /** A small tensor held in the graph itself (`GraphNode.value`). */
  constant: None;
  /** A parameter read lazily from the model file: `ref` addresses it in the graph's `WeightStore`. */
  weight: { readonly ref: string };
  /**
   * Something that is not understood, or is code. Never executed. With `chooses`: (boxes [N,boxes,4], scores [N,boxes,classes]), among
   * which it chooses.
   */
  opaque: { readonly reason: string; readonly chooses?: BoxChoice };

  /** (x [N,H,W,C], kernel [h,w,C/g,F]): g groups, each of C/g channels to F/g filters */
  conv2d: ConvAttrs;
  /** (x [N,H,W,C], kernel [h,w,C,M]) -> C*M channels */
  depthwiseConv2d: ConvAttrs;
  /** (dy, kernel [h,w,C/g,F]) -> [N,...inputSize]; also the forward pass of a transposed convolution. */
  conv2dInputGrad: ConvAttrs & Restores;
  depthwiseConv2dInputGrad: ConvAttrs & Restores;
  /** (x, b [C]) over the last axis */
  biasAdd: None;
  /** (a, b): matrices in the last two axes; the axes before them are equal, or ones in one of the two */
  matMul: { readonly transposeA: boolean; readonly transposeB: boolean };
  /** (x, scale, offset, mean, variance), each [C]; statistics frozen, last axis */
  batchNorm: { readonly epsilon: number };

  maxPool: PoolAttrs;
  avgPool: PoolAttrs;
  /** (x, y, dy) */
  maxPoolGrad: PoolAttrs;
  /** (dy) */
  avgPoolGrad: PoolAttrs & Restores;

  relu: None;
  relu6: None;
  leakyRelu: { readonly alpha: number };
  elu: None;
  sigmoid: None;
  tanh: None;
  softplus: None;
  exp: None;
  log: None;
  sqrt: None;
  rsqrt: None;
  square: None;
  abs: None;
  neg: None;
  sign: None;
  erf: None;
  reciprocal: None;
  floor: None;
  /** To the nearest whole number, halves to the even one. */
  round: None;
  sin: None;
  atan: None;
  cos: None;
  clip: { readonly min: number; readonly max: number };
  /** (dy, x): dy where 0 < x */
  reluGrad: None;
  /** (dy, x): dy where 0 < x < 6 */
  relu6Grad: None;
  /** (dy, y): dy where y >= 0, else dy * (y + 1) */
  eluGrad: None;

  /** Elementwise with NumPy broadcasting. */
  add: None;
  sub: None;
  mul: None;
  div: None;
  maximum: None;
  minimum: None;
  pow: None;
  /** Comparisons give bool. */
  greater: None;
  greaterEqual: None;
  less: None;
  lessEqual: None;
  equal: None;
  notEqual: None;
  logicalAnd: None;
  logicalOr: None;
  logicalNot: None;
  /** (condition bool, whenTrue, whenFalse), broadcast */
  select: None;
  cast: { readonly dtype: DType };

  sum: ReduceAttrs;
  mean: ReduceAttrs;
  max: ReduceAttrs;
  min: ReduceAttrs;
  /** Index (int32) of the first largest cell along one axis, which goes. */
  argMax: { readonly axis: number };
  /** Sum of the cells up to each one (without it: `exclusive`), or from it on (`reverse`). */
  cumSum: { readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean };
  /** Over the last axis. */
  softmax: None;
  logSoftmax: None;

  /** `null` stands for the batch axis. */
  reshape: { readonly shape: Shape };
  transpose: { readonly perm: readonly number[] };
  concat: { readonly axis: number };
  /** `size[i] === null`: to the end of that axis. */
  slice: { readonly begin: readonly number[]; readonly size: readonly (number | null)[] };
  /** Every `strides[i]`th cell from `begin[i]`; `size[i] === null`: as many as there are. */
  stridedSlice: {
    readonly begin: readonly number[];
    readonly size: readonly (number | null)[];
    readonly strides: readonly number[];
  };
  /** (x, int32 indices): the axis is replaced by the axes of `indices`. */
  gather: { readonly axis: number };
  /** `before`/`after` per axis. */
  pad: { readonly paddings: readonly (readonly [number, number])[]; readonly value: number };
  mirrorPad: {
    readonly paddings: readonly (readonly [number, number])[];
    readonly mode: "reflect" | "symmetric";
  };
  reverse: { readonly axes: readonly number[] };
  tile: { readonly multiples: readonly number[] };
  /** (x, like): x broadcast to the shape of `like` */
  broadcastLike: None;
  /** (int32 indices) -> one more axis of `depth` */
  oneHot: { readonly depth: number };

  resizeBilinear: ResizeAttrs;
  resizeNearest: ResizeAttrs;
  /** (dy): transposes the interpolation */
  resizeBilinearGrad: ResizeAttrs & Restores;
  resizeNearestGrad: ResizeAttrs & Restores;
}

/** Names of the operations, of those that carry a value too. */
export type Op = keyof OpAttrs;
/** Operations that carry a value instead of computing one. */
export type Source = "input" | "constant" | "weight" | "opaque";
/** Operations that compute. */
export type Made = Exclude<Op, Source>;
