/**
 * Networks that are computed in whole numbers, as surrogates in floating point: nothing is rounded, so that gradients pass. What is
 * quantised by its own range while it runs is quantised by one step for all, which is exact.
 */
import * as cf from "../../lower/index.ts";
import type { Call, Operator, Operators } from "../call.ts";
import { geometryOf } from "./convolution.ts";
import { realParameter, SURROGATE } from "./quantization.ts";
import { recurrentWith } from "./recurrent.ts";

/** So fine that biases in steps of it lose nothing, and so coarse that they stay whole numbers; a power of two, which divides exactly. */
const STEP = 2 ** -16;

/** The number in steps, the step, and where zero is. */
function dynamic(call: Call): readonly cf.Value[] {
  call.note(SURROGATE);
  const steps = cf.binary(call.l, "mul", call.x, cf.number(1 / STEP));
  return [steps, cf.number(STEP), cf.ints([0], [])];
}

/** Whole numbers (x - zero) as real ones; of a parameter, a parameter with these numbers. `axis`: of more zeros than one. */
function shifted(call: Call, index: number, zeroAt: number, axis: number): cf.Value {
  const { l } = call;
  const [x, zero] = [call.input(index), call.optional(zeroAt)];
  if (x.kind === "parameter" && zero?.kind !== "tensor")
    return realParameter(l, x, cf.floats([1]), zero && l.numbers(zero, "zero"), axis);
  const own = cf.cast(l, x, "float32");
  if (!zero) return own;
  const along = cf.axisOf(axis, x.shape.length);
  const each = zero.shape[0] !== 1 && zero.shape.length === 1;
  const placed = each
    ? cf.reshape(
        l,
        zero,
        x.shape.map((_, i) => (i === along ? -1 : 1)),
      )
    : zero;
  return cf.binary(l, "sub", own, cf.cast(l, placed, "float32"));
}

const convInteger: Operator = (call) => {
  call.note(SURROGATE);
  const [x, kernel] = [shifted(call, 0, 2, 0), shifted(call, 1, 3, 0)];
  const geometry = geometryOf(call, cf.spatialRank(x));
  return cf.convolution(call.l, x, kernel, null, geometry, call.int("group", 1));
};

const matMulInteger: Operator = (call) => {
  call.note(SURROGATE);
  return cf.matMul(call.l, shifted(call, 0, 2, 0), shifted(call, 1, 3, -1));
};

/** (x - zero) * scale of inputs `index` (x), `index + 1` (scale) and `index + 2` (zero). */
function meant(call: Call, index: number, axis: number): cf.Value {
  const { l } = call;
  const [x, scale] = [call.input(index), call.input(index + 1)];
  const zero = call.optional(index + 2);
  if (x.kind === "parameter" && scale.kind !== "tensor" && zero?.kind !== "tensor")
    return realParameter(l, x, l.numbers(scale, "scale"), zero && l.numbers(zero, "zero"), axis);
  return cf.binary(l, "mul", shifted(call, index, index + 2, axis), scale);
}
/** x / scale + zero of the same. */
function told(call: Call, x: cf.Value, index: number): cf.Value {
  call.note(SURROGATE);
  const zero = call.optional(index + 1);
  const scaled = cf.binary(call.l, "div", x, call.input(index));
  return zero ? cf.binary(call.l, "add", scaled, cf.cast(call.l, zero, "float32")) : scaled;
}

/** (x, its scale and zero, kernel, its scale and zero, scale and zero of what it gives, bias in steps of both scales) */
const qLinearConv: Operator = (call) => {
  const { l } = call;
  const [x, kernel, bias] = [meant(call, 0, 0), meant(call, 3, 0), call.optional(8)];
  const step = bias && cf.binary(l, "mul", call.input(1), call.input(4));
  const own = bias && step && cf.binary(l, "mul", cf.cast(l, bias, "float32"), step);
  const geometry = geometryOf(call, cf.spatialRank(x));
  return told(call, cf.convolution(l, x, kernel, own, geometry, call.int("group", 1)), 6);
};
const qLinearMatMul: Operator = (call) =>
  told(call, cf.matMul(call.l, meant(call, 0, 0), meant(call, 3, -1)), 6);

/** Convolutions and products of whole numbers. */
export const integers: Operators = [
  ["DynamicQuantizeLinear", dynamic],
  ["ConvInteger", convInteger],
  ["MatMulInteger", matMulInteger],
  ["QLinearConv", qLinearConv],
  ["QLinearMatMul", qLinearMatMul],
];

/** An LSTM whose kernels are whole numbers, [directions, in, 4 * H], with a scale and a zero for each direction. */
const dynamicLstm: Operator = (call) => {
  call.note(SURROGATE);
  const kernel = (index: number, scaleAt: number): cf.Value => {
    const [x, scale] = [call.input(index), call.l.numbers(call.input(scaleAt), "scale")];
    const zeros = call.numbers(scaleAt + 1, "zero");
    const real = x.kind === "parameter" ? realParameter(call.l, x, scale, zeros, 0) : x;
    return cf.transpose(call.l, real, [0, 2, 1]);
  };
  return recurrentWith(call, "iofc", 3, [kernel(1, 8), kernel(2, 10)]);
};

/** Operations of onnxruntime's own domain, `com.microsoft`. */
export const MICROSOFT: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["DynamicQuantizeLSTM", dynamicLstm],
]);
