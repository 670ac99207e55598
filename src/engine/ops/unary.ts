import type { Made } from "../../graph/index.ts";
import { attr } from "../native/attributes.ts";
import type { Family, GradientRule, OpRules } from "./types.ts";

/** Rules of a function of one number that both engines have under the same name. */
function unary<K extends Made>(kernel: string, gradient: GradientRule<K>): OpRules<K> {
  return {
    gradient,
    tensorflow: (w, node, x) => w.node(kernel, [x.name], { T: attr.type(node.dtype) }),
    wasm: (k, _node, x) => k.run(kernel, { x }),
  };
}

/**
 * Rules of functions of one cell. `sign`, `floor` and `round` pass back zero, `clip` passes `dy`
 * where min <= x <= max; `round` rounds halves to the even number.
 */
export const unaryFunctions = {
  exp: unary("Exp", (g) => [() => g.mul(g.dy, g.y)]),
  log: unary("Log", (g, x) => [() => g.op("div", [g.dy, x])]),
  sqrt: unary("Sqrt", (g) => [() => g.op("div", [g.times(g.dy, 0.5), g.y])]),
  rsqrt: unary("Rsqrt", (g) => [
    () => g.mul(g.times(g.dy, -0.5), g.mul(g.y, g.op("square", [g.y]))),
  ]),
  square: unary("Square", (g, x) => [() => g.mul(g.times(g.dy, 2), x)]),
  abs: unary("Abs", (g, x) => [() => g.mul(g.dy, g.op("sign", [x]))]),
  neg: unary("Neg", (g) => [() => g.neg(g.dy)]),
  sign: unary("Sign", () => ["zero"]),
  erf: unary("Erf", (g, x) => [
    () => g.mul(g.times(g.dy, 2 / Math.sqrt(Math.PI)), g.op("exp", [g.neg(g.op("square", [x]))])),
  ]),
  reciprocal: unary("Reciprocal", (g) => [() => g.neg(g.mul(g.dy, g.op("square", [g.y])))]),
  floor: unary("Floor", () => ["zero"]),
  atan: unary("Atan", (g, x) => [
    () => g.op("div", [g.dy, g.op("add", [g.op("square", [x]), g.scalar(1)])]),
  ]),
  sin: unary("Sin", (g, x) => [() => g.mul(g.dy, g.op("cos", [x]))]),
  cos: unary("Cos", (g, x) => [() => g.neg(g.mul(g.dy, g.op("sin", [x])))]),
  round: {
    gradient: () => ["zero"],
    tensorflow: (w, node, x) => w.node("Rint", [x.name], { T: attr.type(node.dtype) }),
    wasm: (k, _node, x) => k.run("Round", { x }),
  },
  clip: {
    gradient: (g, x) => [
      () => {
        const above = g.op("greaterEqual", [x, g.scalar(g.attrs.min)]);
        const below = g.op("lessEqual", [x, g.scalar(g.attrs.max)]);
        return g.where(g.op("logicalAnd", [above, below]), g.dy);
      },
    ],
    tensorflow: (w, node, x) =>
      w.node("ClipByValue", [x.name, w.float(node.attrs.min), w.float(node.attrs.max)], {
        T: attr.type("float32"),
      }),
    wasm: (k, node, x) =>
      k.run("ClipByValue", { x }, { clipValueMin: node.attrs.min, clipValueMax: node.attrs.max }),
  },
} satisfies Family;
