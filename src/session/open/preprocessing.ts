import { inputError } from "../../base/errors.ts";
import { isPicture, type Layer, type ModelGraph, pictureInputs } from "../../graph/index.ts";
import {
  INTERPOLATIONS,
  isCropped,
  isInterpolation,
  NAMED_SCALINGS,
  type PixelScaling,
  type Preprocessing,
  type Resizing,
} from "../../base/preprocessing.ts";
import type { OwnScaling } from "./own-scaling.ts";
import type { Sidecar } from "../../shared/sidecar.ts";

const ZERO_TO_ONE: PixelScaling = NAMED_SCALINGS["0..1"] ?? raise("0..1");
const RAW: PixelScaling = NAMED_SCALINGS["none"] ?? raise("none");

/** Layer names that give a family away, and the recipe its weights were trained with. */
const FAMILIES: readonly (readonly [pattern: RegExp, family: string, recipe: string])[] = [
  [/^conv2_block1_preact_bn$/, "ResNet V2", "-1..1"],
  [/^conv2_block1_1_conv$/, "ResNet", "caffe"],
  [/^block5_conv3$/, "VGG", "caffe"],
  [/^pool2_conv$/, "DenseNet", "torch"],
  [
    /^(expanded_conv_depthwise|conv_dw_1|mixed10|block14_sepconv2|reduction_A_block_\w+|mixed_7a)$/,
    "MobileNet, Inception or Xception",
    "-1..1",
  ],
  [/^stages\.\d+\.blocks\.\d+\.norm3(\.|$)/, "ResNet V2 (timm)", "-1..1"],
  [/^blocks\.\d+\.stack\.conv\d+\.conv_dw(\.|$)/, "Xception (timm)", "-1..1"],
  // torchvision and timm: all others by ImageNet's statistics
  [/^layer4\.\d+(\.|$)/, "ResNet (PyTorch)", "torch"],
  [/^features\.denseblock4(\.|$)/, "DenseNet (PyTorch)", "torch"],
  [/^(blocks|stages)\.\d+\.(blocks\.)?\d+\.conv_(dw|pwl)$/, "a timm network", "torch"],
  [
    /^(features\.\d+\.(\d+\.)?(conv|block)\.\d|features\.\d+\.expand3x3$|trunk_output\.block\d|stage\d\.\d+\.branch2\.\d|inception5b\.branch\d)/,
    "a torchvision network",
    "torch",
  ],
];

/** Numbers of classes of ImageNet and of its larger editions. */
const IMAGENET: readonly (number | null | undefined)[] = [1000, 11821, 21841, 21843];
/** How its users train: torchvision.transforms.Normalize with ImageNet's mean and std. */
const TORCH: PixelScaling = NAMED_SCALINGS["torch"] ?? raise("torch");

/**
 * How pictures become inputs: what the sidecar says, else what the graph does by itself, else a guess from the family,
 * else 0..1. Always with the reason. Throws a ConvLensError of kind `input` for a sidecar that cannot be understood.
 */
