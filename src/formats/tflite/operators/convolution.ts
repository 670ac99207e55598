/** Windows over pictures [N, H, W, C]. The shared functions see them channels-first, which moves nothing. */
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operators } from "../call.ts";
import { fused } from "./fused.ts";

type Pair = readonly [rows: number, columns: number];

/** `body` of a picture [N, H, W, C], the first input where none is told, seen channels-first. */
export const onPicture =
  (body: (call: Call, x: cf.Value) => cf.Value, input = 0) =>
  (call: Call): cf.Value => {
    const picture = call.input(input);
    if (picture.shape.length !== 4)
      throw new Unsupported("it works on something that is no picture");
    return cf.withChannelsAt(call.l, picture, 3, (x) => body(call, x));
  };

/** Options of rows and columns that are at least 1. */
export function steps(call: Call, rows: number, columns: number): Pair {
  const pair = [call.i32(rows, 1), call.i32(columns, 1)] as const;
  if (pair.some((step) => step < 1)) throw new Unsupported("its windows do not move");
  return pair;
}
const NONE = { begin: [0, 0], end: [0, 0] } as const;
/** SAME is 0, VALID is 1. Throws `Unsupported` for another. */
function paddingOf(call: Call): cf.Geometry["padding"] {
  const kind = call.i8(0);
  if (kind !== 0 && kind !== 1) throw new Unsupported(`its padding ${kind} is not known`);
  return kind === 0 ? "upper" : NONE;
}
/** Padding and strides stand in the same fields of all windows. */
export const windows = (call: Call, dilations: Pair = [1, 1]): cf.Geometry => ({
  padding: paddingOf(call),
  strides: steps(call, 2, 1),
  dilations,
});

/** (x, kernel [F, h, w, C / groups], bias [F]) */
function convolution(call: Call, x: cf.Value): cf.Value {
  const kernel = cf.transpose(call.l, call.input(1, "kernel"), [0, 3, 1, 2]);
  const [channels, inputs] = [cf.known(x.shape, 1), cf.known(kernel.shape, 1)];
  if (channels % inputs !== 0)
    throw new Unsupported(`a kernel for ${inputs} channels meets ${channels}`);
  const geometry = windows(call, steps(call, 5, 4));
  const bias = call.optional(2, "bias");
  return cf.convolution(call.l, x, kernel, bias, geometry, channels / inputs);
}

/** (x, kernel [1, h, w, C * M], bias [C * M]) */
function depthwise(call: Call, x: cf.Value): cf.Value {
  const kernel = cf.transpose(call.l, call.input(1, "kernel"), [3, 0, 1, 2]);
  const geometry = windows(call, steps(call, 6, 5));
  const bias = call.optional(2, "bias");
  const groups = cf.known(x.shape, 1);
  return cf.convolution(call.l, x, kernel, bias, geometry, groups);
}

/** (shape of the output, kernel [F, h, w, C], x, bias [F]): the gradient of a convolution with respect to its input */
function transposed(call: Call, x: cf.Value): cf.Value {
  const kernel = cf.transpose(call.l, call.input(1, "kernel"), [3, 0, 1, 2]);
  const [, ...size] = call.numbers(0, "output shape");
  return upTo(call, x, kernel, call.optional(3, "bias"), windows(call), size);
}

/**
 * MediaPipe's `Convolution2DTransposeBias` (x, kernel [F, h, w, C], bias [F]): a transposed convolution whose settings are three whole
 * numbers, padding (1: same, 2: valid) and strides along rows and columns the other way round.
 * https://github.com/google-ai-edge/mediapipe/blob/v0.10.14/mediapipe/util/tflite/operations/transpose_conv_bias.cc
 */
function transposedWithBias(call: Call, x: cf.Value): cf.Value {
  const [kind = 0, columns = 0, rows = 0] = call.operator.record();
  if ((kind !== 1 && kind !== 2) || rows < 1 || columns < 1)
    throw new Unsupported("its settings are not those of a transposed convolution");
  const kernel = cf.transpose(call.l, call.input(1, "kernel"), [3, 0, 1, 2]);
  const strides = [rows, columns];
  const size = strides.map((stride, i) => {
    const over = cf.known(kernel.shape, i + 2) - stride;
    return cf.known(x.shape, i + 2) * stride + (kind === 2 ? Math.max(0, over) : 0);
  });
  const geometry = { strides, dilations: [1, 1], padding: kind === 1 ? ("upper" as const) : NONE };
  return upTo(call, x, kernel, call.optional(2, "bias"), geometry, size);
}

/** A transposed convolution whose output has `size` rows and columns. */
function upTo(
  call: Call,
  x: cf.Value,
  kernel: cf.Value,
  bias: cf.Value | null,
  { strides, dilations, padding }: cf.Geometry,
  size: readonly number[],
): cf.Value {
  // what the windows reach beyond the output is cut off, the odd cell behind; what they do not reach is zeros behind
  const beyond = strides.map(
    (stride, i) =>
      (cf.known(x.shape, i + 2) - 1) * stride + cf.known(kernel.shape, i + 2) - (size[i] ?? NaN),
  );
  if (!beyond.every(Number.isInteger) || (padding === NONE && beyond.some((n) => n > 0)))
    throw new Unsupported(`its output of ${size.join(" x ")} cells is none`);
  const cut = beyond.map((n) => Math.max(0, n));
  const begin = cut.map((n) => Math.floor(n / 2));
  const geometry = {
    strides,
    dilations,
    padding: { begin, end: cut.map((n) => Math.ceil(n / 2)) },
  };
  const outputPadding = beyond.map((n) => Math.max(0, -n));
  const how = { outputPadding, outputShape: null };
  return cf.transposedConvolution(call.l, x, kernel, bias, geometry, 1, how);
}

/** (x, matrix [units, C], bias [units]): over the last axis, or over all of a picture's numbers */
function fullyConnected(call: Call): cf.Value {
  const { l, x } = call;
  if (call.i8(1) !== 0) throw new Unsupported("its matrix is stored in a shuffled order");
  const matrix = call.input(1, "kernel");
  const flat = call.bool(2) ? x : cf.reshape(l, x, [-1, cf.known(matrix.shape, 1)]);
  return cf.linear(l, flat, matrix, call.optional(2, "bias"));
}

/** (a, b): matrices in the last two axes, each transposed first where told */
function batchMatMul(call: Call): cf.Value {
  const turned = { transposeA: call.bool(0), transposeB: call.bool(1) };
  return cf.matMul(call.l, call.x, call.input(1, "kernel"), turned);
}

/** Convolutions and matrix products. */
export const convolutions: Operators = [
  ["CONV_2D", fused(3, onPicture(convolution))],
  ["DEPTHWISE_CONV_2D", fused(4, onPicture(depthwise))],
  ["TRANSPOSE_CONV", fused(3, onPicture(transposed, 2))],
  ["Convolution2DTransposeBias", onPicture(transposedWithBias)],
  ["FULLY_CONNECTED", fused(0, fullyConnected)],
  ["BATCH_MATMUL", batchMatMul],
];
