import type { DType } from "../../../base/tensor.ts";
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operator, Operators } from "../call.ts";
import { dtypeOf } from "../tensor.ts";

const unary =
  (op: cf.Unary): Operator =>
  (call) =>
    cf.unary(call.l, op, call.x);

const binary =
  (op: cf.Binary): Operator =>
  (call) =>
    cf.binary(call.l, op, call.x, placed(call));
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

/** The remainder with the sign of the dividend (`fmod`), or of the divisor. */
function modulo(call: Call): cf.Value {
  const { l } = call;
  const [a, b] = [call.x, call.input(1)];
  const whole = l.dtype(a) !== "float32";
  const [x, y] = [cf.cast(l, a, "float32"), cf.cast(l, b, "float32")];
  const times = towardsZero(l, cf.binary(l, "div", x, y));
  const apart = cf.binary(l, "sub", x, cf.binary(l, "mul", times, y));
  // an infinite divisor fits no times
  const rest = cf.select(l, cf.binary(l, "equal", times, cf.number(0)), x, apart);
  const signed = call.int("fmod", 0) === 1 ? rest : withSignOf(l, rest, y);
  return whole ? cf.cast(l, signed, "int32") : signed;
}

function withSignOf(l: cf.Lowering, rest: cf.Value, divisor: cf.Value): cf.Value {
  const product = cf.binary(l, "mul", cf.unary(l, "sign", rest), cf.unary(l, "sign", divisor));
  const other = cf.binary(l, "less", product, cf.number(0));
  return cf.select(l, other, cf.binary(l, "add", rest, divisor), rest);
}

const towardsZero = (l: cf.Lowering, x: cf.Value): cf.Value =>
  cf.binary(l, "mul", cf.unary(l, "sign", x), cf.unary(l, "floor", cf.unary(l, "abs", x)));

const ceil: Operator = ({ l, x }) =>
  cf.unary(l, "neg", cf.unary(l, "floor", cf.unary(l, "neg", x)));

function cast(call: Call): cf.Value {
  const type = call.int("to", 1);
  if (type === 8) throw new Unsupported("it makes texts of numbers");
  return as(call, dtypeOf(type));
}
/** To whole numbers: towards zero. */
const as = (call: Call, dtype: DType): cf.Value => cf.cast(call.l, call.x, dtype);

/** (x - zero) * scale, per tensor or along an axis. */
function dequantized(call: Call): cf.Value {
  const { l, x } = call;
  const scale = call.input(1);
  const along = (value: cf.Value): cf.Value => {
    if (value.shape.length !== 1) return value;
    const axis = cf.axisOf(call.int("axis", 1), x.shape.length);
    return cf.reshape(
      l,
      value,
      x.shape.map((_, i) => (i === axis ? -1 : 1)),
    );
  };
  const zero = call.optional(2);
  const wide = cf.cast(l, x, "float32");
  const moved = zero ? cf.binary(l, "sub", wide, cf.cast(l, along(zero), "float32")) : wide;
  return cf.binary(l, "mul", moved, along(scale));
}

export const arithmetic: Operators = [
  ["Add", binary("add")],
  ["Sub", binary("sub")],
  ["Mul", binary("mul")],
  ["Div", binary("div")],
  [
    "Pow",
    (call) =>
      cf.cast(call.l, cf.binary(call.l, "pow", call.x, call.input(1)), call.l.dtype(call.x)),
  ],
  ["Mod", modulo],
  ["Min", folded("minimum")],
  ["Max", folded("maximum")],
  ["Sum", folded("add")],
  ["Mean", mean],
  ["Less", binary("less")],
  ["LessOrEqual", binary("lessEqual")],
  ["Greater", binary("greater")],
  ["GreaterOrEqual", binary("greaterEqual")],
  ["Equal", binary("equal")],
  ["And", binary("logicalAnd")],
  ["Or", binary("logicalOr")],
  ["Xor", binary("notEqual")],
  ["Not", unary("logicalNot")],
  ["Where", (call) => cf.select(call.l, call.x, call.input(1), call.input(2))],
  ["Exp", unary("exp")],
  ["Log", unary("log")],
  ["Sqrt", unary("sqrt")],
  ["Abs", unary("abs")],
  ["Neg", unary("neg")],
  ["Sign", unary("sign")],
  ["Erf", unary("erf")],
  ["Reciprocal", unary("reciprocal")],
  ["Floor", unary("floor")],
  ["Ceil", ceil],
  ["Round", unary("round")],
  ["Sin", unary("sin")],
  ["Cos", unary("cos")],
  ["Cast", cast],
  ["CastLike", (call) => as(call, call.l.dtype(call.input(1)))],
  ["DequantizeLinear", dequantized],
];
