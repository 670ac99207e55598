import { at } from "../../../base/at.ts";
import { sizeOf } from "../../../base/tensor.ts";
import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Operation, Rule, Rules } from "../operation.ts";
import { dtypeOf } from "../types.ts";
import { FUNCTIONS } from "./functions.ts";
import { prelu } from "./fused.ts";
import { writtenOut } from "./written-out.ts";

/** `rule` for an operation with as many inputs at most. Throws `Impossible` where it has more. */
function taking(operands: number, rule: Rule): Rule {
  return (op) => {
    lower.refuseMore(op.l.name, operands, op.edges.length);
    return rule(op);
  };
}

/** Operations on two numbers that need no more than these. */
const plain = [...lower.operationsIn("tensorflow")].flatMap(([name, { operands, run }]) => {
  const rule: Rule = (op) => run(op.l, op.x, op.value(1));
  return operands === 2 ? [[name, taking(2, rule)] as const] : [];
});

/** What the network multiplied with a kernel, or gave another shape since. */
const PRODUCTS: readonly string[] = ["conv2d", "depthwiseConv2d", "conv2dInputGrad", "matMul", "reshape"]; // prettier-ignore

/** A vector added to a product is its bias, however its axes of length 1 are written; null for any other sum. */
function biased(op: Operation): lower.Value | null {
  const { builder } = op.l.network;
  for (const [first, second] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const [x, vector] = [op.value(first), op.value(second)];
    if (x.kind !== "tensor" || vector.kind !== "parameter") continue;
    if (!PRODUCTS.includes(builder.get(x.node).op)) continue;
    const size = sizeOf(vector.shape);
    // channels are in the node's last axis, wherever the file has them
    const axis = at(x.order, -1);
    const place = axis - x.shape.length + vector.shape.length;
    if (x.shape.length < 2 || x.shape[axis] !== size || vector.shape[place] !== size) continue;
    if (vector.shape.length > x.shape.length) continue;
    const bias = lower.reshape(op.l, op.parameter(second, "bias"), [size]);
    return lower.addBias(op.l, x, bias, axis);
  }
  return null;
}
const add: Rule = (op) => biased(op) ?? writtenOut(op) ?? lower.binary(op.l, "add", op.x, op.value(1)); // prettier-ignore

const select: Rule = (op) => {
  const [condition, a, b] = [op.x, op.value(1), op.value(2)];
  const decided = sizeOf(condition.shape) === 1 ? op.l.known(condition) : null;
  if (decided) return at(decided.data, 0) === 0 ? b : a;
  if (op.op === "Select" && condition.shape.length !== a.shape.length)
    throw new Unsupported("it selects whole rows");
  return lower.select(op.l, condition, a, b);
};

/** 0 where the divisor is 0. */
const divNoNan: Rule = (op) => {
  const { l } = op;
  const divisor = op.value(1);
  const zero = lower.binary(l, "equal", divisor, lower.number(0));
  const safe = lower.select(l, zero, lower.number(1), divisor);
  return lower.select(l, zero, lower.number(0), lower.binary(l, "div", op.x, safe));
};

const sum: Rule = (op) => op.values().reduce((a, b) => lower.binary(op.l, "add", a, b));
/** Functions of one number or two, cell by cell. */
export const elementwise: Rules = [
  ...plain,
  ...[...FUNCTIONS].map(([name, f]) => [name, taking(1, (op) => f(op, op.x))] as const),
  ["Add", add],
  ["AddV2", add],
  ["AddN", sum],
  ["DivNoNan", divNoNan],
  ["Select", select],
  ["SelectV2", select],
  ["Cast", (op) => lower.cast(op.l, op.x, dtypeOf(op.type("DstT", "FLOAT")))],
  ["ClipByValue", (op) => lower.clip(op.l, op.x, op.value(1), op.value(2))],
  ["Prelu", (op) => prelu(op, op.x, 1)],
];
