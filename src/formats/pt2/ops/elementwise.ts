import {
  binary,
  cast,
  number,
  operationsIn,
  select,
  unary,
  wholeTimes,
  type Binary,
  type Value,
} from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call } from "../call.ts";
import type { Lower, Table } from "./table.ts";
import { dtypeOf } from "./types.ts";

/** Operators on sizes have other names for their operands than those on tensors. */
const operand = (call: Call, ...names: readonly string[]): Value => {
  const found = names.find((name) => call.has(name));
  if (found !== undefined) return call.value(found);
  throw new Unsupported(`its argument '${names[0] ?? ""}' is missing`);
};
const left = (call: Call): Value => operand(call, "self", "a", "input", "x");
const right = (call: Call): Value => operand(call, "other", "exponent", "b", "y");

/** Those that need no more than their operands. */
const plain: Table = Object.fromEntries(
  [...operationsIn("aten")].map(([name, { operands, run }]): [string, Lower] => [
    name,
    (call) => run(call.l, ...(operands === 1 ? [left(call)] : [left(call), right(call)])),
  ]),
);
const scaled = (call: Call, x: Value): Value => {
  const alpha = call.number("alpha", 1);
  return alpha === 1 ? x : binary(call.l, "mul", x, number(alpha));
};
/** Bits of truth values are their logic; those of numbers are not read. */
const bits =
  (logic: Lower): Lower =>
  (call) => {
    if (call.l.dtype(left(call)) !== "bool") throw new Unsupported("it works on single bits");
    return logic(call);
  };
const both =
  (op: Binary): Lower =>
  (call) =>
    binary(call.l, op, left(call), right(call));
const isWhole = (call: Call, value: Value): boolean => call.l.dtype(value) !== "float32";

const divide: Lower = (call) => {
  const [a, b, mode] = [left(call), right(call), call.text("rounding_mode", "")];
  if (mode !== "") return wholeTimes(call.l, a, b, mode === "floor" ? "down" : "zero");
  const real = isWhole(call, a) && isWhole(call, b);
  return binary(call.l, "div", real ? cast(call.l, a, "float32") : a, b);
};
/** To `decimals` places. */
const rounded: Lower = (call) => {
  const places = number(10 ** call.number("decimals", 0));
  if (places.data[0] === 1) return unary(call.l, "round", left(call));
  const whole = unary(call.l, "round", binary(call.l, "mul", left(call), places));
  return binary(call.l, "div", whole, places);
};

const SAME = ["dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout", "contiguous"];
const ALSO_SAME = ["clone", "detach", "alias", "lift_fresh", "lift_fresh_copy", "type_as"];

/** Half and double precision are computed in single. */
const converted: Lower = (call) => {
  const dtype = dtypeOf(call.text("dtype", ""));
  const x = operand(call, "self", "a", "x");
  return dtype ? cast(call.l, x, dtype) : x;
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
  bitwise_not: bits((call) => unary(call.l, "logicalNot", left(call))),
  round: rounded,
  add: (call) => binary(call.l, "add", left(call), scaled(call, right(call))),
  sub: (call) => binary(call.l, "sub", left(call), scaled(call, right(call))),
  rsub: (call) => binary(call.l, "sub", right(call), scaled(call, left(call))),
  div: divide,
  truediv: divide,
  where: (call) => select(call.l, call.value("condition"), call.value("self"), call.value("other")),
  masked_fill: (call) =>
    select(call.l, call.value("mask"), call.value("value"), call.value("self")),
  addcmul: (call) => {
    const product = binary(call.l, "mul", call.value("tensor1"), call.value("tensor2"));
    const value = call.number("value", 1);
    const term = value === 1 ? product : binary(call.l, "mul", product, number(value));
    return binary(call.l, "add", call.value("self"), term);
  },
};
