import type { Config } from "../../json.ts";
import * as lower from "../../lower/index.ts";
import { binary, known, number, range, reshape, unary, type Value } from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { LayerCall, LayerSpec } from "../layer-call.ts";

const affine = (config: Config): string[] => [
  ...(config.boolean("scale", true) ? ["gamma"] : []),
  ...(config.boolean("center", true) ? ["beta"] : []),
];
/** The layer's scale and offset, null where it has none. */
const factors = (call: LayerCall, shape: readonly number[]): [Value | null, Value | null] => {
  const given = affine(call.config);
  const [gamma, beta] = ["gamma", "beta"].map((name) =>
    given.includes(name) ? call.weight(name, shape) : null,
  );
  return [gamma ?? null, beta ?? null];
};

/**
 * `BatchNormalization` of `axis` (by default the last) with the moving statistics, as at inference;
 * `epsilon` is 1e-3 by default.
 */
export const batchNormalization: LayerSpec = {
  weights: (config) => [...affine(config), "moving_mean", "moving_variance"],
  lower: (call) => {
    const { l, only: x } = call;
    const axis = call.axis();
    const channels = [known(x.shape, axis)];
    const [scale, offset] = factors(call, channels);
    const mean = call.weight("moving_mean", channels);
    const variance = call.weight("moving_variance", channels);
    const epsilon = call.config.number("epsilon", 1e-3);
    return lower.withChannelsAt(l, x, axis, (picture) =>
      lower.batchNorm(l, picture, scale, offset, mean, variance, epsilon),
    );
  },
};

/** A parameter with one number for each cell of `axes`, ready to broadcast against `x`. */
const along = (call: LayerCall, value: Value | null, axes: readonly number[]): Value | null => {
  const from = Math.min(...axes);
  const shape = range(call.rank - from, from).map((axis) =>
    axes.includes(axis) ? known(call.x.shape, axis) : 1,
  );
  return value && reshape(call.l, value, shape);
};
const sizesOf = (call: LayerCall, axes: readonly number[]): number[] =>
  axes.map((axis) => known(call.x.shape, axis));

/**
 * `LayerNormalization` over `axis`, one or several, by default the last; `epsilon` is 1e-3 by
 * default. Throws `Unsupported` for `rms_scaling`.
 */
export const layerNormalization: LayerSpec = {
  weights: affine,
  lower: (call) => {
    const axes = call.axes();
    if (call.config.boolean("rms_scaling", false)) throw new Unsupported("it uses rms_scaling");
    const own = lower.standardised(call.l, call.x, axes, call.config.number("epsilon", 1e-3));
    const [scale, offset] = factors(call, sizesOf(call, axes));
    return lower.affine(call.l, own, along(call, scale, axes), along(call, offset, axes));
  },
};

/**
 * `RMSNormalization` of Keras 3: x / sqrt(mean(x²) + epsilon) * scale over the last axes; `epsilon`
 * is 1e-6 by default (Zhang, Sennrich 2019, https://arxiv.org/abs/1910.07467).
 */
export const rmsNormalization: LayerSpec = {
  weights: () => ["scale"],
  lower: (call) => {
    const axes = call.axes();
    const first = call.rank - axes.length;
    if (axes.some((axis) => axis < first)) throw new Unsupported("it normalises over inner axes");
    const scale = call.weight("scale", sizesOf(call, axes));
    return lower.rmsNorm(call.l, call.x, first, scale, call.config.number("epsilon", 1e-6));
  },
};

/** Statistics over the positions and the channels of one group. */
export const groupNormalization: LayerSpec = {
  weights: affine,
  lower: (call) => {
    const { l, x, config } = call;
    const axis = call.axis();
    const channels = known(x.shape, axis);
    const wanted = config.number("groups", 32);
    const groups = wanted === -1 ? channels : wanted;
    const [scale, offset] = factors(call, [channels]);
    return lower.withChannelsAt(l, x, axis, (picture) =>
      lower.groupNorm(l, picture, groups, scale, offset, config.number("epsilon", 1e-3)),
    );
  },
};

/** x / |x| over `axes`. */
export const unitNormalization: LayerSpec = {
  lower: (call) => {
    const { l, x } = call;
    const squares = lower.reduce(l, "sumSquare", x, call.axes(), true);
    const safe = binary(l, "maximum", squares, number(1e-12));
    return binary(l, "mul", x, unary(l, "rsqrt", safe));
  },
};

/** ConvNeXt's LayerScale: one factor per channel. */
export const layerScale: LayerSpec = {
  weights: () => ["gamma"],
  lower: ({ l, x, weight }) => binary(l, "mul", x, weight("gamma", [known(x.shape, -1)])),
};
