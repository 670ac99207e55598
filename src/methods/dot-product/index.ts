/** How a filter works: one number of a feature map, from the patch it looks at to the network's own value. */
import type { DotProduct } from "../../shared/contract/lenses.ts";
import { inputError, usageError } from "../../base/errors.ts";
import type { Layer } from "../../graph/index.ts";
import type { PixelScaling } from "../../base/preprocessing.ts";
import { asFloats, type FloatTensor } from "../../base/tensor.ts";
import { forward } from "../forward.ts";
import { seenBy } from "../inspect/exact-receptive-field.ts";
import type { Inputs, Subject } from "../types.ts";
import { chainAfter } from "./chain.ts";
import { findConvolution } from "./convolution.ts";
import { cutPatch } from "./patch.ts";
import { readsPicture } from "./reads-picture.ts";

/**
 * Explains cell [y, x] of filter `filter` of a convolution layer: the exact patch, the kernel, their products,
 * |w| |x| cos(angle), and what bias, batch norm and activation made of it. `networkValue` is what the engine computed
 * for that cell after the last step. `order`: of a picture's channels, as they are fed. Throws a ConvLensError for a layer that is no convolution or a cell outside the map.
 */
export async function explainCell(
  subject: Subject,
  layer: Layer,
  inputs: Inputs,
  cell: { filter: number; y: number; x: number },
  order: PixelScaling["order"],
): Promise<Omit<DotProduct, "engine" | "seconds">> {
  const { graph } = subject;
  const convolution = findConvolution(graph, layer);
  const chain = await chainAfter(graph, convolution.node.id, cell.filter);
  const last = chain.at(-1)?.node ?? convolution.node.id;
  const [, height = 0, width = 0, filters = 0] = convolution.node.shape;
  checkCell(layer.name, cell, [height ?? 0, width ?? 0, filters ?? 0]);

  const [source, output] = await forward(subject, inputs, [convolution.input, last]);
  if (!source || !output) throw new RangeError("the engine returned no maps");
  const stored = asFloats(await graph.weights.read(convolution.weight));
  const { patch, kernel, shape, rect, channel } = cutPatch(convolution.node, source, stored, cell);
  const products = patch.map((value, i) => value * (kernel[i] ?? 0));
  const dot = sum(products);
  const weightNorm = Math.sqrt(sum(kernel.map((w) => w * w)));
  const patchNorm = Math.sqrt(sum(patch.map((x) => x * x)));
  const lengths = weightNorm * patchNorm;
  const cosine = lengths === 0 ? 0 : Math.max(-1, Math.min(1, dot / lengths));

  let value = dot;
  const steps = chain.map(({ name, numbers, apply }) => ({
    ...{ name, numbers },
    value: (value = apply(value)),
  }));
  const bias = (steps[0]?.name === "bias" ? steps[0].value : dot) - dot;
  const [outputHeight, outputWidth] = [output.shape[1] ?? 0, output.shape[2] ?? 0];
  if (outputHeight !== height || outputWidth !== width)
    throw inputError(
      `What follows layer '${layer.name}' moves its cells, so they cannot be followed.`,
    );
  return {
    layer: layer.name,
    ...cell,
    shape,
    depthwise: channel !== null,
    channelNames: readsPicture(graph, convolution.input) ? colours(order, source, channel) : null,
    patch,
    kernel,
    products,
    weightNorm,
    patchNorm,
    cosine,
    angleDegrees: (Math.acos(cosine) * 180) / Math.PI,
    dot,
    bias,
    steps,
    networkValue: cellOf(output, cell),
    patchRect: rect,
    pictureRect: pictureRect(subject, convolution.node.id, cell),
  };
}

/** What the channels of a patch are called where they are a picture's: all of `fed` [1, H, W, C], or `channel` alone. */
function colours(
  order: PixelScaling["order"],
  fed: FloatTensor,
  channel: number | null,
): readonly string[] | null {
  if (order === "gray" || fed.shape[3] !== 3) return null;
  const names = order === "bgr" ? ["B", "G", "R"] : ["R", "G", "B"];
  return channel === null ? names : names.slice(channel, channel + 1);
}

const sum = (values: Float32Array): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

const cellOf = (
  map: FloatTensor,
  { filter, y, x }: { filter: number; y: number; x: number },
): number => {
  const [, , width = 1, channels = 1] = map.shape;
  return map.data[(y * width + x) * channels + filter] ?? NaN;
};

function checkCell(
  layer: string,
  { filter, y, x }: { filter: number; y: number; x: number },
  [height, width, filters]: readonly [number, number, number],
): void {
  const inside = (value: number, size: number): boolean =>
    Number.isInteger(value) && value >= 0 && value < size;
  if (!inside(filter, filters))
    throw usageError(`Filter ${filter} is outside 0..${filters - 1} of layer '${layer}'.`);
  if (!inside(y, height) || !inside(x, width))
    throw usageError(
      `Cell (${y}, ${x}) is outside the ${height} x ${width} map of layer '${layer}'.`,
    );
}

function pictureRect(
  { graph }: Subject,
  node: string,
  { y, x }: { y: number; x: number },
): DotProduct["pictureRect"] {
  const picture = graph.inputs.find(({ shape }) => shape.length === 4);
  const seen = picture && seenBy(graph.nodes, node, [y, x], picture.node);
  if (!seen) return null;
  const [[top, bottom], [left, right]] = seen;
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
