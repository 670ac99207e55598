import type { Made } from "../../graph/index.ts";
import type { SumOp } from "./sums.ts";

/**
 * How relevance passes an operation that is no weighted sum.
 * `activation`: all of what the output has (a function of one number). `linear`: in the shares of the sum that each cell is.
 * `gradient`: as a gradient does, which moves relevance or gives it to the one that won. `product`: to the signal, none to its gate.
 */
export type Passes = "activation" | "linear" | "gradient" | "product" | "quotient";

/** Of every operation: forgetting one is a compile error. */
export const PASSES: Readonly<Record<Exclude<Made, SumOp>, Passes>> = {
  biasAdd: "linear",
  batchNorm: "linear",
  add: "linear",
  sub: "linear",
  sum: "linear",
  mean: "linear",
  avgPool: "linear",
  cumSum: "linear",
  resizeBilinear: "linear",

  relu: "activation",
  relu6: "activation",
  leakyRelu: "activation",
  elu: "activation",
  sigmoid: "activation",
  tanh: "activation",
  softplus: "activation",
  exp: "activation",
  log: "activation",
  sqrt: "activation",
  rsqrt: "activation",
  square: "activation",
  abs: "activation",
  erf: "activation",
  reciprocal: "activation",
  sin: "activation",
  atan: "activation",
  cos: "activation",
  clip: "activation",
  pow: "activation",

  mul: "product",
  div: "quotient",

  // the winner takes it all
  maxPool: "gradient",
  maximum: "gradient",
  minimum: "gradient",
  max: "gradient",
  min: "gradient",
  select: "gradient",
  // x * gradient is the share of Achtibat et al. 2024, by the Taylor expansion of the softmax
  softmax: "gradient",
  logSoftmax: "gradient",
  // numbers that only move, or turn
  neg: "gradient",
  cast: "gradient",
  reshape: "gradient",
  transpose: "gradient",
  concat: "gradient",
  slice: "gradient",
  stridedSlice: "gradient",
  gather: "gradient",
  pad: "gradient",
  mirrorPad: "gradient",
  reverse: "gradient",
  tile: "gradient",
  broadcastLike: "gradient",
  resizeNearest: "gradient",
  // nothing passes, or there is no rule: as the gradient says
  sign: "gradient",
  floor: "gradient",
  round: "gradient",
  greater: "gradient",
  greaterEqual: "gradient",
  less: "gradient",
  lessEqual: "gradient",
  equal: "gradient",
  notEqual: "gradient",
  logicalAnd: "gradient",
  logicalOr: "gradient",
  logicalNot: "gradient",
  argMax: "gradient",
  oneHot: "gradient",
  maxPoolGrad: "gradient",
  avgPoolGrad: "linear",
  reluGrad: "gradient",
  relu6Grad: "gradient",
  eluGrad: "gradient",
  resizeBilinearGrad: "linear",
  resizeNearestGrad: "linear",
};
