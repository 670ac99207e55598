import type { ConvAttrs, NodeId, Padding } from "../../../graph/index.ts";
import type { Config } from "../../json.ts";
import { activateAs } from "../activations.ts";
import {
  asImage,
  channelsLast,
  spatial,
  Unsupported,
  type LayerSpec,
  type Lowered,
  type Scope,
} from "../scope.ts";

/** The layer's own `activation`, kept apart from what it is applied to. */
export function activated(scope: Scope, x: NodeId): Lowered {
  const out = activateAs(scope, x, scope.config.get("activation"));
  return { outputs: [out], preActivation: out === x ? undefined : x };
}

export function biased(scope: Scope, x: NodeId, channels: number): NodeId {
  return scope.config.boolean("use_bias", true)
    ? scope.op("biasAdd", [x, scope.weight("bias", [channels])])
    : x;
}

/** Strides, padding and dilations for a tensor of `rank` (3 for sequences, 4 for pictures). */
function convAttrs(scope: Scope, rank: number): ConvAttrs {
  const dilations = spatial(scope, "dilation_rate", 1, rank);
  const name = scope.config.string("padding", "valid").toLowerCase();
  const causal = (scope.config.pair("kernel_size", 1)[0] - 1) * dilations[1];
  const padding: Padding | null =
    name === "same" || name === "valid" ? name : name === "causal" ? [0, 0, causal, 0] : null;
  if (!padding) throw new Unsupported(`its padding '${name}' is not known`);
  return { strides: spatial(scope, "strides", 1, rank), padding, dilations };
}

/** As the file stores it, e.g. [k, C, F] for sequences; the node has one row in front. */
function kernel(scope: Scope, name: string, rank: number, channels: readonly number[]): NodeId {
  const [rows, columns] = spatial(scope, "kernel_size", 1, rank);
  const stored = rank === 3 ? [columns, ...channels] : [rows, columns, ...channels];
  return scope.reshape(scope.weight(name, stored), [rows, columns, ...channels]);
}

function grouped(
  scope: Scope,
  x: NodeId,
  weights: NodeId,
  groups: number,
  attrs: ConvAttrs,
): NodeId {
  const [inputs, filters] = [scope.channels(x) / groups, scope.channels(weights) / groups];
  if (inputs === 1) {
    const [rows, columns] = [scope.dim(weights, 0), scope.dim(weights, 1)];
    const perChannel = scope.reshape(weights, [rows, columns, groups, filters]);
    return scope.op("depthwiseConv2d", [x, perChannel], attrs);
  }
  const part = (id: NodeId, width: number, group: number): NodeId =>
    scope.op("slice", [id], {
      begin: [0, 0, 0, group * width],
      size: [null, null, null, width],
    });
  const parts = Array.from({ length: groups }, (_, group) =>
    scope.op("conv2d", [part(x, inputs, group), part(weights, filters, group)], attrs),
  );
  return scope.op("concat", parts, { axis: 3 });
}

const withBias = (config: Config, ...kernels: string[]): string[] =>
  config.boolean("use_bias", true) ? [...kernels, "bias"] : kernels;

/** Conv1D, Conv2D */
export const convolution: LayerSpec = {
  weights: (config) => withBias(config, "kernel"),
  lower: (scope) => {
    const rank = scope.rank(scope.x);
    const filters = scope.config.number("filters", 0);
    const groups = scope.config.number("groups", 1);
    const out = channelsLast(scope, (last) =>
      asImage(scope, last, (x) => {
        const weights = kernel(scope, "kernel", rank, [scope.channels(x) / groups, filters]);
        const attrs = convAttrs(scope, rank);
        const sum =
          groups === 1
            ? scope.op("conv2d", [x, weights], attrs)
            : grouped(scope, x, weights, groups, attrs);
        return biased(scope, sum, filters);
      }),
    );
    return activated(scope, out);
  },
};

/** DepthwiseConv1D, DepthwiseConv2D */
export const depthwise: LayerSpec = {
  weights: (config) => withBias(config, "depthwise_kernel"),
  lower: (scope) => {
    const rank = scope.rank(scope.x);
    const multiplier = scope.config.number("depth_multiplier", 1);
    const out = channelsLast(scope, (last) =>
      asImage(scope, last, (x) => {
        const channels = scope.channels(x);
        const weights = kernel(scope, "depthwise_kernel", rank, [channels, multiplier]);
        const sum = scope.op("depthwiseConv2d", [x, weights], convAttrs(scope, rank));
        return biased(scope, sum, channels * multiplier);
      }),
    );
    return activated(scope, out);
  },
};

/** SeparableConv1D, SeparableConv2D */
export const separable: LayerSpec = {
  weights: (config) => withBias(config, "depthwise_kernel", "pointwise_kernel"),
  lower: (scope) => {
    const rank = scope.rank(scope.x);
    const filters = scope.config.number("filters", 0);
    const multiplier = scope.config.number("depth_multiplier", 1);
    const out = channelsLast(scope, (last) =>
      asImage(scope, last, (x) => {
        const channels = scope.channels(x);
        const each = kernel(scope, "depthwise_kernel", rank, [channels, multiplier]);
        const maps = scope.op("depthwiseConv2d", [x, each], convAttrs(scope, rank));
        const mixed = [channels * multiplier, filters];
        const stored = scope.weight("pointwise_kernel", [...(rank === 3 ? [1] : [1, 1]), ...mixed]);
        const mix = scope.reshape(stored, [1, 1, channels * multiplier, filters]);
        const plain: ConvAttrs = { strides: [1, 1], padding: "valid", dilations: [1, 1] };
        return biased(scope, scope.op("conv2d", [maps, mix], plain), filters);
      }),
    );
    return activated(scope, out);
  },
};

/** Conv1DTranspose, Conv2DTranspose: the gradient of a convolution with respect to its input. */
export const transposed: LayerSpec = {
  weights: (config) => withBias(config, "kernel"),
  lower: (scope) => {
    const rank = scope.rank(scope.x);
    const filters = scope.config.number("filters", 0);
    const out = channelsLast(scope, (last) =>
      asImage(scope, last, (x) => {
        const weights = kernel(scope, "kernel", rank, [filters, scope.channels(x)]);
        const attrs = convAttrs(scope, rank);
        const [rows, columns] = [grown(scope, x, attrs, 0, rank), grown(scope, x, attrs, 1, rank)];
        const sum = scope.op("conv2dInputGrad", [x, weights], {
          ...attrs,
          inputSize: [rows, columns, filters],
        });
        return biased(scope, sum, filters);
      }),
    );
    return activated(scope, out);
  },
};

/** Keras' `deconv_output_length`. */
function grown(scope: Scope, x: NodeId, attrs: ConvAttrs, axis: 0 | 1, rank: number): number {
  const length = scope.dim(x, axis + 1);
  if (rank === 3 && axis === 0) return length;
  const window = spatial(scope, "kernel_size", 1, rank)[axis];
  const [stride, span] = [attrs.strides[axis], (window - 1) * attrs.dilations[axis] + 1];
  if (scope.config.has("output_padding")) {
    const pad = attrs.padding === "same" ? Math.floor(span / 2) : 0;
    return (length - 1) * stride + span - 2 * pad + spatial(scope, "output_padding", 0, rank)[axis];
  }
  return attrs.padding === "same" ? length * stride : length * stride + Math.max(span - stride, 0);
}
