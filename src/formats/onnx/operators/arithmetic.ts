import type { DType } from "../../../base/tensor.ts";
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operator, Operators } from "../call.ts";
import { dtypeOf, isKnown, storedName } from "../tensor.ts";

/** Those that need no more than their operands. */
const plain = [...cf.operationsIn("onnx")].map(([name, { operands, run }]): Operators[number] => [
  name,
  (call) => run(call.l, ...(operands === 1 ? [call.x] : [call.x, placed(call)])),
]);
/** The second operand; before operation set 7 it could stand at `axis` of the first. */
function placed(call: Call): cf.Value {
  const { l, x } = call;
  const second = call.input(1);
  if (call.opset >= 7 || !call.has("axis")) return second;
  const behind = x.shape.length - call.int("axis", 0) - second.shape.length;
  return cf.reshape(l, second, [...second.shape, ...cf.range(Math.max(0, behind)).map(() => 1)]);
}

/** Of any number of operands. */
const folded =
  (op: cf.Binary): Operator =>
  (call) =>
    call.inputs.map((_, i) => call.input(i)).reduce((a, b) => cf.binary(call.l, op, a, b));

function mean(call: Call): cf.Value {
  const sum = folded("add")(call) as cf.Value;
  return cf.binary(call.l, "mul", sum, cf.number(1 / call.inputs.length));
}

/** Before operation set 6 types were told by their names, in onnx.TensorProto.DataType's order. */
const NAMES = ["UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE"]; // prettier-ignore

function cast(call: Call): cf.Value {
  const named = NAMES.indexOf(call.attribute("to")?.text ?? "");
  const type = named > 0 ? named : call.required("to");
  if (type === 8) throw new Unsupported("it makes texts of numbers");
  if (!isKnown(type)) throw new Unsupported(`it makes numbers of ${storedName(type)}`);
  return as(call, dtypeOf(type));
}
/** To whole numbers: towards zero. */
const as = (call: Call, dtype: DType): cf.Value => cf.cast(call.l, call.x, dtype);

/** Elementwise operations, of any number of operands too (`Min`, `Sum`, `Mean`), and casts. */
export const arithmetic: Operators = [
  ...plain,
  [
    "Pow",
    (call) => cf.cast(call.l, cf.binary(call.l, "pow", call.x, placed(call)), call.l.dtype(call.x)),
  ],
  [
    "Mod",
    (call) => cf.remainder(call.l, call.x, call.input(1), call.int("fmod", 0) === 1 ? "a" : "b"),
  ],
  ["Min", folded("minimum")],
  ["Max", folded("maximum")],
  ["Sum", folded("add")],
  ["Mean", mean],
  ["Where", (call) => cf.select(call.l, call.x, call.input(1), call.input(2))],
  ["Cast", cast],
  ["CastLike", (call) => as(call, call.l.dtype(call.input(1)))],
];
