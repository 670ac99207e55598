/** Parts of tensors, and tensors joined. */
import { at } from "../../../base/at.ts";
import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Operation, Rule, Rules } from "../operation.ts";

const slice: Rule = (op) => {
  const { l, x } = op;
  const [begin, size] = [op.numbers(1, "begin"), op.numbers(2, "size")];
  const axes = lower.range(x.shape.length);
  const ends = axes.map((axis) => {
    const length = at(size, axis);
    return length === -1 ? at(x.shape, axis) : at(begin, axis) + length;
  });
  return lower.slice(l, x, axes, begin, ends, axes.map(() => 1)); // prettier-ignore
};

/** NumPy's `x[begin:end:stride, ..., None, i]`. */
const stridedSlice: Rule = (op) =>
  lower.stridedSlice(
    op.l,
    op.x,
    op.numbers(1, "begin"),
    op.numbers(2, "end"),
    op.numbers(3, "strides"),
    {
      begin: op.int("begin_mask", 0),
      end: op.int("end_mask", 0),
      ellipsis: op.int("ellipsis_mask", 0),
      newAxis: op.int("new_axis_mask", 0),
      shrink: op.int("shrink_axis_mask", 0),
    },
  );

const split: Rule = (op) =>
  lower.splitEvenly(op.l, op.value(1), op.number(0, "axis"), op.int("num_split", 1));
const splitV: Rule = (op) =>
  lower.splitBySizes(op.l, op.x, op.number(2, "axis"), op.numbers(1, "sizes"));
const gather: Rule = (op) => {
  if (op.int("batch_dims", 0) !== 0) throw new Unsupported("it gathers for each picture");
  const axis = op.edges.length > 2 ? op.number(2, "axis") : 0;
  return lower.gather(op.l, op.x, op.value(1), axis);
};

function joined(op: Operation, values: readonly lower.Value[], axis: number): lower.Value {
  const rank = at(values, 0).shape.length;
  const along = lower.axisOf(axis, rank);
  if (values.some(({ shape }) => lower.isFree(at(shape, along))))
    throw new Unsupported("it joins pictures");
  return lower.concat(op.l, values, along);
}

const gatherNd: Rule = (op) => {
  const where = op.l.numbers(op.value(1), "indices");
  return lower.gatherTuples(op.l, op.x, where, op.int("batch_dims", 0));
};

/** Parts of tensors, and tensors joined. */
export const slicing: Rules = [
  ["Slice", slice],
  ["StridedSlice", stridedSlice],
  ["Split", split],
  ["SplitV", splitV],
  ["Unpack", (op) => lower.unstack(op.l, op.x, op.int("axis", 0))],
  ["Gather", gather],
  ["GatherV2", gather],
  ["Concat", (op) => joined(op, op.values(1), op.number(0, "axis"))],
  ["ConcatV2", (op) => joined(op, op.values(0, -1), op.number(op.edges.length - 1, "axis"))],
  ["GatherNd", gatherNd],
  ["ReverseV2", (op) => lower.flip(op.l, op.x, op.numbers(1, "axes"))],
  ["Roll", (op) => lower.roll(op.l, op.x, op.numbers(2, "axes"), op.numbers(1, "shifts"))],
];
