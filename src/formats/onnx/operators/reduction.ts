import * as cf from "../../lower/index.ts";
import type { Operator, Operators } from "../call.ts";

/** Axes are an attribute, an input from operation set 13 (sum) or 18 on; none means all, or nothing at all where told. */
const reduction =
  (how: cf.Reduction): Operator =>
  (call) => {
    const axes = call.intsOrInput("axes", 1);
    if ((axes === null || axes.length === 0) && call.int("noop_with_empty_axes", 0) === 1)
      return cf.reduce(call.l, how, call.x, [], true);
    const all = cf.range(call.x.shape.length);
    const given = axes !== null && axes.length > 0 ? axes : all;
    return cf.reduce(call.l, how, call.x, given, call.int("keepdims", 1) === 1);
  };

const arg =
  (least: boolean): Operator =>
  (call) =>
    cf.argMax(call.l, call.x, call.int("axis", 0), {
      keepDims: call.int("keepdims", 1) === 1,
      last: call.int("select_last_index", 0) === 1,
      least,
    });

/**
 * Reductions, by default over all axes with `keepdims`; `ArgMax` and `ArgMin` give the first of
 * equal cells, or the last with `select_last_index`; `CumSum`.
 */
export const reductions: Operators = [
  ...[...cf.reductionsIn("onnx")].map(([name, how]) => [name, reduction(how)] as const),
  ["ArgMax", arg(false)],
  ["ArgMin", arg(true)],
  [
    "CumSum",
    (call) =>
      cf.cumSum(call.l, call.x, call.numbers(1, "axis")?.data[0] ?? 0, {
        exclusive: call.int("exclusive", 0) === 1,
        reverse: call.int("reverse", 0) === 1,
      }),
  ],
];
