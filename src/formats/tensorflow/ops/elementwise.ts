import type { NodeId } from "../../../graph/index.ts";
import { sizeOf } from "../../../base/tensor.ts";
import { foldElementwise, plain } from "../fold.ts";
import type { Operation, Rule } from "../operation.ts";
import { TO_NCHW } from "../rearranged.ts";
import { dtypeOf } from "../types.ts";
import { host, Unsupported, type Host, type Value } from "../values.ts";
import { ACTIVATION_NAMES, activationNamed } from "./activations.ts";
import { behind, pointwise } from "./channels.ts";
import { writtenOut } from "./normalization.ts";

const isHost = (value: Value): value is Host => value.kind === "host";
/** What is known when the file is read is worked out at once. */
function folded(op: Operation): Host | null {
  return op.inputs.every(isHost) ? foldElementwise(op.op, op.inputs) : null;
}

const unary =
  (name: string): Rule =>
  (op) => {
    const known = folded(op);
    const activation = activationNamed(name);
    if (known || !activation) return known ?? op.value(0);
    return pointwise(op, op.tensor(0), (x) => activation(op, x));
  };

type Binary =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "maximum"
  | "minimum"
  | "pow"
  | "greater"
  | "greaterEqual"
  | "less"
  | "lessEqual"
  | "equal"
  | "notEqual"
  | "logicalAnd"
  | "logicalOr";
type Body = (op: Operation, a: NodeId, b: NodeId) => NodeId;

/** One value per channel ([C, 1, 1] or [1, C, 1, 1]) or a single one, for the channels-last side of a channels-first operand. */
function perChannel(op: Operation, value: Value): NodeId | null {
  if (value.kind === "node") return behind(op, value.id);
  const shape = op.shapeOf(value).map((axis) => axis ?? 0);
  const size = sizeOf(shape);
  const fits = size === 1 || (shape.at(-3) === size && shape.length >= 3);
  return fits ? op.reshape(op.asTensor(value), size === 1 ? [] : [size]) : null;
}

function onBoth(op: Operation, body: Body): NodeId {
  const [left, right] = [op.value(0), op.value(1)];
  const first = [left, right].some((v) => v.kind === "node" && behind(op, v.id) !== null);
  const [a, b] = first ? [perChannel(op, left), perChannel(op, right)] : [null, null];
  if (a !== null && b !== null) return op.transpose(body(op, a, b), TO_NCHW);
  const [x, y] = [op.tensor(0), op.tensor(1)];
  if (isHost(right) && sizeOf(right.shape) === 1) return pointwise(op, x, (p) => body(op, p, y));
  if (isHost(left) && sizeOf(left.shape) === 1) return pointwise(op, y, (p) => body(op, x, p));
  return body(op, x, y);
}

const binary =
  (body: Body): Rule =>
  (op) =>
    folded(op) ?? onBoth(op, body);
const plainly =
  (name: Binary): Body =>
  (op, a, b) =>
    op.make(name, [a, b]);

/** A vector added to maps is a bias, however its axes of length 1 are written. */
function biased(op: Operation): NodeId | null {
  for (const [at, other] of [
    [1, 0],
    [0, 1],
  ] as const) {
    const value = op.value(at);
    const x = op.value(other);
    if (value.kind !== "parameter" || x.kind !== "node") continue;
    const c = op.shape(x.id).at(-1);
    const vector = sizeOf(value.shape) === c && value.shape.at(-1) === c;
    if (!vector || op.shape(x.id).length < Math.max(2, value.shape.length)) continue;
    const bias = op.weight({ ...value, shape: [sizeOf(value.shape)] }, "bias", null);
    return pointwise(op, x.id, (last) => op.make("biasAdd", [last, bias]));
  }
  return null;
}
const isProduct = (op: Operation, value: Value): boolean => {
  if (value.kind !== "node") return false;
  const kind = op.get(behind(op, value.id) ?? value.id).op;
  return ["conv2d", "depthwiseConv2d", "conv2dInputGrad", "matMul", "reshape"].includes(kind);
};
const add: Rule = (op) => {
  const known = folded(op);
  if (known) return known;
  const bias = op.inputs.some((value) => isProduct(op, value)) ? biased(op) : null;
  if (bias !== null) return bias;
  return onBoth(op, (_, a, b) => writtenOut(op, a, b) ?? op.make("add", [a, b]));
};

