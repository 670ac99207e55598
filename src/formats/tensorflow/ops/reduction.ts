import * as lower from "../../lower/index.ts";
import type { Rule, Rules } from "../operation.ts";

const reducing =
  (how: lower.Reduction): Rule =>
  (op) => {
    const axes = op.numbers(1, "axes");
    const keepDims = op.bool("keep_dims", op.bool("keepdims", false));
    return axes.length === 0 ? op.x : lower.reduce(op.l, how, op.x, axes, keepDims);
  };

const place =
  (least: boolean): Rule =>
  (op) =>
    lower.argMax(op.l, op.x, op.edges.length > 1 ? op.number(1, "axis") : 0, { least });

const cumulative: Rule = (op) =>
  lower.cumSum(op.l, op.x, op.number(1, "axis"), {
    exclusive: op.bool("exclusive", false),
    reverse: op.bool("reverse", false),
  });

/** Over axes that the file names. */
export const reduction: Rules = [
  ...[...lower.reductionsIn("tensorflow")].map(([name, how]) => [name, reducing(how)] as const),
  ["ArgMax", place(false)],
  ["ArgMin", place(true)],
  ["Cumsum", cumulative],
  ["Softmax", ({ l, x }) => lower.softmax(l, x, -1)],
  ["LogSoftmax", ({ l, x }) => lower.softmax(l, x, -1, true)],
];
