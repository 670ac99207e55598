/** The classes of torch.nn that networks of pictures are made of, as PyTorch documents them. */
import { Unsupported } from "../lower/unsupported.ts";
import type { Classes, Forward, Module, Setting, Walk } from "./module.ts";
import type { Ref } from "../pt2/schema.ts";
import { only } from "./walk.ts";

/** An operator of one tensor, with settings that the module has: `[argument, attribute, default]`. */
const simple =
  (operation: string, ...settings: readonly (readonly [string, string, Setting])[]): Forward =>
  (module, inputs, walk) =>
    walk.op(operation, {
      self: only(inputs),
      ...Object.fromEntries(
        settings.map(([argument, name, fallback]) => [argument, module.setting(name) ?? fallback]),
      ),
    });
/** Does nothing when a network is used. */
const same: Forward = (_, inputs) => only(inputs);

const listOf = (value: Setting | undefined): readonly Setting[] =>
  Array.isArray(value) ? (value as readonly Setting[]) : value === undefined ? [] : [value];
const PAD_MODES: Readonly<Record<string, string>> = {
  reflect: "reflect",
  replicate: "replicate",
  circular: "circular",
};

const convolution =
  (rank: 1 | 2 | 3): Forward =>
  (module, inputs, walk) => {
    const mode = module.text("padding_mode", "zeros");
    const padding = module.setting("padding") ?? 0;
    let x = only(inputs);
    if (mode !== "zeros") {
      // before and after each axis, the last one first
      const sides = listOf(module.setting("_reversed_padding_repeated_twice"));
      if (!(mode in PAD_MODES) || sides.length !== 2 * rank)
        throw new Unsupported(`its padding is '${mode}'`);
      x = walk.op("pad", { self: x, pad: sides, mode: PAD_MODES[mode] ?? "" });
    }
    return walk.op(`conv${rank}d`, {
      ...{ input: x, weight: walk.tensor(module, "weight"), bias: walk.tensor(module, "bias") },
      ...{ stride: module.setting("stride") ?? 1, dilation: module.setting("dilation") ?? 1 },
      ...{ padding: mode === "zeros" ? padding : 0, groups: module.number("groups", 1) },
    });
  };
const transposed =
  (rank: 1 | 2 | 3): Forward =>
  (module, inputs, walk) =>
    walk.op(`conv_transpose${rank}d`, {
      ...{
        input: only(inputs),
        weight: walk.tensor(module, "weight"),
        bias: walk.tensor(module, "bias"),
      },
      ...{ stride: module.setting("stride") ?? 1, padding: module.setting("padding") ?? 0 },
      ...{
        output_padding: module.setting("output_padding") ?? 0,
        groups: module.number("groups", 1),
      },
      dilation: module.setting("dilation") ?? 1,
    });

const affine = (
  module: Module,
  inputs: readonly Ref[],
  walk: Walk,
): Record<string, Ref | number | null> => ({
  ...{
    input: only(inputs),
    weight: walk.tensor(module, "weight"),
    bias: walk.tensor(module, "bias"),
  },
  eps: module.number("eps", 1e-5),
});
const batchNorm: Forward = (module, inputs, walk) => {
  const [mean, variance] = [
    walk.tensor(module, "running_mean"),
    walk.tensor(module, "running_var"),
  ];
  const training = mean === null;
  const args = {
    ...affine(module, inputs, walk),
    running_mean: mean,
    running_var: variance,
    training,
  };
  return walk.op("batch_norm", args);
};
const instanceNorm: Forward = (module, inputs, walk) =>
  walk.tensor(module, "running_mean") !== null
    ? batchNorm(module, inputs, walk)
    : walk.op("instance_norm", affine(module, inputs, walk));

/** Along which axis a softmax goes that was told none. */
const softmax =
  (operation: string): Forward =>
  (module, inputs, walk) => {
    const x = only(inputs);
    const rank = walk.shape(x).length;
    const dim = module.setting("dim") ?? ([0, 1, 3].includes(rank) ? 0 : 1);
    return walk.op(operation, { self: x, dim });
  };

const pool = (operation: string): Forward =>
  simple(
    operation,
    ...([
      ["kernel_size", "kernel_size", 1],
      ["stride", "stride", []],
      ["padding", "padding", 0],
      ["dilation", "dilation", 1],
      ["ceil_mode", "ceil_mode", false],
      ["count_include_pad", "count_include_pad", true],
      ["divisor_override", "divisor_override", null],
    ] as const),
  );
