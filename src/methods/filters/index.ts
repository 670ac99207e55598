/** Filters as pictures, straight from the file: no engine is needed. */
import type { FilterGrid, FiltersRequest, FilterValues } from "../../shared/contract/lenses.ts";
import { inputError, usageError } from "../../base/errors.ts";
import type { Layer, ModelGraph } from "../../graph/index.ts";
import { asFloats, type FloatTensor } from "../../base/tensor.ts";
import { drawTiles, rangeOf, type PixelScale, type TileSource } from "../../shared/tiles.ts";
import {
  arrangeKernel,
  arrangeVolume,
  biasWeight,
  inBoxes,
  kernelWeight,
  type Kernel,
  volumeWeight,
} from "./kernel.ts";
import { filterStatistics, nearZero } from "./statistics.ts";

export { arrangeKernel, arrangeVolume, kernelWeight, type Kernel } from "./kernel.ts";
export { filterStatistics, nearZero } from "./statistics.ts";

/** A layer's parameters: as they are, and with the kernel as [h, w, in, filters]. */
export interface StoredFilters {
  /** As stored in the file; of volumes [d, h, w, in, filters]. */
  readonly stored: FloatTensor;
  readonly kernel: Kernel;
  readonly bias: FloatTensor | null;
}

/** Reads a layer's kernel and bias. Throws a ConvLensError of kind `input` for a layer without a kernel. */
export async function readFilters(graph: ModelGraph, layer: Layer): Promise<StoredFilters> {
  const volume = volumeWeight(layer);
  const weight = kernelWeight(layer) ?? volume;
  if (!weight)
    throw inputError(
      `Layer '${layer.name}' (${layer.className}) has no convolution kernel; choose a convolution.`,
    );
  const stored = asFloats(await graph.weights.read(weight.ref));
  const inFile = weight === volume; // in boxes, as they are told of
  const kernel = inFile ? arrangeVolume(stored) : arrangeKernel(layer, weight, stored);
  const bias = biasWeight(layer);
  return {
    stored: inFile || kernel.depth === undefined ? stored : inBoxes(kernel, kernel.depth),
    kernel,
    bias: bias ? asFloats(await graph.weights.read(bias.ref)) : null,
  };
}

/** Draws one page of a layer's filters (or the channels of one filter) as 8-bit tiles. */
export function drawFilters(
  { kernel, bias }: StoredFilters,
  request: FiltersRequest,
): Omit<FilterGrid, "engine" | "seconds"> {
  const [height, width, inputs, filters] = kernel.shape;
  const view = possibleView(request.view, kernel);
  const at = (filter: number, y: number, x: number, channel: number): number =>
    kernel.data[((y * width + x) * inputs + channel) * filters + filter] ?? 0;
  const base = { width, height };
  const source: TileSource =
    view === "colour"
      ? { ...base, total: filters, channels: 3, value: at }
      : "channel" in view
        ? { ...base, total: filters, channels: 1, value: (f, y, x) => at(f, y, x, view.channel) }
        : { ...base, total: inputs, channels: 1, value: (c, y, x) => at(view.filter, y, x, c) };
  const whole = rangeOf(kernel.data);
  const magnitude = Math.max(Math.abs(whole.min), Math.abs(whole.max));
  const scaleOf = (own: { min: number; max: number }): PixelScale =>
    request.scale === "signed"
      ? { kind: "signed", magnitude }
      : { kind: "range", ...(request.scale === "layer" ? whole : own) };
  const { norms, sparsity, means } = filterStatistics(kernel);
  return {
    layer: request.layer,
    kernelShape: kernel.shape,
    view,
    tiles: drawTiles(source, request.first, request.count, scaleOf),
    norms,
    sparsity,
    means,
    bias: bias?.data ?? null,
    nearZero: nearZero(norms),
    extent: whole,
  };
}

function possibleView(
  view: FiltersRequest["view"],
  { shape: [, , inputs, filters], depth }: Kernel,
): FiltersRequest["view"] {
  if (view === "colour") return inputs === 3 && depth === undefined ? view : { channel: 0 };
  if ("channel" in view && !(view.channel >= 0 && view.channel < inputs))
    throw usageError(`Input channel ${view.channel} is outside 0..${inputs - 1}.`);
  if ("filter" in view && !(view.filter >= 0 && view.filter < filters))
    throw usageError(`Filter ${view.filter} is outside 0..${filters - 1}.`);
  return view;
}

/** The numbers of one filter, [h, w, in]. */
export function filterValues(
  { kernel, bias }: StoredFilters,
  layer: string,
  filter: number,
): FilterValues {
  const [height, width, inputs, filters] = kernel.shape;
  if (!(Number.isInteger(filter) && filter >= 0 && filter < filters))
    throw usageError(`Filter ${filter} is outside 0..${filters - 1} of layer '${layer}'.`);
  const values = new Float32Array(height * width * inputs);
  for (let i = 0; i < values.length; i++) values[i] = kernel.data[i * filters + filter] ?? 0;
  return {
    layer,
    filter,
    shape: [height, width, inputs],
    kernel: values,
    bias: bias?.data[filter] ?? null,
  };
}
