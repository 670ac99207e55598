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

/** [variance, mean]; `correction` is 1 where the sample's variance is meant (also `unbiased`). */
function variance(call: Call): [lower.Value, lower.Value] {
  const x = call.value("self");
  const over = axes(call, x);
  const keep = call.flag("keepdim", false);
  const count = over.reduce((product, axis) => product * lower.known(x.shape, axis), 1);
  const correction = call.has("correction")
    ? call.number("correction", 1)
    : +call.flag("unbiased", true);
  if (count <= correction) throw new Unsupported("it takes the variance of one number");
  const centred = lower.binary(call.l, "sub", x, lower.reduce(call.l, "mean", x, over, true));
  const square = lower.mapped(call.l, centred, (node) => call.l.op("square", [node]));
  const mean = lower.reduce(call.l, "mean", square, over, keep);
  const scaled =
    correction === 0
      ? mean
      : lower.binary(call.l, "mul", mean, lower.number(count / (count - correction)));
  return [scaled, lower.reduce(call.l, "mean", x, over, keep)];
}
const deviation = (call: Call): lower.Value =>
  lower.mapped(call.l, variance(call)[0], (node) => call.l.op("sqrt", [node]));
const norm: Lower = (call) => {
  const order = call.number(call.has("ord") ? "ord" : "p", 2);
  if (order !== 1 && order !== 2) throw new Unsupported(`it is a norm of order ${order}`);
  return over(order === 1 ? "l1" : "l2")(call);
};

/** The place of the first largest cell; in the whole tensor, read as one row, where no axis is told. */
const place =
  (sign: 1 | -1): Lower =>
  (call) => {
    const { l } = call;
    const x = sign === 1 ? call.value("self") : lower.unary(l, "neg", call.value("self"));
    const keepDims = call.flag("keepdim", false);
    if (call.has("dim"))
      return lower.argMax(l, x, call.number("dim", 0), { keepDims, last: false });
    const found = lower.argMax(l, lower.flatten(l, x, 0), 0, { keepDims: false, last: false });
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
  argmax: place(1),
  argmin: place(-1),
  cumsum: (call) =>
    lower.cumSum(call.l, summed(call), call.number("dim", 0), { exclusive: false, reverse: false }),
  var: (call) => variance(call)[0],
  var_mean: (call) => variance(call),
  std: (call) => deviation(call),
  norm,
  linalg_vector_norm: norm,
};