export function decidePreprocessing(
  graph: ModelGraph,
  sidecar: Sidecar | null,
  own: OwnScaling | null = null,
): Preprocessing {
  if (sidecar?.preprocess !== undefined) {
    const { fit = "crop", ...scaling } = fromSidecar(sidecar.preprocess);
    return { ...scaling, fit, source: "sidecar", why: "The sidecar beside the model says so." };
  }
  if (graph.scaling) {
    const { guessed = false, ...scaling } = graph.scaling;
    return { fit: "crop", ...scaling, source: guessed ? "guess" : "graph" };
  }
  const scales = graph.layers
    .slice(0, 8)
    .find(({ className }) => /^(Rescaling|Normalization)$/.test(className));
  const layer = own?.layer ?? scales?.name;
  if (layer !== undefined) {
    const unit = own?.takes === "unit";
    const why = `The network scales ${unit ? "0..1" : "pixels"} itself (layer '${layer}').`;
    return { ...(unit ? ZERO_TO_ONE : RAW), fit: "crop", source: "graph", why };
  }
  for (const [pattern, family, recipe] of FAMILIES) {
    const known = graph.layers.find((layer) => wordsOf(layer).some((word) => pattern.test(word)));
    const scaling = NAMED_SCALINGS[recipe];
    // a gray network was not trained with the means of three colours
    const fits =
      scaling && [1, channelsOf(graph) ?? scaling.mean.length].includes(scaling.mean.length);
    if (known && scaling && fits)
      return {
        ...scaling,
        fit: "crop",
        source: "guess",
        why: `Layer names look like ${family} (${known.name}), trained with '${recipe}'.`,
      };
  }
  if (isTorchImageNet(graph))
    return {
      ...TORCH,
      fit: "crop",
      source: "guess",
      why: "PyTorch networks with colour pictures and ImageNet's classes are nearly always trained with 'torch'.",
    };
  if (!pictureInputs(graph).some(isPicture))
    return {
      ...ZERO_TO_ONE,
      fit: "crop",
      source: "guess",
      why: "Arrays are fed as they are; what is made of nothing lies between 0 and 1.",
    };
  return {
    ...ZERO_TO_ONE,
    fit: "crop",
    source: "guess",
    why: "Nothing in the file says how pictures were scaled; 0..1 is the commonest.",
  };
}

/** Channels of the first picture; null where the network takes none. */
const channelsOf = (graph: ModelGraph): number | null => pictureInputs(graph)[0]?.shape[3] ?? null;

function isTorchImageNet(graph: ModelGraph): boolean {
  const colour = pictureInputs(graph).some(({ shape }) => shape[3] === 3);
  const classes = graph.outputs[0]?.shape.at(-1);
  return /^pytorch\b/i.test(graph.producer ?? "") && colour && IMAGENET.includes(classes);
}

/** Parts of its names: `net/conv1/Relu;net/conv1/BiasAdd`, with and without the number that Keras 3 appends. */
const wordsOf = ({ name, aliases = [] }: Layer): string[] =>
  [name, ...aliases]
    .flatMap((each) => each.split(/[/;]/))
    .flatMap((word) => [word, word.replace(/_\d+$/, "")]);

function fromSidecar(entry: NonNullable<Sidecar["preprocess"]>): PixelScaling & Partial<Resizing> {
  if (typeof entry === "string") {
    const named = Object.hasOwn(NAMED_SCALINGS, entry) ? NAMED_SCALINGS[entry] : undefined;
    if (!named)
      throw inputError(
        `The sidecar names the unknown preprocessing '${entry}'; known are ${Object.keys(NAMED_SCALINGS).join(", ")}.`,
      );
    return named;
  }
  const numbers = (
    value: unknown,
    fallback: readonly number[],
    name: string,
  ): readonly number[] => {
    if (value === undefined) return fallback;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const isNumber = (n: unknown): n is number => typeof n === "number" && Number.isFinite(n);
    if (list.length > 0 && list.every(isNumber)) return list;
    throw inputError(`The sidecar's preprocess.${name} must be a number or a list of numbers.`);
  };
  const { order = "rgb", fit, cropped, interpolation } = entry;
  if (!["rgb", "bgr", "gray"].includes(order))
    throw inputError("The sidecar's preprocess.order must be rgb, bgr or gray.");
  const std = numbers(entry.std, [1], "std");
  if (std.includes(0)) throw inputError("The sidecar's preprocess.std must not be 0.");
  if (cropped !== undefined && !isCropped(cropped))
    throw inputError("The sidecar's preprocess.cropped must be above 0 and at most 1.");
  if (interpolation !== undefined && !isInterpolation(interpolation))
    throw inputError(
      `The sidecar's preprocess.interpolation must be ${INTERPOLATIONS.join(" or ")}.`,
    );
  return {
    order,
    scale: numbers(entry.scale, [1], "scale")[0] ?? 1,
    mean: numbers(entry.mean, [0], "mean"),
    std,
    ...(fit === "crop" || fit === "squash" ? { fit } : {}),
    ...(cropped !== undefined && { cropped }),
    ...(interpolation !== undefined && { interpolation }),
  };
}

function raise(name: string): never {
  throw new RangeError(`no preprocessing is named ${name}`);
}
