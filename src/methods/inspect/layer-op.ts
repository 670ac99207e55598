import type { LayerOp } from "../../shared/contract/model.ts";
import type { GraphNode, Layer, Op } from "../../graph/index.ts";

/** What the nodes of a layer make it, strongest first. */
const BY_NODE: readonly (readonly [Op, LayerOp])[] = [
  ["conv2d", "conv"],
  ["depthwiseConv2d", "depthwise-conv"],
  ["conv2dInputGrad", "transposed-conv"],
  ["matMul", "dense"],
  ["batchNorm", "norm"],
  ["maxPool", "pool"],
  ["avgPool", "pool"],
  ["concat", "merge"],
  ["input", "input"],
  ["relu", "activation"],
  ["relu6", "activation"],
  ["leakyRelu", "activation"],
  ["elu", "activation"],
  ["softmax", "activation"],
  ["sigmoid", "activation"],
  ["tanh", "activation"],
];

/** What the class name of a layer makes it, where its nodes would mislead (a normalisation is made of multiplications). */
const BY_CLASS: readonly (readonly [RegExp, LayerOp])[] = [
  [/^InputLayer$/, "input"],
  [/^(Rescaling|Normalization|Resizing|CenterCrop|Random\w+)$/, "preprocess"],
  [/Norm/, "norm"],
  [/Pool/, "pool"],
  [/Conv([12]D)?Transpose([12]d)?/, "transposed-conv"],
  [/^DepthwiseConv/, "depthwise-conv"],
  [/^(Dense|Linear)$/, "dense"],
  [
    /^(Add|AddV2|Sub|Subtract|Mul|Multiply|Average|Maximum|Minimum|Concat|ConcatV2|Concatenate)$/,
    "merge",
  ],
  [
    /^(Activation|ReLU|LeakyReLU|PReLU|ELU|Softmax|ThresholdedReLU|AttentionWeights)$/,
    "activation",
  ],
  [
    /^(Flatten|Reshape|Transpose|Permute|RepeatVector|ZeroPadding\w+|Cropping\w+|UpSampling\w+)$/,
    "reshape",
  ],
  // ONNX's operators
  [
    /^(Relu|Clip|PRelu|LeakyRelu|Elu|Selu|Celu|Gelu|Mish|Swish|Hard(Sigmoid|Swish)|Sigmoid|Tanh|Soft(plus|sign)|LogSoftmax)$/,
    "activation",
  ],
  [/^(Sum|Max|Min|Mean)$/, "merge"],
  [
    /^(Squeeze|Unsqueeze|Pad|Slice|Split|Gather|Expand|Tile|Resize|Upsample|DepthToSpace|SpaceToDepth)$/,
    "reshape",
  ],
  // aten's functions
  [/^(native_)?(batch|layer|group|instance)_norm$/, "norm"],
  [/^(adaptive_)?(avg|max)_pool[12]d/, "pool"],
  [/^(add|sub|rsub|mul|maximum|minimum|cat|stack)_?$/, "merge"],
  [
    /^((leaky_)?relu6?|prelu|elu|selu|celu|gelu|silu|mish|hard(sigmoid|swish|tanh)|sigmoid|tanh|softplus|(log_)?softmax)_?$/,
    "activation",
  ],
  [
    /^(reshape|view|flatten|unflatten|(un)?squeeze|transpose|permute|slice|pad|roll|expand|repeat|pixel_(un)?shuffle|upsample_\w+)$/,
    "reshape",
  ],
  // TFLite's operators
  [/_NORMALIZATION$/, "norm"],
  [/^(MEAN|REDUCE_MAX)$/, "pool"],
  [/^(ADD|ADD_N|SUB|MUL|DIV|MAXIMUM|MINIMUM|CONCATENATION|PACK)$/, "merge"],
  [/^(RELU\w*|PRELU|LEAKY_RELU|ELU|GELU|HARD_SWISH|LOGISTIC|TANH|(LOG_)?SOFTMAX)$/, "activation"],
  [
    /^(RESHAPE|SQUEEZE|EXPAND_DIMS|TRANSPOSE|PAD(V2)?|MIRROR_PAD|\w*SLICE|RESIZE_\w+|\w+_TO_\w+)$/,
    "reshape",
  ],
];

/** The kind of a layer, which decides its icon and what the lenses offer. */
export function layerOp(layer: Layer, nodes: readonly GraphNode[]): LayerOp {
  if (layer.opaque !== null) return "opaque";
  const named = BY_CLASS.find(([pattern]) => pattern.test(layer.className));
  if (named) return named[1];
  const made = BY_NODE.find(([op]) => nodes.some((node) => node.op === op));
  if (made) return made[1];
  // a convolution that could not be placed in a graph (a file of weights alone)
  if (layer.weights.some(({ kernel }) => kernel === "hwcm")) return "depthwise-conv";
  return /Conv/.test(layer.className) ? "conv" : "other";
}
