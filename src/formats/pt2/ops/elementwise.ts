import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call } from "../call.ts";
import type { Lower, Table } from "./table.ts";
import { dtypeOf } from "./types.ts";

/** Operators on sizes have other names for their operands than those on tensors. */
const operand = (call: Call, ...names: readonly string[]): lower.Value => {
  const found = names.find((name) => call.has(name));
  if (found !== undefined) return call.value(found);
  throw new Unsupported(`its argument '${names[0] ?? ""}' is missing`);
};
const left = (call: Call): lower.Value => operand(call, "self", "a", "input", "x");
const right = (call: Call): lower.Value => operand(call, "other", "exponent", "b", "y");

/** Those that need no more than their operands. */
const plain: Table = Object.fromEntries(
  [...lower.operationsIn("aten")].map(([name, { operands, run }]): [string, Lower] => [
    name,
    (call) => run(call.l, ...(operands === 1 ? [left(call)] : [left(call), right(call)])),
  ]),
);
const scaled = (call: Call, x: lower.Value): lower.Value => {
  const alpha = call.number("alpha", 1);
  return alpha === 1 ? x : lower.binary(call.l, "mul", x, lower.number(alpha));
};
/** Bits of truth values are their logic; those of numbers are not read. */
const bits =
  (logic: Lower): Lower =>
  (call) => {
    if (call.l.dtype(left(call)) !== "bool") throw new Unsupported("it works on single bits");
    return logic(call);
  };
const both =
  (op: lower.Binary): Lower =>
  (call) =>
    lower.binary(call.l, op, left(call), right(call));
const isWhole = (call: Call, value: lower.Value): boolean => call.l.dtype(value) !== "float32";

const divide: Lower = (call) => {
  const [a, b, mode] = [left(call), right(call), call.text("rounding_mode", "")];
  if (mode !== "") return lower.wholeTimes(call.l, a, b, mode === "floor" ? "down" : "zero");
  const real = isWhole(call, a) && isWhole(call, b);
  return lower.binary(call.l, "div", real ? lower.cast(call.l, a, "float32") : a, b);
};
/** To `decimals` places. */
const rounded: Lower = (call) => {
  const places = lower.number(10 ** call.number("decimals", 0));
  if (places.data[0] === 1) return lower.unary(call.l, "round", left(call));
  const whole = lower.unary(call.l, "round", lower.binary(call.l, "mul", left(call), places));
  return lower.binary(call.l, "div", whole, places);
};

const SAME = ["dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout", "contiguous"];
const ALSO_SAME = ["clone", "detach", "alias", "lift_fresh", "lift_fresh_copy", "type_as"];

/** Half and double precision are computed in single. */
const converted: Lower = (call) => {
  const dtype = dtypeOf(call.text("dtype", ""));
  const x = operand(call, "self", "a", "x");
  return dtype ? lower.cast(call.l, x, dtype) : x;
};

/**
 * Cell by cell, with broadcasting: arithmetic (also on sizes), logic, casts, selection, and what
 * does nothing at inference (dropout) or to values (`clone`, `detach`).
 */
export const elementwise: Table = {
  ...plain,
  ...Object.fromEntries(
    [...SAME, ...ALSO_SAME].map((name): [string, Lower] => [
      name,
      (call) => operand(call, "self", "input"),
    ]),
  ),
  native_dropout: (call) => [call.value("input"), null],
  to: converted,
  _to_copy: converted,
  convert_element_type: converted,
  bitwise_and: bits(both("logicalAnd")),
  bitwise_or: bits(both("logicalOr")),
  bitwise_xor: bits(both("notEqual")),
  bitwise_not: bits((call) => lower.unary(call.l, "logicalNot", left(call))),
  round: rounded,
  add: (call) => lower.binary(call.l, "add", left(call), scaled(call, right(call))),
  sub: (call) => lower.binary(call.l, "sub", left(call), scaled(call, right(call))),
  rsub: (call) => lower.binary(call.l, "sub", right(call), scaled(call, left(call))),
  div: divide,
  truediv: divide,
  where: (call) =>
    lower.select(call.l, call.value("condition"), call.value("self"), call.value("other")),
  masked_fill: (call) =>
    lower.select(call.l, call.value("mask"), call.value("value"), call.value("self")),
  addcmul: (call) => {
    const product = lower.binary(call.l, "mul", call.value("tensor1"), call.value("tensor2"));
    const value = call.number("value", 1);
    const term = value === 1 ? product : lower.binary(call.l, "mul", product, lower.number(value));
    return lower.binary(call.l, "add", call.value("self"), term);
  },
};
