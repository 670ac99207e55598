import type { NodeId } from "../../../graph/index.ts";
import { foldReduction } from "../fold.ts";
import type { Operation, Rule } from "../operation.ts";
import { TO_NHWC } from "../rearranged.ts";
import { Unsupported } from "../values.ts";
import { behind } from "./channels.ts";

type Kind = "sum" | "mean" | "max" | "min";

const axesOf = (op: Operation, rank: number): number[] =>
  [...new Set(op.numbers(1).map((axis) => op.axis(axis, rank)))].sort((a, b) => a - b);

/** Over [C, H, W] of a channels-first tensor as over the maps behind it. */
function reduce(op: Operation, x: NodeId, kind: Kind): NodeId {
  const axes = axesOf(op, op.shape(x).length);
  const keepDims = op.bool("keep_dims", op.bool("keepdims", false));
  if (axes.length === 0) return x;
  const last = behind(op, x);
  if (last === null) return op.make(kind, [x], { axes, keepDims });
  const inner = axes.map((axis) => [0, 3, 1, 2][axis] ?? axis).sort((a, b) => a - b);
  const out = op.make(kind, [last], { axes: inner, keepDims });
  if (keepDims) return op.transpose(out, [0, 3, 1, 2]);
  // what is left keeps its order, except that channels came before positions
  const left = TO_NHWC.filter((axis) => !axes.includes(axis));
  const order = [...left].sort((a, b) => a - b).map((axis) => left.indexOf(axis));
  return op.transpose(out, order);
}

const reducing =
  (kind: Kind | null): Rule =>
  (op) => {
    const value = op.value(0);
    if (value.kind === "host") {
      const keepDims = op.bool("keep_dims", op.bool("keepdims", false));
      const known = foldReduction(op.op, value, axesOf(op, value.shape.length), keepDims);
      if (known) return known;
    }
    if (kind === null)
      throw new Unsupported(`${op.op} is understood only for what is known when the file is read`);
    return reduce(op, op.tensor(0), kind);
  };

const norm: Rule = (op) => op.make("sqrt", [reduce(op, op.make("square", [op.tensor(0)]), "sum")]);

/** Over the last axis, as TensorFlow's. */
const lastAxis =
  (kind: "softmax" | "logSoftmax"): Rule =>
  (op) =>
    op.make(kind, [op.tensor(0)]);

export const reduction: readonly (readonly [string, Rule])[] = [
  ["Sum", reducing("sum")],
  ["Mean", reducing("mean")],
  ["Max", reducing("max")],
  ["Min", reducing("min")],
  ["Prod", reducing(null)],
  ["All", reducing(null)],
  ["Any", reducing(null)],
  ["EuclideanNorm", norm],
  ["Softmax", lastAxis("softmax")],
  ["LogSoftmax", lastAxis("logSoftmax")],
];
