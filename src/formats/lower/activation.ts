/** Activation functions by their formulas; all but PReLU and GLU work cell by cell. */
import type { NodeId } from "../../graph/index.ts";
import { binary, mapped, unary } from "./elementwise.ts";
import type { Lowering } from "./lowering.ts";
import { slice } from "./indexing.ts";
import { axisOf, known, type Value } from "./value.ts";

type Cellwise = (l: Lowering, x: Value) => Value;

const times = (l: Lowering, x: NodeId, factor: number): NodeId =>
  factor === 1 ? x : l.op("mul", [x, l.scalar(factor)]);
const plus = (l: Lowering, x: NodeId, value: number): NodeId =>
  value === 0 ? x : l.op("add", [x, l.scalar(value)]);

/** max(x, 0) + alpha * min(x, 0) */
export const leakyRelu = (l: Lowering, x: Value, alpha: number): Value =>
  mapped(l, x, (node) => l.op("leakyRelu", [node], { alpha }));

/** alpha * (exp(x) - 1) below zero, gamma times all. */
export const elu = (l: Lowering, x: Value, alpha = 1, gamma = 1): Value =>
  mapped(l, x, (node) => {
    const unit = l.op("elu", [node]);
    const positive = l.op("greater", [node, l.scalar(0)]);
    const scaled = alpha === 1 ? unit : l.op("select", [positive, unit, times(l, unit, alpha)]);
    return times(l, scaled, gamma);
  });
/** max(x, 0) + min(0, alpha * (exp(x / alpha) - 1)) */
export const celu = (l: Lowering, x: Value, alpha: number): Value =>
  mapped(l, x, (node) => {
    const below = times(l, l.op("elu", [times(l, node, 1 / alpha)]), alpha);
    return l.op("select", [l.op("greater", [node, l.scalar(0)]), node, below]);
  });
/**
 * gamma * elu(x, alpha), with the constants of Klambauer et al. 2017
 * (https://arxiv.org/abs/1706.02515).
 */
export const selu = (
  l: Lowering,
  x: Value,
  alpha = 1.6732632423543772,
  gamma = 1.0507009873554805,
): Value => elu(l, x, alpha, gamma);

/** 0.5 x (1 + erf(x / sqrt 2)), or its approximation by tanh. */
export const gelu = (l: Lowering, x: Value, approximate: boolean): Value =>
  mapped(l, x, (node) => {
    const cubed = l.op("mul", [node, l.op("square", [node])]);
    const inner = approximate
      ? l.op("tanh", [
          times(l, l.op("add", [node, times(l, cubed, 0.044715)]), Math.sqrt(2 / Math.PI)),
        ])
      : l.op("erf", [times(l, node, Math.SQRT1_2)]);
    return l.op("mul", [times(l, node, 0.5), plus(l, inner, 1)]);
  });

/** max(0, min(1, alpha x + beta)) */
const clampedLine = (l: Lowering, node: NodeId, alpha: number, beta: number): NodeId => {
  // relu6 is one operation, with a gradient of its own
  if (Math.abs(alpha - 1 / 6) < 1e-6 && beta === 0.5)
    return times(l, l.op("relu6", [plus(l, node, 3)]), 1 / 6);
  return l.op("clip", [plus(l, times(l, node, alpha), beta)], { min: 0, max: 1 });
};
/**
 * max(0, min(1, alpha x + beta)), by default with alpha 1/6 in PyTorch and Keras 3, 0.2 in ONNX and
 * Keras 2, and beta 0.5 in all of them.
 */
export const hardSigmoid = (l: Lowering, x: Value, alpha: number, beta: number): Value =>
  mapped(l, x, (node) => clampedLine(l, node, alpha, beta));
/** x relu6(x + 3) / 6 */
export const hardSwish: Cellwise = (l, x) =>
  mapped(l, x, (node) => l.op("mul", [node, clampedLine(l, node, 1 / 6, 0.5)]));
/** x sigmoid(x) (Elfwing et al. 2017, https://arxiv.org/abs/1702.03118): Swish with alpha 1. */
export const silu: Cellwise = (l, x) =>
  mapped(l, x, (node) => l.op("mul", [node, l.op("sigmoid", [node])]));
/** x sigmoid(alpha x) */
export const swish = (l: Lowering, x: Value, alpha: number): Value =>
  mapped(l, x, (node) => l.op("mul", [node, l.op("sigmoid", [times(l, node, alpha)])]));
