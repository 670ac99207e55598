import type { Made } from "../../graph/index.ts";
import { attr } from "../native/attributes.ts";
import type { Backward } from "./compose.ts";
import type { Family, GradientRule, OpRules } from "./types.ts";

type Comparison = "greater" | "greaterEqual" | "less" | "lessEqual" | "equal" | "notEqual";

/** An elementwise operation of two tensors with broadcasting; the rule's gradients are summed back to the inputs' shapes. */
function binary<K extends Made>(
  tensorflow: string,
  wasm: string,
  slopes: (g: Backward<K>, a: string, b: string) => readonly [() => string, () => string],
): OpRules<K> {
  return {
    gradient: (g, a, b) => {
      const [left, right] = slopes(g, a, b);
      return [() => g.unbroadcast(left(), a), () => g.unbroadcast(right(), b)];
    },
    tensorflow: (w, node, a, b) =>
      w.node(tensorflow, [a.name, b.name], { T: attr.type(node.dtype) }),
    wasm: (k, _node, a, b) => k.run(wasm, { a, b }),
  };
}
const flat: GradientRule<Made> = () => ["zero", "zero"];
function comparison<K extends Made>(kernel: string): OpRules<K> {
  return {
    gradient: flat,
    tensorflow: (w, _node, a, b) => w.node(kernel, [a.name, b.name], { T: attr.type(a.dtype) }),
    wasm: (k, _node, a, b) => k.run(kernel, { a, b }),
  };
}
/** The gradient goes where the comparison chose the operand; equal ones give it to the first. */
function chosen<K extends Made>(first: Comparison, second: Comparison) {
  return (g: Backward<K>, a: string, b: string) =>
    [() => g.where(g.op(first, [a, b]), g.dy), () => g.where(g.op(second, [a, b]), g.dy)] as const;
}

/**
 * Rules of elementwise operations with NumPy's broadcasting. Comparisons, logic and casts between
 * types pass back zero; so does `pow` to its exponent where the base is not positive.
 */
export const binaryFunctions = {
  add: binary("AddV2", "Add", (g) => [() => g.dy, () => g.dy]),
  sub: binary("Sub", "Sub", (g) => [() => g.dy, () => g.neg(g.dy)]),
  mul: binary("Mul", "Multiply", (g, a, b) => [() => g.mul(g.dy, b), () => g.mul(g.dy, a)]),
  div: binary("RealDiv", "RealDiv", (g, _a, b) => [
    () => g.op("div", [g.dy, b]),
    () => g.neg(g.op("div", [g.mul(g.dy, g.y), b])),
  ]),
  maximum: binary("Maximum", "Maximum", chosen("greaterEqual", "less")),
  minimum: binary("Minimum", "Minimum", chosen("lessEqual", "greater")),
  pow: binary("Pow", "Pow", (g, a, b) => [
    () => g.mul(g.dy, g.mul(b, g.op("pow", [a, g.sub(b, g.scalar(1))]))),
    () => {
      const positive = g.op("greater", [a, g.scalar(0)]);
      const safe = g.op("select", [positive, a, g.scalar(1)]);
      return g.mul(g.dy, g.mul(g.y, g.op("log", [safe])));
    },
  ]),
  greater: comparison("Greater"),
  greaterEqual: comparison("GreaterEqual"),
  less: comparison("Less"),
  lessEqual: comparison("LessEqual"),
  equal: comparison("Equal"),
  notEqual: comparison("NotEqual"),
  logicalAnd: {
    gradient: () => ["zero", "zero"],
    tensorflow: (w, _node, a, b) => w.node("LogicalAnd", [a.name, b.name]),
    wasm: (k, _node, a, b) => k.run("LogicalAnd", { a, b }),
  },
  logicalOr: {
    gradient: () => ["zero", "zero"],
    tensorflow: (w, _node, a, b) => w.node("LogicalOr", [a.name, b.name]),
    wasm: (k, _node, a, b) => k.run("LogicalOr", { a, b }),
  },
  logicalNot: {
    gradient: () => ["zero"],
    tensorflow: (w, _node, x) => w.node("LogicalNot", [x.name]),
    wasm: (k, _node, x) => k.run("LogicalNot", { x }),
  },
  select: {
    gradient: (g, condition, whenTrue, whenFalse) => [
      "zero",
      () => g.unbroadcast(g.where(condition, g.dy), whenTrue),
      () => g.unbroadcast(g.op("select", [condition, g.scalar(0), g.dy]), whenFalse),
    ],
    tensorflow: (w, node, condition, a, b) =>
      w.node("SelectV2", [condition.name, a.name, b.name], { T: attr.type(node.dtype) }),
    wasm: (k, node, ...inputs) => k.defined(node, inputs),
  },
  cast: {
    gradient: (g, x) => [
      g.attrs.dtype === "float32" && g.builder.get(x).dtype === "float32" ? () => g.dy : "zero",
    ],
    tensorflow: (w, node, x) =>
      w.node("Cast", [x.name], { SrcT: attr.type(x.dtype), DstT: attr.type(node.attrs.dtype) }),
    // the kernel's conversion to bool truncates: 0.5 would be false
    wasm: (k, node, x) =>
      node.attrs.dtype === "bool"
        ? k.defined(node, [x])
        : k.run("Cast", { x }, { dtype: node.attrs.dtype }),
  },
} satisfies Family;
