/** Division into whole times, and what is left over. Whole numbers are divided as floats, exact up to 2^24. */
import { binary, cast, number, select, unary } from "./elementwise.ts";
import type { Lowering } from "./lowering.ts";
import { ints, type Value } from "./value.ts";

/** x without its fraction. */
export const truncated = (l: Lowering, x: Value): Value =>
  binary(l, "mul", unary(l, "sign", x), unary(l, "floor", unary(l, "abs", x)));

/** x rounded up. */
export const ceil = (l: Lowering, x: Value): Value =>
  unary(l, "neg", unary(l, "floor", unary(l, "neg", x)));

/** Whether both are whole, and the network computes one of them. */
const areWhole = (l: Lowering, a: Value, b: Value): boolean =>
  l.dtype(a) !== "float32" && l.dtype(b) !== "float32" && !(l.known(a) && l.known(b));

/** How many whole times `b` fits into `a`: rounded down, or towards zero. */
export function wholeTimes(l: Lowering, a: Value, b: Value, towards: "down" | "zero"): Value {
  if (areWhole(l, a, b)) {
    const times = binary(l, "div", a, b);
    if (towards === "zero") return times;
    const rest = binary(l, "sub", a, binary(l, "mul", times, b));
    const product = binary(l, "mul", unary(l, "sign", rest), unary(l, "sign", b));
    return binary(l, "sub", times, cast(l, binary(l, "less", product, ints([0], [])), "int32"));
  }
  const type = l.dtype(a);
  const quotient = binary(l, "div", cast(l, a, "float32"), cast(l, b, "float32"));
  return cast(l, towards === "down" ? unary(l, "floor", quotient) : truncated(l, quotient), type);
}

/** What is left of `a` then, with the sign of `a` (C's `fmod`) or of `b` (Python's `%`). */
export function remainder(l: Lowering, a: Value, b: Value, signOf: "a" | "b"): Value {
  const type = l.dtype(a);
  const [x, y] = [cast(l, a, "float32"), cast(l, b, "float32")];
  const times = areWhole(l, a, b)
    ? cast(l, binary(l, "div", a, b), "float32")
    : truncated(l, binary(l, "div", x, y));
  const apart = binary(l, "sub", x, binary(l, "mul", times, y));
  // an infinite divisor fits no times
  const rest = select(l, binary(l, "equal", times, number(0)), x, apart);
  return cast(l, signOf === "a" ? rest : withSignOf(l, rest, y), type);
}
function withSignOf(l: Lowering, rest: Value, divisor: Value): Value {
  const product = binary(l, "mul", unary(l, "sign", rest), unary(l, "sign", divisor));
  const other = binary(l, "less", product, number(0));
  return select(l, other, binary(l, "add", rest, divisor), rest);
}