/** x tanh(log(1 + exp(x))) (Misra 2019, https://arxiv.org/abs/1908.08681) */
export const mish: Cellwise = (l, x) =>
  mapped(l, x, (node) => l.op("mul", [node, l.op("tanh", [l.op("softplus", [node])])]));
/** x / (1 + |x|) */
export const softsign: Cellwise = (l, x) =>
  mapped(l, x, (node) => l.op("div", [node, plus(l, l.op("abs", [node]), 1)]));
/** log(1 / (1 + exp(-x))), as -softplus(-x): without overflow. */
export const logSigmoid: Cellwise = (l, x) =>
  mapped(l, x, (node) => l.op("neg", [l.op("softplus", [l.op("neg", [node])])]));
/** From here on float32 cannot tell log(1 + exp(x)) from x. */
const STRAIGHT = 20;
/** log(1 + exp(beta x)) / beta, and x itself where beta x > `threshold`. */
export const softplus = (l: Lowering, x: Value, beta = 1, threshold = STRAIGHT): Value =>
  mapped(l, x, (node) => {
    const inner = times(l, node, beta);
    const bent = times(l, l.op("softplus", [inner]), 1 / beta);
    if (threshold >= STRAIGHT) return bent;
    return l.op("select", [l.op("greater", [inner, l.scalar(threshold)]), node, bent]);
  });
/** x above `alpha`, else 0 */
export const thresholded = (l: Lowering, x: Value, alpha: number, otherwise = 0): Value =>
  mapped(l, x, (node) =>
    l.op("select", [l.op("greater", [node, l.scalar(alpha)]), node, l.scalar(otherwise)]),
  );
/** 0 in [-lambda, lambda]; outside x, moved towards zero by `bias`. */
export const shrink = (l: Lowering, x: Value, lambda: number, bias: number): Value =>
  mapped(l, x, (node) => {
    const below = l.op("less", [node, l.scalar(-lambda)]);
    const low = l.op("select", [below, plus(l, node, bias), l.scalar(0)]);
    const above = l.op("greater", [node, l.scalar(lambda)]);
    return l.op("select", [above, plus(l, node, -bias), low]);
  });

/** x - tanh(x) */
export const tanhShrink: Cellwise = (l, x) =>
  mapped(l, x, (node) => l.op("sub", [node, l.op("tanh", [node])]));
/** (x + sqrt(x^2 + b)) / 2 (Barron 2021, https://arxiv.org/abs/2112.11687) */
export const squareplus = (l: Lowering, x: Value, b = 4): Value =>
  mapped(l, x, (node) => {
    const root = l.op("sqrt", [plus(l, l.op("square", [node]), b)]);
    return times(l, l.op("add", [node, root]), 0.5);
  });
/** exp(x) - 1 */
export const expm1: Cellwise = (l, x) => mapped(l, x, (node) => plus(l, l.op("exp", [node]), -1));
/** log(1 + x) */
export const log1p: Cellwise = (l, x) => mapped(l, x, (node) => l.op("log", [plus(l, node, 1)]));
/** 1 - erf(x) */
export const erfc: Cellwise = (l, x) =>
  mapped(l, x, (node) => l.op("sub", [l.scalar(1), l.op("erf", [node])]));
/** sin(x) / cos(x), x in radians. */
export const tan: Cellwise = (l, x) => binary(l, "div", unary(l, "sin", x), unary(l, "cos", x));
const halfExponentials =
  (join: "add" | "sub"): Cellwise =>
  (l, x) =>
    mapped(l, x, (node) => {
      const [up, down] = [l.op("exp", [node]), l.op("exp", [l.op("neg", [node])])];
      return times(l, l.op(join, [up, down]), 0.5);
    });
/** (exp(x) - exp(-x)) / 2 */
export const sinh = halfExponentials("sub");
/** (exp(x) + exp(-x)) / 2 */
export const cosh = halfExponentials("add");

/** max(x, 0) + slope * min(x, 0); the slope broadcasts. */
export function prelu(l: Lowering, x: Value, slope: Value): Value {
  const below = unary(l, "neg", unary(l, "relu", unary(l, "neg", x)));
  return binary(l, "add", unary(l, "relu", x), binary(l, "mul", below, slope));
}

/** a * sigmoid(b) of the two halves of one axis. */
export function glu(l: Lowering, x: Value, axis: number): Value {
  const at = axisOf(axis, x.shape.length);
  const half = known(x.shape, at) / 2;
  const part = (from: number): Value => slice(l, x, [at], [from], [from + half], [1]);
  return binary(l, "mul", part(0), unary(l, "sigmoid", part(half)));
}
