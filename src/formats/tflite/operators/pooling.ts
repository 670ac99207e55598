import * as cf from "../../lower/index.ts";
import type { Call, Operator, Operators } from "../call.ts";
import { onPicture, steps, windows } from "./convolution.ts";
import { fused } from "./fused.ts";

const poolOf = (call: Call): cf.Pool => ({
  ...windows(call),
  window: steps(call, 4, 3),
  ceil: false,
});
const averagePool = (call: Call, x: cf.Value): cf.Value =>
  cf.averagePool(call.l, x, poolOf(call), false);
/** The root of the mean of squares. */
const l2Pool = (call: Call, x: cf.Value): cf.Value =>
  cf.unary(call.l, "sqrt", averagePool(call, cf.unary(call.l, "square", x)));

/** (x, axes) */
const reduction =
  (how: cf.Reduction): Operator =>
  (call) =>
    cf.reduce(call.l, how, call.x, call.numbers(1, "axes"), call.bool(0));

/** (x, axis): the place of the first largest cell, or of the least */
const place =
  (least: boolean): Operator =>
  (call) =>
    cf.argMax(call.l, call.x, call.number(1, "axis"), { least });

/** x / max(|x|, 1e-6), over the last axis */
const l2Normalization = ({ l, x }: Call): cf.Value => cf.unitNorm(l, x, -1, 2, 1e-6);

/** x / (bias + alpha * sum of squares over 2 radius + 1 channels)^beta (Krizhevsky, Sutskever, Hinton 2012, section 3.3) */
function localResponseNormalization(call: Call, x: cf.Value): cf.Value {
  const size = 2 * call.i32(0) + 1;
  const [bias, alpha, beta] = [call.f32(1), call.f32(2), call.f32(3)];
  return cf.localResponseNorm(call.l, x, size, alpha * size, beta, bias);
}

/** Windows, reductions and normalisations. */
export const pooling: Operators = [
  [
    "MAX_POOL_2D",
    fused(
      5,
      onPicture((call, x) => cf.maxPool(call.l, x, poolOf(call))),
    ),
  ],
  ["AVERAGE_POOL_2D", fused(5, onPicture(averagePool))],
  ["L2_POOL_2D", fused(5, onPicture(l2Pool))],
  ...[...cf.reductionsIn("tflite")].map(([name, how]) => [name, reduction(how)] as const),
  ["ARG_MAX", place(false)],
  ["ARG_MIN", place(true)],
  [
    "CUMSUM",
    (call) =>
      cf.cumSum(call.l, call.x, call.number(1, "axis"), {
        exclusive: call.bool(0),
        reverse: call.bool(1),
      }),
  ],
  ["L2_NORMALIZATION", fused(0, l2Normalization)],
  ["LOCAL_RESPONSE_NORMALIZATION", onPicture(localResponseNormalization)],
];
