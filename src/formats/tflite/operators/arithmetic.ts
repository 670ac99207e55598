import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operator, Operators } from "../call.ts";
import { dtypeOf } from "../elements.ts";
import { fused } from "./fused.ts";

const binary = (op: cf.Binary): Operator =>
  fused(0, (call) => cf.binary(call.l, op, call.x, call.input(1)));

/** (condition, x, y); the first version of SELECT may pick whole rows, by a condition for each. */
function select(call: Call): cf.Value {
  const { l, x: condition } = call;
  const [yes, no] = [call.input(1), call.input(2)];
  const rows = condition.shape.length === 1 && yes.shape.length > 1;
  const wide = rows
    ? cf.reshape(l, condition, [...condition.shape, ...yes.shape.slice(1).map(() => 1)])
    : condition;
  return cf.select(l, wide, yes, no);
}

/** Numbers stay what they are; between floating point and integers they are converted. */
function cast({ l, x, output }: Call): cf.Value {
  if (!output?.type) throw new Unsupported("it converts to something that is no number");
  return cf.cast(l, x, dtypeOf({ type: output.type, quantization: null }));
}

/** Real numbers in, real numbers out: here integers that stand for real numbers are these numbers. */
const identity: Operator = ({ x }) => x;

/** Cell by cell, where an activation may be fused, and changes of type. */
export const arithmetic: Operators = [
  ["ADD", binary("add")],
  ["SUB", binary("sub")],
  ["MUL", binary("mul")],
  ["DIV", binary("div")],
  ["ADD_N", ({ l, all }) => all.reduce((a, b) => cf.binary(l, "add", a, b))],
  ["SELECT", select],
  ["SELECT_V2", (call) => cf.select(call.l, call.x, call.input(1), call.input(2))],
  ["CAST", cast],
  ["QUANTIZE", identity],
  ["DEQUANTIZE", identity],
  ["DENSIFY", identity],
  ["FAKE_QUANT", identity],
];
