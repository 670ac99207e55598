import type { NodeId, PoolAttrs } from "../../../graph/index.ts";
import { FixedBatch, Unsupported, type Lower, type OpScope } from "../scope.ts";
import { steps } from "./convolution.ts";
import { activated } from "./fused.ts";

const geometry = (scope: OpScope): PoolAttrs => ({
  padding: scope.i8(0) === 0 ? "same" : "valid",
  strides: steps(scope, 2, 1),
  window: steps(scope, 4, 3),
});

export const maxPool: Lower = (scope) =>
  activated(scope, scope.op("maxPool", [scope.node(0)], geometry(scope)), 5);
export const averagePool: Lower = (scope) =>
  activated(scope, scope.op("avgPool", [scope.node(0)], geometry(scope)), 5);
/** The root of the mean of squares. */
export const l2Pool: Lower = (scope) => {
  const mean = scope.op("avgPool", [scope.op("square", [scope.node(0)])], geometry(scope));
  return activated(scope, scope.op("sqrt", [mean]), 5);
};

const reduction =
  (op: "mean" | "sum" | "max" | "min"): Lower =>
  (scope) => {
    const x = scope.node(0);
    const shape = scope.shapeOf(x);
    const axes = [...new Set(scope.axes(scope.ints(1), shape.length))].sort((a, b) => a - b);
    if (axes.includes(0) && shape[0] === null)
      throw new FixedBatch("it reduces over the pictures of a batch");
    return scope.op(op, [x], { axes, keepDims: scope.bool(0) });
  };
export const mean = reduction("mean");
export const sum = reduction("sum");
export const reduceMax = reduction("max");
export const reduceMin = reduction("min");

export const argMax: Lower = (scope) => {
  const x = scope.node(0);
  const [axis = 0] = scope.axes(scope.ints(1), scope.shapeOf(x).length);
  if (axis === 0 && scope.shapeOf(x)[0] === null)
    throw new FixedBatch("it compares the pictures of a batch");
  return scope.op("argMax", [x], { axis });
};

/** x / max(|x|, 1e-6), over the last axis */
export const l2Normalization: Lower = (scope) => {
  const x = scope.node(0);
  const axes = [scope.shapeOf(x).length - 1];
  const squares = scope.op("sum", [scope.op("square", [x])], { axes, keepDims: true });
  const length = scope.op("maximum", [scope.op("sqrt", [squares]), scope.scalar(1e-6)]);
  return activated(scope, scope.op("div", [x, length]), 0);
};

/** x / (bias + alpha * sum of squares over 2 radius + 1 channels)^beta (Krizhevsky, Sutskever, Hinton 2012, section 3.3) */
export const localResponseNormalization: Lower = (scope) => {
  const x = scope.node(0);
  const [n = null, h = null, w = null, c = null] = scope.shapeOf(x);
  if (h === null || w === null || c === null) throw new Unsupported("it needs a picture");
  const radius = scope.i32(0);
  const rows = scope.op("reshape", [scope.op("square", [x])], { shape: [n, h * w, c, 1] });
  const border = [radius, radius] as const;
  const none = [0, 0] as const;
  const padded = scope.op("pad", [rows], { paddings: [none, none, border, none], value: 0 });
  const span = 2 * radius + 1;
  const window: PoolAttrs = { window: [1, span], strides: [1, 1], padding: "valid" };
  const average: NodeId = scope.op("avgPool", [padded], window);
  const squares = scope.op("reshape", [average], { shape: [n, h, w, c] });
  const base = scope.plus(scope.times(squares, span * scope.f32(2)), scope.f32(1));
  return scope.op("div", [x, scope.op("pow", [base, scope.scalar(scope.f32(3))])]);
};