const adaptive =
  (operation: string): Forward =>
  (module, inputs, walk) => {
    const x = only(inputs);
    const told = listOf(module.setting("output_size"));
    const { length } = walk.shape(x);
    const size = Array.from(
      { length: length - 2 },
      (_, i) => told[i] ?? (told.length === 1 ? told[0] : null),
    );
    // None keeps an axis as it is
    const sizes = size.map((one, i) => one ?? walk.shape(x)[i + 2] ?? 1);
    return walk.op(operation, { self: x, output_size: sizes });
  };

/** Rows and columns that are told, or by which factors they grow. */
function sizing(module: Module, shape: readonly number[]): Record<string, readonly Setting[]> {
  const both = (value: Setting): readonly Setting[] =>
    Array.isArray(value) ? (value as readonly Setting[]) : [value, value];
  const size = module.setting("size") ?? null;
  if (size !== null) return { output_size: both(size) };
  const factors = both(module.setting("scale_factor") ?? 1);
  // what is older than this setting computes coordinates with the sizes, not with the factors
  const old = module.setting("recompute_scale_factor") === undefined;
  if (!module.flag("recompute_scale_factor", old)) return { scale_factors: factors };
  return { output_size: factors.map((n, i) => Math.floor(Number(n) * (shape[i + 2] ?? 1))) };
}
/** Resizing by factors, or to a size. */
const resized =
  (fixed?: "nearest" | "bilinear"): Forward =>
  (module, inputs, walk) => {
    const x = only(inputs);
    const mode = fixed ?? module.text("mode", "nearest");
    const shape = walk.shape(x);
    if (!["nearest", "bilinear", "bicubic"].includes(mode) || shape.length !== 4)
      throw new Unsupported(`it resizes by '${mode}'`);
    const corners = fixed === "bilinear" || module.flag("align_corners", false);
    return walk.op(`upsample_${mode}2d`, {
      input: x,
      ...sizing(module, shape),
      ...(mode !== "nearest" && { align_corners: corners }),
    });
  };

const padded =
  (mode: string, value?: number): Forward =>
  (module, inputs, walk) => {
    const x = only(inputs);
    const told = listOf(module.setting("padding"));
    const sides =
      told.length === 1
        ? Array.from({ length: 2 * (walk.shape(x).length - 2) }, () => told[0] ?? 0)
        : told;
    const filled = mode === "constant" ? { value: value ?? module.number("value", 0) } : {};
    return walk.op("pad", { self: x, pad: sides, mode, ...filled });
  };

/** Children one after the other, in their order. */
export const sequential: Forward = (module, inputs, walk) =>
  module.children.reduce((x, [, child]) => walk.run(child, x), only(inputs));

const conv = "torch.nn.modules.conv.";
const act = "torch.nn.modules.activation.";
const pooling = "torch.nn.modules.pooling.";
const padding = "torch.nn.modules.padding.";
const norm = "torch.nn.modules.batchnorm.";
const dropouts = ["Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"]; // prettier-ignore
const named = (prefix: string, classes: Classes): Classes =>
  Object.fromEntries(Object.entries(classes).map(([name, forward]) => [prefix + name, forward]));

