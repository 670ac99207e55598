import { at } from "../../base/at.ts";
import type { Made } from "./attributes.ts";
import { type Definition, type Family, noMacs } from "./definition.ts";
import { input, line } from "./reading.ts";
import { same } from "./shaping.ts";

/** A function of the cell at the same place. */
function unary<K extends Made>(
  f: (x: number, attrs: Parameters<Definition<K>["shape"]>[1]) => number,
  shape: Definition<K>["shape"] = same,
): Definition<K> {
  return {
    shape,
    reads: (call, index) => input(call, index).shape.map((_, axis) => line(axis)),
    macs: noMacs,
    cells: (out, inputs, { attrs }) => {
      const x = at(inputs, 0).data;
      for (let i = 0; i < out.length; i++) out[i] = f(x[i] ?? NaN, attrs);
    },
  };
}

/** 2/sqrt(pi) * exp(-x²) * sum of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1)) (Abramowitz, Stegun 7.1.6): no cancellation. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
/** To the nearest whole number, halves to the even one. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
const toType = {
  float32: (x: number) => x,
  int32: Math.trunc,
  bool: (x: number) => Number(x !== 0),
};

/** Functions of one cell; `cast` to int32 rounds towards zero, to bool tells what is not 0. */
export const unaryFunctions = {
  relu: unary((x) => Math.max(x, 0)),
  relu6: unary((x) => Math.min(Math.max(x, 0), 6)),
  leakyRelu: unary((x, { alpha }) => (x > 0 ? x : alpha * x)),
  elu: unary((x) => (x > 0 ? x : Math.expm1(x))),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  tanh: unary(Math.tanh),
  // ln(1 + e^x) without overflow
  softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  clip: unary((x, { min, max }) => Math.min(Math.max(x, min), max)),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  rsqrt: unary((x) => 1 / Math.sqrt(x)),
  square: unary((x) => x * x),
  abs: unary(Math.abs),
  neg: unary((x) => -x),
  sign: unary(Math.sign),
  erf: unary(erf),
  reciprocal: unary((x) => 1 / x),
  floor: unary(Math.floor),
  round: unary(roundHalfEven),
  sin: unary(Math.sin),
  atan: unary(Math.atan),
  cos: unary(Math.cos),
  logicalNot: unary((x) => Number(x === 0)),
  cast: unary(
    (x, { dtype }) => toType[dtype](x),
    (inputs, { dtype }) => ({ shape: same(inputs).shape, dtype }),
  ),
} satisfies Family;

/** Operations of one operand without attributes. */
export type Unary = Exclude<keyof typeof unaryFunctions, "leakyRelu" | "clip" | "cast">;
