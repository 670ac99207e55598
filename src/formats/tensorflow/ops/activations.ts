/** Functions of one number, in operations of the graph. */
import type { NodeId } from "../../../graph/index.ts";
import type { Operation } from "../operation.ts";

type Activation = (op: Operation, x: NodeId) => NodeId;

const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };
const times = (op: Operation, x: NodeId, factor: number): NodeId =>
  op.make("mul", [x, op.scalar(factor)]);
const plus = (op: Operation, x: NodeId, value: number): NodeId =>
  op.make("add", [x, op.scalar(value)]);

type Simple =
  | "relu"
  | "relu6"
  | "elu"
  | "sigmoid"
  | "tanh"
  | "softplus"
  | "exp"
  | "log"
  | "sqrt"
  | "rsqrt"
  | "square"
  | "abs"
  | "neg"
  | "sign"
  | "erf"
  | "reciprocal"
  | "floor";
const simple =
  (name: Simple): Activation =>
  (op, x) =>
    op.make(name, [x]);
/** TF.js names the slope's attribute otherwise when it is fused. */
const slope = (op: Operation): number => op.float("alpha", op.float("leakyrelu_alpha", 0.2));

const selu: Activation = (op, x) => {
  const unit = op.make("elu", [x]);
  const positive = op.make("greater", [x, op.scalar(0)]);
  const below = times(op, unit, SELU.alpha);
  return times(op, op.make("select", [positive, unit, below]), SELU.scale);
};

const ACTIVATIONS: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ["Relu", simple("relu")],
  ["Relu6", simple("relu6")],
  ["Elu", simple("elu")],
  ["Selu", selu],
  ["LeakyRelu", (op, x) => op.make("leakyRelu", [x], { alpha: slope(op) })],
  ["Sigmoid", simple("sigmoid")],
  ["Tanh", simple("tanh")],
  ["Softplus", simple("softplus")],
  ["Softsign", (op, x) => op.make("div", [x, plus(op, op.make("abs", [x]), 1)])],
  ["Exp", simple("exp")],
  ["Expm1", (op, x) => plus(op, op.make("exp", [x]), -1)],
  ["Log", simple("log")],
  ["Log1p", (op, x) => op.make("log", [plus(op, x, 1)])],
  ["Sqrt", simple("sqrt")],
  ["Rsqrt", simple("rsqrt")],
  ["Square", simple("square")],
  ["Abs", simple("abs")],
  ["Neg", simple("neg")],
  ["Sign", simple("sign")],
  ["Erf", simple("erf")],
  ["Erfc", (op, x) => op.make("sub", [op.scalar(1), op.make("erf", [x])])],
  ["Reciprocal", simple("reciprocal")],
  ["Inv", simple("reciprocal")],
  ["Floor", simple("floor")],
  ["Ceil", (op, x) => op.make("neg", [op.make("floor", [op.make("neg", [x])])])],
  ["ZerosLike", (op, x) => times(op, x, 0)],
]);

export const activationNamed = (name: string): Activation | undefined => ACTIVATIONS.get(name);
export const ACTIVATION_NAMES: readonly string[] = [...ACTIVATIONS.keys()];
