import { at } from "../../base/at.ts";
import type { KernelLayout, Layer, WeightInfo } from "../../graph/index.ts";
import { copyStrided } from "../../base/strided.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";

/** A layer's kernel brought to [h, w, in, filters]; depthwise kernels have in = 1. */
export interface Kernel {
  readonly shape: readonly [height: number, width: number, inputs: number, filters: number];
  readonly data: Float32Array;
  /** The windows are boxes of so many slices: `inputs` are the channels of one after another, [depth, in]. */
  readonly depth?: number;
}

/** The kernel [d, h, w, in, filters] of a convolution of volumes, which is looked at slice by slice; null for every other layer. */
export const volumeWeight = ({ className, weights }: Layer): WeightInfo | null =>
  className === "Conv3D" ? (weights.find(({ shape }) => shape.length === 5) ?? null) : null;

/** [d, h, w, in, filters] as [h, w, d * in, filters]. */
export function arrangeVolume({ shape, data }: FloatTensor): Kernel {
  const [depth, height, width] = [at(shape, 0), at(shape, 1), at(shape, 2)];
  const [channels, filters] = [at(shape, 3), at(shape, 4)];
  const cells = height * width;
  const each = channels * filters;
  const arranged = copyStrided(
    data,
    new Float32Array(data.length),
    [cells, depth, each],
    [each, cells * each, 1],
  );
  return { shape: [height, width, depth * channels, filters], data: arranged, depth };
}

/** The weight that the Filters lens draws: a convolution's kernel; null for every other layer. */
export function kernelWeight(layer: Layer): WeightInfo | null {
  const told = layer.weights.find(({ kernel }) => kernel);
  if (told) return told;
  const kernels = layer.weights.filter(
    ({ shape, kernel }) =>
      kernel !== null &&
      (shape.length === 4 || (shape.length === 3 && /conv/i.test(layer.className))),
  );
  // a separable convolution has two: the depthwise one holds the spatial patterns
  return kernels.find(({ name }) => /depthwise/.test(name)) ?? kernels[0] ?? null;
}

/** By Keras' name, or the vector beside a kernel whose layout the file tells. */
export const biasWeight = (layer: Layer): WeightInfo | null => {
  const vectors = layer.weights.filter(({ shape }) => shape.length === 1);
  const told = layer.weights.some(({ kernel }) => kernel);
  return vectors.find(({ name }) => name === "bias") ?? (told ? vectors[0] : undefined) ?? null;
};

/** [h, w, depth in, filters] as [depth, h, w, in, filters]. */
export function inBoxes({ shape: [h, w, all, filters], data }: Kernel, depth: number): FloatTensor {
  const each = (all / depth) * filters;
  const moved = copyStrided(
    data,
    new Float32Array(data.length),
    [depth, h * w, each],
    [each, all * filters, 1],
  );
  return floats([depth, h, w, all / depth, filters], moved);
}

/** How many slices the windows of a kernel have that is kept as one of pictures: [h, w, depth in, filters]; null: it is one of pictures. */
function depthOf({ fileShape = [], shape, kernel }: WeightInfo): number | null {
  if (fileShape.length !== 5 || shape.length !== 4) return null;
  const [first, , third, fourth, last] = fileShape;
  const [inputs, filters] = kernel === "hwoi" ? [shape[3], shape[2]] : [shape[2], shape[3]];
  // Keras: [d, h, w, in, filters], or filters before in where it is transposed
  const ofKeras =
    kernel === "hwoi"
      ? last === inputs && Number(first) * Number(fourth) === filters
      : last === filters && Number(first) * Number(fourth) === inputs;
  return (ofKeras ? first : third) ?? null;
}

/** Rank-3 kernels are those of 1-D convolutions, [w, in, out]. Of volumes each slice has channels of its own. */
export function arrangeKernel(layer: Layer, weight: WeightInfo, stored: FloatTensor): Kernel {
  const kernel = arrangePicture(layer, weight, stored);
  const depth = depthOf(weight);
  if (depth === null || weight.kernel === "hwcm") return kernel;
  if (weight.kernel !== "hwoi") return { ...kernel, depth };
  // a transposed one has the slices of each filter side by side
  const [h, w, inputs, all] = kernel.shape;
  const lengths = [h * w, depth, inputs, all / depth];
  const steps = [inputs * all, 1, all, depth];
  const data = copyStrided(kernel.data, new Float32Array(kernel.data.length), lengths, steps);
  return { shape: [h, w, depth * inputs, all / depth], data, depth };
}
function arrangePicture(layer: Layer, weight: WeightInfo, stored: FloatTensor): Kernel {
  const [a = 1, b = 1, c = 1, d = 1] =
    stored.shape.length === 3 ? [1, ...stored.shape] : stored.shape;
  const layout = weight.kernel ?? kerasLayout(layer, weight);
  if (layout === "hwcm") return { shape: [a, b, 1, c * d], data: stored.data };
  if (layout === "hwio") return { shape: [a, b, c, d], data: stored.data };
  const data = new Float32Array(stored.data.length);
  for (let at = 0; at < a * b; at++)
    for (let out = 0; out < c; out++)
      for (let input = 0; input < d; input++)
        data[(at * d + input) * c + out] = stored.data[(at * c + out) * d + input] ?? 0;
  return { shape: [a, b, d, c], data };
}

function kerasLayout(layer: Layer, weight: WeightInfo): KernelLayout {
  if (/depthwise/.test(weight.name) || /^Depthwise/.test(layer.className)) return "hwcm";
  return /Transpose/.test(layer.className) ? "hwoi" : "hwio";
}
