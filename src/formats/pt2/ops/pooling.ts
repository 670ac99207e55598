import { adaptivePool, averagePool, maxPool, spatialRank, type Pool } from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call } from "../call.ts";
import type { Lower, Table } from "./table.ts";

function pool(call: Call): Pool {
  const count = spatialRank(call.value("self"));
  const window = call.each("kernel_size", count, 1);
  const stride = call.numbers("stride") ?? [];
  const sides = call.each("padding", count, 0);
  return {
    window,
    strides: stride.length === 0 ? window : call.each("stride", count, 1),
    dilations: call.each("dilation", count, 1),
    padding: { begin: sides, end: sides },
    ceil: call.flag("ceil_mode", false),
  };
}

const max: Lower = (call) => maxPool(call.l, call.value("self"), pool(call));
const average: Lower = (call) => {
  if (call.has("divisor_override")) throw new Unsupported("it divides by a number of its own");
  const counts = call.flag("count_include_pad", true);
  return averagePool(call.l, call.value("self"), pool(call), counts);
};
const adaptive =
  (how: "mean" | "max"): Lower =>
  (call) => {
    const x = call.value("self");
    return adaptivePool(call.l, x, call.each("output_size", spatialRank(x), 1), how);
  };
/** The places of the maxima, the second output, are not computed. */
const alone =
  (lower: Lower): Lower =>
  (call) => {
    const [value] = [lower(call)].flat();
    return [value ?? null, null];
  };

/**
 * Pooling of [N, C, L], [N, C, H, W] and [N, C, D, H, W]. Averages count padded cells unless `count_include_pad` is
 * false; places of maxima are not computed.
 */
export const poolings: Table = {
  max_pool1d: max,
  max_pool2d: max,
  max_pool3d: max,
  max_pool1d_with_indices: alone(max),
  max_pool2d_with_indices: alone(max),
  max_pool3d_with_indices: alone(max),
  avg_pool1d: average,
  avg_pool2d: average,
  avg_pool3d: average,
  adaptive_avg_pool1d: adaptive("mean"),
  adaptive_avg_pool2d: adaptive("mean"),
  adaptive_avg_pool3d: adaptive("mean"),
  _adaptive_avg_pool2d: adaptive("mean"),
  _adaptive_avg_pool3d: adaptive("mean"),
  adaptive_max_pool1d: alone(adaptive("max")),
  adaptive_max_pool2d: alone(adaptive("max")),
  adaptive_max_pool3d: alone(adaptive("max")),
};
