import type { NodeId } from "../../../graph/index.ts";
import { Unsupported, type Lower, type OpScope } from "../scope.ts";
import { activated } from "./fused.ts";

type Binary = "add" | "sub" | "mul" | "div" | "maximum" | "minimum" | "pow";
type Comparison = "greater" | "greaterEqual" | "less" | "lessEqual" | "equal" | "notEqual";
type Unary =
  | "relu"
  | "relu6"
  | "sigmoid"
  | "tanh"
  | "elu"
  | "exp"
  | "log"
  | "sqrt"
  | "rsqrt"
  | "square"
  | "abs"
  | "neg"
  | "sign"
  | "floor"
  | "round"
  | "sin"
  | "cos";

/** `fused`: the option that holds a fused activation. */
export const binary =
  (op: Binary, fused: number | null = 0): Lower =>
  (scope) => {
    const out = scope.op(op, [scope.node(0), scope.node(1)]);
    return fused === null ? out : activated(scope, out, fused);
  };
export const compare =
  (op: Comparison | "logicalAnd" | "logicalOr"): Lower =>
  (scope) =>
    scope.op(op, [scope.node(0), scope.node(1)]);
export const unary =
  (op: Unary): Lower =>
  (scope) =>
    scope.op(op, [scope.node(0)]);

export const addN: Lower = (scope) =>
  Array.from({ length: scope.count }, (_, i) => scope.node(i)).reduce((a, b) =>
    scope.op("add", [a, b]),
  );
export const squaredDifference: Lower = (scope) =>
  scope.op("square", [scope.op("sub", [scope.node(0), scope.node(1)])]);
export const floorDiv: Lower = (scope) =>
  scope.op("floor", [scope.op("div", [scope.node(0), scope.node(1)])]);
/** With the sign of the divisor. */
export const floorMod: Lower = (scope) => {
  const [a, b] = [scope.node(0), scope.node(1)];
  return scope.op("sub", [a, scope.op("mul", [scope.op("floor", [scope.op("div", [a, b])]), b])]);
};
export const ceil: Lower = (scope) =>
  scope.op("neg", [scope.op("floor", [scope.op("neg", [scope.node(0)])])]);
export const logicalNot: Lower = (scope) => scope.op("logicalNot", [scope.node(0)]);
export const select: Lower = (scope) =>
  scope.op("select", [scope.node(0), scope.node(1), scope.node(2)]);
export const zerosLike: Lower = (scope) => scope.op("mul", [scope.node(0), scope.scalar(0)]);

export const clip =
  (min: number, max: number): Lower =>
  (scope) =>
    scope.op("clip", [scope.node(0)], { min, max });
export const leakyRelu: Lower = (scope) =>
  scope.op("leakyRelu", [scope.node(0)], { alpha: scope.f32(0) });
/** relu(x) + alpha * min(x, 0), alpha learned */
export const prelu: Lower = (scope) => {
  const x = scope.node(0);
  const below = scope.op("mul", [
    scope.node(1, "alpha"),
    scope.op("minimum", [x, scope.scalar(0)]),
  ]);
  return scope.op("add", [scope.op("relu", [x]), below]);
};
/** x * relu6(x + 3) / 6 (Howard et al. 2019, "Searching for MobileNetV3") */
export const hardSwish: Lower = (scope) => {
  const x = scope.node(0);
  const gate = scope.times(scope.op("relu6", [scope.plus(x, 3)]), 1 / 6);
  return scope.op("mul", [x, gate]);
};
/** x * Phi(x), or its approximation by tanh (Hendrycks, Gimpel 2016) */
export const gelu: Lower = (scope) => {
  const x = scope.node(0);
  const inner = scope.bool(0)
    ? scope.op("tanh", [scope.times(cubed(scope, x), Math.sqrt(2 / Math.PI))])
    : scope.op("erf", [scope.times(x, Math.SQRT1_2)]);
  return scope.op("mul", [scope.times(x, 0.5), scope.plus(inner, 1)]);
};
const cubed = (scope: OpScope, x: NodeId): NodeId =>
  scope.op("add", [x, scope.times(scope.op("mul", [x, scope.op("square", [x])]), 0.044715)]);
export const softmax: Lower = (scope) =>
  scope.op("softmax", [scope.times(scope.node(0), scope.f32(0, 1))]);
export const logSoftmax: Lower = (scope) => scope.op("logSoftmax", [scope.node(0)]);
export const erf: Lower = (scope) => scope.op("erf", [scope.node(0)]);

/** Numbers stay what they are; between floating point and integers they are converted. */
export const cast: Lower = (scope) => {
  const type = scope.output?.type ?? null;
  const x = scope.node(0);
  if (type === null) throw new Unsupported("it converts to something that is no number");
  const dtype = type === "bool" ? "bool" : type.startsWith("float") ? "float32" : "int32";
  return scope.dtypeOf(x) === dtype ? x : scope.op("cast", [x], { dtype });
};
/** Real numbers in, real numbers out: here integers that stand for real numbers are these numbers. */
export const identity: Lower = (scope) => scope.node(0);
