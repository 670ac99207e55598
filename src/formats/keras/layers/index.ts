/** The list of Keras layers that are understood. Adding one: a `LayerSpec` in its family's file, and a line here. */
import type { Config } from "../../json.ts";
import type { KerasLayer } from "../model.ts";
import { snakeCase } from "../naming.ts";
import type { LayerSpec } from "../layer-call.ts";
import * as activation from "./activation.ts";
import * as attention from "./attention.ts";
import * as convolution from "./convolution.ts";
import * as dense from "./dense.ts";
import * as merging from "./merging.ts";
import * as normalization from "./normalization.ts";
import { graphNode } from "./graph-node.ts";
import { operation } from "./operations.ts";
import * as padding from "./padding.ts";
import * as pooling from "./pooling.ts";
import * as preprocessing from "./preprocessing.ts";
import * as recurrent from "./recurrent.ts";
import * as reshaping from "./reshaping.ts";
import * as resizing from "./resizing.ts";

/** Classes, with the names that older versions had for them, and how they are lowered. */
const FAMILIES: readonly (readonly [classes: string, spec: LayerSpec])[] = [
  ["InputLayer", reshaping.identity],
  ["Conv1D Conv2D Conv3D Convolution1D Convolution2D", convolution.convolution],
  [
    "Conv1DTranspose Conv2DTranspose Conv3DTranspose Convolution2DTranspose",
    convolution.transposed,
  ],
  ["DepthwiseConv1D DepthwiseConv2D", convolution.depthwise],
  ["SeparableConv1D SeparableConv2D SeparableConvolution2D", convolution.separable],
  ["Dense", dense.dense],
  ["EinsumDense", dense.einsumDense],
  ["Embedding", dense.embedding],
  ["Dot", dense.dot],
  ["LSTM", recurrent.recurrent("LSTM")],
  ["GRU", recurrent.recurrent("GRU")],
  ["SimpleRNN", recurrent.recurrent("SimpleRNN")],
  ["Bidirectional", recurrent.bidirectional],
  ["TimeDistributed", recurrent.timeDistributed(known)],
  ["MultiHeadAttention", attention.multiHeadAttention],
  ["GroupedQueryAttention GroupQueryAttention", attention.groupedQueryAttention],
  ["Attention", attention.attention],
  ["AdditiveAttention", attention.additiveAttention],
  [
    "BatchNormalization BatchNormalizationV1 SyncBatchNormalization",
    normalization.batchNormalization,
  ],
  ["LayerNormalization", normalization.layerNormalization],
  ["GroupNormalization", normalization.groupNormalization],
  ["UnitNormalization", normalization.unitNormalization],
  ["RMSNormalization", normalization.rmsNormalization],
  ["LayerScale", normalization.layerScale],
  ["Activation", activation.activation],
  ["ReLU", activation.relu],
  ["LeakyReLU", activation.leakyRelu],
  ["PReLU", activation.prelu],
  ["ELU", activation.elu],
  ["ThresholdedReLU", activation.thresholded],
  ["Softmax", activation.softmax],
  ["MaxPooling1D MaxPooling2D MaxPooling3D", pooling.maxPooling],
  ["AveragePooling1D AveragePooling2D AveragePooling3D", pooling.averagePooling],
  ["GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D", pooling.globalMaxPooling],
  [
    "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D",
    pooling.globalAveragePooling,
  ],
  ["Add", merging.add],
  ["Subtract", merging.subtract],
  ["Multiply", merging.multiply],
  ["Average", merging.average],
  ["Maximum", merging.maximum],
  ["Minimum", merging.minimum],
  ["Concatenate", merging.concatenate],
  ["CustomScaleLayer", merging.scaledSum],
  ["Flatten", reshaping.flatten],
  ["Reshape", reshaping.reshape],
  ["Permute", reshaping.permute],
  ["RepeatVector", reshaping.repeatVector],
  ["ZeroPadding1D ZeroPadding2D ZeroPadding3D", padding.zeroPadding],
  ["Cropping1D Cropping2D Cropping3D", padding.cropping],
  ["UpSampling1D UpSampling2D UpSampling3D", resizing.upSampling],
  ["Resizing", resizing.resizing],
  ["CenterCrop", resizing.centerCrop],
  ["Rescaling", preprocessing.rescaling],
  ["Normalization", preprocessing.normalization],
];
const LAYERS: ReadonlyMap<string, LayerSpec> = new Map(
  FAMILIES.flatMap(([classes, spec]) => classes.split(" ").map((name) => [name, spec] as const)),
);

/** A layer within another, by its class. */
function known(className: string): LayerSpec | undefined {
  return TRAINING_ONLY.has(className) ? reshaping.identity : LAYERS.get(className);
}

/** Layers that act only while the network is being trained. */
const TRAINING_ONLY = new Set(
  [
    "Identity Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D AlphaDropout GaussianDropout",
    "GaussianNoise ActivityRegularization StochasticDepth DropPath RandomBrightness",
    "RandomColorDegeneration RandomColorJitter RandomContrast RandomElasticTransform",
    "RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHeight RandomHue",
    "RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation",
    "RandomSharpness RandomShear RandomTranslation RandomWidth RandomZoom AugMix CutMix MixUp",
    "RandAugment",
  ].flatMap((words) => words.split(" ")),
);

const OP_LAYERS = ["TFOpLambda", "SlicingOpLambda"];

/** How a layer is lowered; undefined for one that is not known (custom, Lambda, ...). */
export function specOf(layer: KerasLayer): LayerSpec | undefined {
  const { className, config } = layer;
  if (layer.quantized) return undefined;
  if (className === "TensorFlowOpLayer") return graphNode(config);
  if (OP_LAYERS.includes(className)) return operation(config.string("function", ""));
  if (className === "TimeDistributed" && !recurrent.isStepwise(config, known)) return undefined;
  if (TRAINING_ONLY.has(className)) return reshaping.identity;
  const own = isOperation(layer) ? undefined : LAYERS.get(className);
  return own ?? operation(snakeCase(className));
}

/** Operations of Keras 3 that share their name with a layer are told by a setting that the one has and the other has not. */
const IS_OPERATION: Readonly<Record<string, (config: Config) => boolean>> = {
  Reshape: (config) => config.has("newshape"),
  Average: (config) => config.get("axis") !== undefined,
  Dot: (config) => config.get("axes") === undefined,
};
const isOperation = ({ className, config }: KerasLayer): boolean =>
  Object.hasOwn(IS_OPERATION, className) && IS_OPERATION[className]?.(config) === true;

/** Names of a layer's weights in Keras' order; null for a layer that is not known. */
export function declaredWeights(layer: KerasLayer): readonly string[] | null {
  const spec = specOf(layer);
  return spec ? (spec.weights?.(layer.config) ?? []) : null;
}

/** Whether a layer's weights are those of layers within it. */
export const isAround = (layer: KerasLayer): boolean => specOf(layer)?.around === true;

/** Classes that are known by name. */
export const LAYER_CLASSES: readonly string[] = [...LAYERS.keys()];
