/** Shapes as values, and operations that only give a tensor another shape. */
import { sizeOf } from "../../../base/tensor.ts";
import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Operation, Rule, Rules } from "../operation.ts";

const { BATCH, isFree } = lower;

/**
 * A target shape in which the file wrote the batch that it was made for: its first size counts the pictures of a free batch.
 * Throws `Unsupported` where it cannot.
 */
function rebatched(x: lower.Value, wanted: readonly number[]): readonly number[] {
  const cells = sizeOf(x.shape);
  const [first, ...rest] = wanted;
  if (first === undefined || first === -1 || !isFree(cells) || wanted.some(isFree)) return wanted;
  const pictures = rest.includes(-1) ? 1 : sizeOf(wanted) / (cells / BATCH);
  const free = Number.isInteger(pictures) ? lower.freeAgain(first, pictures) : null;
  if (free === null) throw new Unsupported("its shape is fixed for another batch");
  return [free, ...rest];
}
const reshape: Rule = (op) => lower.reshape(op.l, op.x, rebatched(op.x, op.numbers(1, "shape")));

const squeeze: Rule = (op) => {
  const axes = [...op.ints("squeeze_dims"), ...op.ints("axis")];
  return lower.squeeze(op.l, op.x, axes.length > 0 ? axes : null);
};
const fill: Rule = (op) => lower.filled(op.l.numbers(op.value(1), "value"), op.numbers(0, "shape"));
const ones: Rule = ({ l, x }) => {
  const type = l.dtype(x);
  if (!x.shape.some(isFree)) return lower.cast(l, lower.filled(lower.number(1), x.shape), type);
  const all = lower.mapped(l, x, (node) => l.op("broadcastLike", [l.scalar(1), node]));
  return lower.cast(l, all, type);
};

const range: Rule = (op) => {
  const { type } = op.l.numbers(op.x, "start");
  return lower.counted(op.number(0, "start"), op.number(1, "limit"), op.number(2, "step"), type);
};
const broadcastTo: Rule = (op) => {
  const { l, x } = op;
  const told = op.numbers(1, "shape");
  const lead = told.length - x.shape.length;
  // the batch that the file was written for
  const wanted = told.map((size, axis) => {
    const own = x.shape[axis - lead];
    return own !== undefined && isFree(own) ? own : size;
  });
  return lower.expand(l, x, wanted);
};

/** (indices, depth, on, off): one more axis. */
const oneHot: Rule = (op) =>
  lower.oneHot(op.l, op.x, op.number(1, "depth"), {
    axis: op.int("axis", -1),
    on: op.number(2, "values"),
    off: op.number(3, "values"),
    fromEnd: false,
  });

/** Shapes as values, and other shapes for the same cells. */
export const shapes: Rules = [
  ["Shape", ({ x }) => lower.ints(x.shape)],
  ["ShapeN", (op) => op.values().map(({ shape }) => lower.ints(shape))],
  ["Rank", ({ x }) => lower.ints([x.shape.length], [])],
  ["Size", ({ x }) => lower.ints([sizeOf(x.shape)], [])],
  ["Reshape", reshape],
  ["Squeeze", squeeze],
  ["ExpandDims", (op) => lower.unsqueeze(op.l, op.x, [op.number(1, "axis")])],
  ["Transpose", (op: Operation) => lower.transpose(op.l, op.x, op.numbers(1, "order of axes"))],
  ["Pack", (op) => lower.stack(op.l, op.values(), op.int("axis", 0))],
  ["Fill", fill],
  ["Range", range],
  ["Tile", (op) => lower.tile(op.l, op.x, op.numbers(1, "multiples"))],
  ["BroadcastTo", broadcastTo],
  ["OnesLike", ones],
  ["OneHot", oneHot],
];
