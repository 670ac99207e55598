import * as lower from "../../lower/index.ts";

import { Unsupported } from "../../lower/unsupported.ts";
import type { Call } from "../call.ts";
import { dtypeOf } from "./types.ts";
import type { Lower, Table } from "./table.ts";

/** All axes when none are named. */
function axes(call: Call, x: lower.Value): number[] {
  const told = call.numbers("dim") ?? [];
  return told.length === 0 ? lower.range(x.shape.length) : lower.axesOf(told, x.shape.length);
}
/** What is summed: of another type where that is told, and truth values as whole numbers, which are counted. */
function summed(call: Call): lower.Value {
  const x = call.value("self");
  const told = dtypeOf(call.text("dtype", ""));
  if (told) return lower.cast(call.l, x, told);
  return call.l.dtype(x) === "bool" ? lower.cast(call.l, x, "int32") : x;
}
const SUMS: ReadonlySet<lower.Reduction> = new Set<lower.Reduction>(["sum", "prod", "mean"]);
const over =
  (how: lower.Reduction): Lower =>
  (call) => {
    const x = SUMS.has(how) ? summed(call) : call.value("self");
    return lower.reduce(call.l, how, x, axes(call, x), call.flag("keepdim", false));
  };
/** The places, the second output, are not computed. */
const largest =
  (how: "max" | "min"): Lower =>
  (call) => {
    if (call.has("other"))
      return lower.binary(
        call.l,
        how === "max" ? "maximum" : "minimum",
        call.value("self"),
        call.value("other"),
      );
    const x = call.value("self");
    const value = lower.reduce(call.l, how, x, axes(call, x), call.flag("keepdim", false));
    return call.has("dim") ? [value, null] : value;
  };

/** `correction` is 1 where the sample's variance is meant (also `unbiased`). */
function variance(call: Call): lower.Value {
  const x = call.value("self");
  const correction = call.has("correction")
    ? call.number("correction", 1)
    : +call.flag("unbiased", true);
  const keepDims = call.flag("keepdim", false);
  return lower.variance(call.l, x, axes(call, x), { keepDims, correction });
}
const norm: Lower = (call) => {
  const order = call.number(call.has("ord") ? "ord" : "p", 2);
  if (order !== 1 && order !== 2) throw new Unsupported(`it is a norm of order ${order}`);
  return over(order === 1 ? "l1" : "l2")(call);
};

/** The place of the first largest cell; in the whole tensor, read as one row, where no axis is told. */
const place =
  (least: boolean): Lower =>
  (call) => {
    const { l } = call;
    const x = call.value("self");
    const keepDims = call.flag("keepdim", false);
    if (call.has("dim")) return lower.argMax(l, x, call.number("dim", 0), { keepDims, least });
    const found = lower.argMax(l, lower.flatten(l, x, 0), 0, { least });
    return keepDims
      ? lower.reshape(
          l,
          found,
          x.shape.map(() => 1),
        )
      : found;
  };

/**
 * Reductions over `dim`, all axes without it: sums of bool count, variances divide by n - 1 unless
 * told otherwise, norms are of order 1 or 2. `max` and `min` of two tensors are elementwise.
 */
export const reductions: Table = {
  ...Object.fromEntries([...lower.reductionsIn("aten")].map(([name, how]) => [name, over(how)])),
  max: largest("max"),
  min: largest("min"),
  argmax: place(false),
  argmin: place(true),
  cumsum: (call) =>
    lower.cumSum(call.l, summed(call), call.number("dim", 0), { exclusive: false, reverse: false }),
  var: variance,
  var_mean: (call) => [variance(call), over("mean")(call) as lower.Value],
  std: (call) => lower.unary(call.l, "sqrt", variance(call)),
  norm,
  linalg_vector_norm: norm,
};
