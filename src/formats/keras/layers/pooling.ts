import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { LayerCall, LayerSpec } from "../layer-call.ts";
import { each } from "./convolution.ts";

function poolOf(call: LayerCall, x: lower.Value): lower.Pool {
  const count = lower.spatialRank(x);
  const window = each(call, "pool_size", 2, count);
  const padding = call.config.string("padding", "valid").toLowerCase();
  if (padding !== "same" && padding !== "valid")
    throw new Unsupported(`its padding '${padding}' is not known`);
  return {
    window,
    strides: call.config.has("strides") ? each(call, "strides", 2, count) : window,
    dilations: lower.range(count).map(() => 1),
    padding: padding === "same" ? "upper" : { begin: [], end: [] },
    ceil: false,
  };
}
const pooled = (body: (call: LayerCall, x: lower.Value) => lower.Value): LayerSpec => ({
  lower: (call) => lower.withChannelsAt(call.l, call.only, call.channelAxis, (x) => body(call, x)),
});
/**
 * `MaxPooling1D` and `MaxPooling2D`: windows of `pool_size` (2 by default), side by side unless
 * `strides` says otherwise.
 */
export const maxPooling = pooled((call, x) => lower.maxPool(call.l, x, poolOf(call, x)));
/** `AveragePooling1D` and `AveragePooling2D`, windows as of max pooling; padding does not count. */
export const averagePooling = pooled((call, x) =>
  lower.averagePool(call.l, x, poolOf(call, x), false),
);

/** One number per channel; with `keepdims` a picture of one cell. */
const globalPool = (how: "max" | "mean"): LayerSpec => ({
  lower: (call) =>
    lower.reduce(call.l, how, call.only, call.positionAxes, call.config.boolean("keepdims", false)),
});
/** `GlobalMaxPooling1D` and `GlobalMaxPooling2D`: the maximum over the positions, [N, C]. */
export const globalMaxPooling = globalPool("max");
/** `GlobalAveragePooling1D` and `GlobalAveragePooling2D`: the mean over the positions, [N, C]. */
export const globalAveragePooling = globalPool("mean");