/** By the full name, so that somebody's own `Conv2d` is none of these. */
export const TORCH: Classes = {
  ...named(conv, {
    Conv1d: convolution(1),
    Conv2d: convolution(2),
    Conv3d: convolution(3),
    ConvTranspose1d: transposed(1),
    ConvTranspose2d: transposed(2),
    ConvTranspose3d: transposed(3),
  }),
  ...named(norm, {
    BatchNorm1d: batchNorm,
    BatchNorm2d: batchNorm,
    BatchNorm3d: batchNorm,
    SyncBatchNorm: batchNorm,
  }),
  ...named("torch.nn.modules.instancenorm.", {
    InstanceNorm1d: instanceNorm,
    InstanceNorm2d: instanceNorm,
    InstanceNorm3d: instanceNorm,
  }),
  ...named("torch.nn.modules.normalization.", {
    LayerNorm: (module, inputs, walk) =>
      walk.op("layer_norm", {
        ...affine(module, inputs, walk),
        normalized_shape: listOf(module.setting("normalized_shape")),
      }),
    GroupNorm: (module, inputs, walk) =>
      walk.op("group_norm", {
        ...affine(module, inputs, walk),
        num_groups: module.number("num_groups", 1),
      }),
    RMSNorm: (module, inputs, walk) =>
      walk.op("rms_norm", {
        ...{ input: only(inputs), weight: walk.tensor(module, "weight") },
        ...{
          normalized_shape: listOf(module.setting("normalized_shape")),
          eps: module.setting("eps") ?? null,
        },
      }),
  }),
  "torch.nn.modules.linear.Linear": (module, inputs, walk) =>
    walk.op("linear", {
      input: only(inputs),
      weight: walk.tensor(module, "weight"),
      bias: walk.tensor(module, "bias"),
    }),
  "torch.nn.modules.linear.Identity": same,
  ...named(act, {
    ReLU: simple("relu"),
    ReLU6: simple("relu6"),
    LeakyReLU: simple("leaky_relu", ["negative_slope", "negative_slope", 0.01]),
    RReLU: simple("rrelu", ["lower", "lower", 1 / 8], ["upper", "upper", 1 / 3]),
    PReLU: (module, inputs, walk) =>
      walk.op("prelu", { self: only(inputs), weight: walk.tensor(module, "weight") }),
    ELU: simple("elu", ["alpha", "alpha", 1]),
    SELU: simple("selu"),
    CELU: simple("celu", ["alpha", "alpha", 1]),
    GELU: simple("gelu", ["approximate", "approximate", "none"]),
    SiLU: simple("silu"),
    Mish: simple("mish"),
    Hardswish: simple("hardswish"),
    Hardsigmoid: simple("hardsigmoid"),
    Hardtanh: simple("hardtanh", ["min_val", "min_val", -1], ["max_val", "max_val", 1]),
    Sigmoid: simple("sigmoid"),
    Tanh: simple("tanh"),
    Softplus: simple("softplus", ["beta", "beta", 1], ["threshold", "threshold", 20]),
    Softsign: simple("softsign"),
    Softshrink: simple("softshrink", ["lambd", "lambd", 0.5]),
    Hardshrink: simple("hardshrink", ["lambd", "lambd", 0.5]),
    Tanhshrink: (_, inputs, walk) =>
      walk.op("sub", { self: only(inputs), other: walk.op("tanh", { self: only(inputs) }) }),
    LogSigmoid: simple("log_sigmoid"),
    Threshold: simple("threshold", ["threshold", "threshold", 0], ["value", "value", 0]),
    GLU: simple("glu", ["dim", "dim", -1]),
    Softmax: softmax("softmax"),
    LogSoftmax: softmax("log_softmax"),
    Softmin: (module, inputs, walk) =>
      softmax("softmax")(module, [walk.op("neg", { self: only(inputs) })], walk),
    Softmax2d: (_, inputs, walk) => walk.op("softmax", { self: only(inputs), dim: -3 }),
  }),
  ...named(pooling, {
    MaxPool1d: pool("max_pool1d"),
    MaxPool2d: pool("max_pool2d"),
    MaxPool3d: pool("max_pool3d"),
    AvgPool1d: pool("avg_pool1d"),
    AvgPool2d: pool("avg_pool2d"),
    AvgPool3d: pool("avg_pool3d"),
    AdaptiveAvgPool1d: adaptive("adaptive_avg_pool1d"),
    AdaptiveAvgPool2d: adaptive("adaptive_avg_pool2d"),
    AdaptiveAvgPool3d: adaptive("adaptive_avg_pool3d"),
    AdaptiveMaxPool1d: adaptive("adaptive_max_pool1d"),
    AdaptiveMaxPool2d: adaptive("adaptive_max_pool2d"),
    AdaptiveMaxPool3d: adaptive("adaptive_max_pool3d"),
  }),
  ...named("torch.nn.modules.dropout.", Object.fromEntries(dropouts.map((name) => [name, same]))),
  ...named("torch.nn.modules.flatten.", {
    Flatten: simple("flatten", ["start_dim", "start_dim", 1], ["end_dim", "end_dim", -1]),
    Unflatten: simple("unflatten", ["dim", "dim", 1], ["sizes", "unflattened_size", []]),
  }),
  ...named("torch.nn.modules.upsampling.", {
    Upsample: resized(),
    UpsamplingNearest2d: resized("nearest"),
    UpsamplingBilinear2d: resized("bilinear"),
  }),
  ...named(padding, {
    ZeroPad1d: padded("constant", 0),
    ZeroPad2d: padded("constant", 0),
    ConstantPad1d: padded("constant"),
    ConstantPad2d: padded("constant"),
    ReflectionPad1d: padded("reflect"),
    ReflectionPad2d: padded("reflect"),
    ReplicationPad1d: padded("replicate"),
    ReplicationPad2d: padded("replicate"),
    CircularPad1d: padded("circular"),
    CircularPad2d: padded("circular"),
  }),
  ...named("torch.nn.modules.pixelshuffle.", {
    PixelShuffle: simple("pixel_shuffle", ["upscale_factor", "upscale_factor", 1]),
    PixelUnshuffle: simple("pixel_unshuffle", ["downscale_factor", "downscale_factor", 1]),
  }),
  "torch.nn.modules.channelshuffle.ChannelShuffle": simple("channel_shuffle", [
    "groups",
    "groups",
    1,
  ]),
  "torch.nn.modules.container.Sequential": sequential,
};
