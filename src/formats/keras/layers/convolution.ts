import { at } from "../../../base/at.ts";
import type { Config } from "../../json.ts";
import * as lower from "../../lower/index.ts";
import {
  known,
  range,
  spatialRank,
  transpose,
  type Geometry,
  type Value,
} from "../../lower/index.ts";
import { Impossible, Unsupported } from "../../lower/unsupported.ts";
import { activateAs } from "../activations.ts";
import type { LayerCall, LayerSpec, Lowered } from "../layer-call.ts";

/** The layer's own `activation`, kept apart from what it is applied to. */
export function activated(call: LayerCall, x: Value): Lowered {
  return { outputs: [activateAs(call, x, call.config.get("activation"))], before: x };
}

/** The layer's bias [C], where it has one. */
export const biasOf = (call: LayerCall, channels: number): Value | null =>
  call.config.boolean("use_bias", true) ? call.weight("bias", [channels]) : null;

/** Names of the weights of a layer with a bias. */
export const withBias =
  (...kernels: string[]) =>
  (config: Config): string[] =>
    config.boolean("use_bias", true) ? [...kernels, "bias"] : kernels;

/** A setting for each of `count` spatial axes: one number, or as many as there are axes. Throws `Impossible` for what is neither. */
export function each(
  { config, l }: LayerCall,
  key: string,
  fallback: number,
  count: number,
): number[] {
  const told = config.has(key) ? (config.numbers(key) ?? []) : [fallback];
  if (told.length !== 1 && told.length !== count)
    throw new Impossible(
      `'${l.name}' has the ${key} ${JSON.stringify(config.get(key))} for ${count} axes`,
    );
  return range(count).map((axis) => told[axis] ?? at(told, 0));
}

function geometry(call: LayerCall, count: number): Geometry {
  const dilations = each(call, "dilation_rate", 1, count);
  const name = call.config.string("padding", "valid").toLowerCase();
  const [strides, none] = [each(call, "strides", 1, count), range(count).map(() => 0)];
  if (name === "same") return { strides, dilations, padding: "upper" };
  if (name !== "valid" && name !== "causal")
    throw new Unsupported(`its padding '${name}' is not known`);
  const past = (at(each(call, "kernel_size", 1, count), 0) - 1) * at(dilations, 0);
  const begin = name === "causal" ? [past, ...none.slice(1)] : none;
  return { strides, dilations, padding: { begin, end: none } };
}

/** Parameter `name`, stored as [...taps, a, b], seen as [b, a, ...taps]. */
function kernel(call: LayerCall, name: string, a: number, b: number, count: number): Value {
  const stored = call.weight(name, [...each(call, "kernel_size", 1, count), a, b]);
  return transpose(call.l, stored, [count + 1, count, ...range(count)]);
}
/** Parameter `name`, stored as [...taps, channels, multiplier], seen as [channels * multiplier, 1, ...taps]. */
function depthwiseKernel(call: LayerCall, name: string, channels: number, count: number): Value {
  const multiplier = call.config.number("depth_multiplier", 1);
  const taps = each(call, "kernel_size", 1, count);
  const stored = call.weight(name, [...taps, channels, multiplier]);
  const apart = transpose(call.l, stored, [count, count + 1, ...range(count)]);
  return lower.reshape(call.l, apart, [channels * multiplier, 1, ...taps]);
}

/** A layer with a window over positions; `body` gets the picture [N, C, ...] and its number of spatial axes and channels. */
const windowed = (
  weights: LayerSpec["weights"] & object,
  body: (call: LayerCall, x: Value, count: number, channels: number) => Value,
): LayerSpec => ({
  weights,
  lower: (call) =>
    activated(
      call,
      lower.withChannelsAt(call.l, call.only, call.channelAxis, (x) =>
        body(call, x, spatialRank(x), known(x.shape, 1)),
      ),
    ),
});

/** Conv1D, Conv2D */
export const convolution = windowed(withBias("kernel"), (call, x, count, channels) => {
  const [filters, groups] = [call.config.number("filters", 0), call.config.number("groups", 1)];
  const weights = kernel(call, "kernel", channels / groups, filters, count);
  return lower.convolution(
    call.l,
    x,
    weights,
    biasOf(call, filters),
    geometry(call, count),
    groups,
  );
});

/** DepthwiseConv1D, DepthwiseConv2D */
export const depthwise = windowed(withBias("depthwise_kernel"), (call, x, count, channels) => {
  const weights = depthwiseKernel(call, "depthwise_kernel", channels, count);
  const bias = biasOf(call, known(weights.shape, 0));
  return lower.convolution(call.l, x, weights, bias, geometry(call, count), channels);
});

/** SeparableConv1D, SeparableConv2D: one filter for each channel, then a mixture of channels at each position. */
export const separable = windowed(
  withBias("depthwise_kernel", "pointwise_kernel"),
  (call, x, count, channels) => {
    const weights = depthwiseKernel(call, "depthwise_kernel", channels, count);
    const maps = lower.convolution(call.l, x, weights, null, geometry(call, count), channels);
    const filters = call.config.number("filters", 0);
    const ones = range(count).map(() => 1);
    const mixture = call.weight("pointwise_kernel", [...ones, known(weights.shape, 0), filters]);
    const plain = { strides: ones, dilations: ones, padding: { begin: [], end: [] } };
    const mix = transpose(call.l, mixture, [count + 1, count, ...range(count)]);
    return lower.convolution(call.l, maps, mix, biasOf(call, filters), plain, 1);
  },
);

/** Conv1DTranspose, Conv2DTranspose: the gradient of a convolution with respect to its input. */
export const transposed = windowed(withBias("kernel"), (call, x, count, channels) => {
  const filters = call.config.number("filters", 0);
  const weights = kernel(call, "kernel", filters, channels, count);
  const how = geometry(call, count);
  const size = { ...restored(call, x, how, count) };
  return lower.transposedConvolution(call.l, x, weights, biasOf(call, filters), how, 1, size);
});

/** Keras' `deconv_output_length`. */
function restored(call: LayerCall, x: Value, how: Geometry, count: number): lower.Transposed {
  const told = call.config.has("output_padding") ? each(call, "output_padding", 0, count) : null;
  const taps = each(call, "kernel_size", 1, count);
  const axes = range(count).map((axis) => {
    const [stride, span] = [
      at(how.strides, axis),
      (at(taps, axis) - 1) * at(how.dilations, axis) + 1,
    ];
    const extra = told ? at(told, axis) : 0;
    const whole = (known(x.shape, axis + 2) - 1) * stride + span;
    return {
      same: told ? whole - 2 * Math.floor(span / 2) + extra : known(x.shape, axis + 2) * stride,
      extra: told ? extra : Math.max(0, stride - span),
    };
  });
  return how.padding === "upper"
    ? { outputPadding: [], outputShape: axes.map(({ same }) => same) }
    : { outputPadding: axes.map(({ extra }) => extra), outputShape: null };
}
