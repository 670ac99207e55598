import type { PoolAttrs } from "../../../graph/index.ts";
import { asImage, channelsLast, spatial, Unsupported, type LayerSpec } from "../scope.ts";

const pool = (op: "maxPool" | "avgPool"): LayerSpec => ({
  lower: (scope) =>
    channelsLast(scope, (last) =>
      asImage(scope, last, (x) => {
        const rank = scope.rank(scope.x);
        const window = spatial(scope, "pool_size", 2, rank);
        const strides = scope.config.has("strides") ? spatial(scope, "strides", 2, rank) : window;
        const padding = scope.config.string("padding", "valid").toLowerCase();
        if (padding !== "same" && padding !== "valid")
          throw new Unsupported(`its padding '${padding}' is not known`);
        const attrs: PoolAttrs = { window, strides, padding };
        return scope.op(op, [x], attrs);
      }),
    ),
});
export const maxPooling = pool("maxPool");
export const averagePooling = pool("avgPool");

/** One number per channel; with `keepdims` a picture of one cell. */
const globalPool = (op: "max" | "mean"): LayerSpec => ({
  lower: (scope) => {
    const { x } = scope;
    const first = scope.config.string("data_format", "channels_last") === "channels_first";
    const axes = scope
      .shape(x)
      .map((_, axis) => axis)
      .filter((axis) => axis !== 0 && axis !== (first ? 1 : scope.rank(x) - 1));
    return scope.op(op, [x], { axes, keepDims: scope.config.boolean("keepdims", false) });
  },
});
export const globalMaxPooling = globalPool("max");
export const globalAveragePooling = globalPool("mean");