const select: Rule = (op) => {
  const condition = op.value(0);
  if (isHost(condition) && sizeOf(condition.shape) === 1)
    return op.value(plain(condition.data[0] ?? 0) === 0 ? 2 : 1);
  const [c, a, b] = [op.tensor(0), op.tensor(1), op.tensor(2)];
  if (op.op === "Select" && op.shape(c).length !== op.shape(a).length)
    throw new Unsupported("it selects whole rows");
  return op.make("select", [c, a, b]);
};

const cast: Rule = (op) => {
  const dtype = dtypeOf(op.type("DstT", "FLOAT"));
  const value = op.value(0);
  if (isHost(value)) {
    const whole = dtype === "float32" ? Number : dtype === "bool" ? truth : Math.trunc;
    const data = value.data.map((v) => (typeof v === "number" ? whole(v) : v));
    return host(dtype, value.shape, data);
  }
  if (value.kind === "parameter" && value.parameter.dtype === dtype) return value;
  const x = op.tensor(0);
  return op.get(x).dtype === dtype ? x : op.make("cast", [x], { dtype });
};
const truth = (value: number): number => Number(value !== 0);

const clip: Rule = (op) => {
  const [min, max] = [op.number(1), op.number(2)];
  return pointwise(op, op.tensor(0), (x) => op.make("clip", [x], { min, max }));
};

/** 0 where the divisor is 0. */
const divNoNan: Body = (op, a, b) => {
  const zero = op.make("equal", [b, op.scalar(0)]);
  const safe = op.make("select", [zero, op.scalar(1), b]);
  return op.make("select", [zero, op.scalar(0), op.make("div", [a, safe])]);
};

export const elementwise: readonly (readonly [string, Rule])[] = [
  ...ACTIVATION_NAMES.map((name) => [name, unary(name)] as const),
  ["Add", add],
  ["AddV2", add],
  [
    "AddN",
    (op) => op.inputs.map((value) => op.asTensor(value)).reduce((a, b) => op.make("add", [a, b])),
  ],
  ["Sub", binary(plainly("sub"))],
  ["Mul", binary(plainly("mul"))],
  ["Div", binary(plainly("div"))],
  ["RealDiv", binary(plainly("div"))],
  ["DivNoNan", binary(divNoNan)],
  ["FloorDiv", binary((op, a, b) => op.make("floor", [op.make("div", [a, b])]))],
  ["TruncateDiv", (op) => folded(op) ?? unknownOf(op)],
  ["FloorMod", (op) => folded(op) ?? unknownOf(op)],
  ["Mod", (op) => folded(op) ?? unknownOf(op)],
  ["Maximum", binary(plainly("maximum"))],
  ["Minimum", binary(plainly("minimum"))],
  ["Pow", binary(plainly("pow"))],
  ["SquaredDifference", binary((op, a, b) => op.make("square", [op.make("sub", [a, b])]))],
  ["Greater", binary(plainly("greater"))],
  ["GreaterEqual", binary(plainly("greaterEqual"))],
  ["Less", binary(plainly("less"))],
  ["LessEqual", binary(plainly("lessEqual"))],
  ["Equal", binary(plainly("equal"))],
  ["NotEqual", binary(plainly("notEqual"))],
  ["LogicalAnd", binary(plainly("logicalAnd"))],
  ["LogicalOr", binary(plainly("logicalOr"))],
  ["LogicalNot", (op) => folded(op) ?? op.make("logicalNot", [op.tensor(0)])],
  ["Select", select],
  ["SelectV2", select],
  ["Cast", cast],
  ["ClipByValue", clip],
];

function unknownOf(op: Operation): never {
  throw new Unsupported(`${op.op} is understood only for what is known when the file is read`);
}
