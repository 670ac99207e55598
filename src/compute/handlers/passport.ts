import { mapNode } from "../../methods/activations/index.ts";
import type { Census } from "../../methods/census/index.ts";
import { nearDuplicates } from "../../methods/census/index.ts";
import { arrangeKernel, kernelWeight } from "../../methods/filters/index.ts";
import { seenBy } from "../../methods/inspect/index.ts";
import { modelView } from "../../pictures/index.ts";
import { pictureInput, pictureSize, type OpenModel } from "../../session/index.ts";
import type { Passport } from "../../shared/contract/experiments.ts";
import { usageError } from "../../shared/errors.ts";
import type { Layer, ModelGraph } from "../../shared/graph/index.ts";
import { asFloats } from "../../shared/tensor.ts";
import type { State } from "../state.ts";

const SHOWN_PATCHES = 6;

/** What a census knows of one filter, with the parts of the pictures that it fired at most for. */
export async function passportOf(
  state: State,
  counted: Census | undefined,
  model: string,
  layer: string,
  filter: number,
): Promise<Omit<Passport, "engine" | "seconds">> {
  const own = counted?.layers.find(({ name }) => name === layer)?.filters[filter];
  if (!counted || !own)
    throw usageError(
      `There is no census of layer '${layer}' yet: count a folder of pictures first.`,
    );
  const patches = [];
  for (const { image, value } of own.top.slice(0, SHOWN_PATCHES))
    patches.push({ image, value, ...(await patchThatFired(state, model, image, layer, filter)) });
  return {
    layer,
    filter,
    images: counted.images,
    max: own.max,
    mean: own.mean,
    zeroFraction: own.zeroFraction,
    histogram: own.histogram,
    twin: await twinOf(await state.model(model), layer, filter),
    patches,
  };
}

/** The receptive field of the filter's strongest cell, cut out of the picture as the network sees it. */
async function patchThatFired(
  state: State,
  path: string,
  image: string,
  name: string,
  filter: number,
): Promise<{ width: number; height: number; rgba: Uint8Array }> {
  const { runner, fed } = await state.run(path, image);
  const { graph, preprocessing } = runner.model;
  const layer = runner.model.layer(name);
  const maps = await runner.maps(fed, layer, false);
  const [, columns = 1, channels = 1] = maps.shape;
  let best = 0;
  for (let cell = 0; cell < maps.data.length / channels; cell++) {
    const value = maps.data[cell * channels + filter] ?? -Infinity;
    if (value > (maps.data[best * channels + filter] ?? -Infinity)) best = cell;
  }
  const { picture } = await state.pictures.read(image);
  const view = modelView(picture, preprocessing, pictureSize(pictureInput(graph)));
  const cell = [Math.floor(best / columns), best % columns] as const;
  const seen = seenBy(graph.nodes, mapNode(graph, layer, false), cell, pictureInput(graph).node);
  if (!seen) return view;
  const inside = ([low, high]: readonly [number, number], size: number): [number, number] => [
    Math.max(0, low),
    Math.min(size - 1, high),
  ];
  const [top, bottom] = inside(seen[0], view.height);
  const [left, right] = inside(seen[1], view.width);
  const [width, height] = [right - left + 1, bottom - top + 1];
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * view.width + left) * 4;
    rgba.set(view.rgba.subarray(from, from + width * 4), y * width * 4);
  }
  return { width, height, rgba };
}

/** The filter of the layer whose kernel points most nearly the same (or the opposite) way. */
async function twinOf(open: OpenModel, name: string, filter: number): Promise<Passport["twin"]> {
  const layer = kernelLayer(open.graph, open.layer(name));
  const weight = layer && kernelWeight(layer);
  if (!layer || !weight) return null;
  const kernel = arrangeKernel(layer, weight, asFloats(await open.graph.weights.read(weight.ref)));
  const [nearest] = nearDuplicates(kernel, -1).filter(({ a, b }) => a === filter || b === filter);
  if (!nearest) return null;
  return { filter: nearest.a === filter ? nearest.b : nearest.a, cosine: nearest.cosine };
}

/** The layer itself, or the convolution before an activation (and norm) that has a layer of its own. */
function kernelLayer(graph: ModelGraph, layer: Layer): Layer | null {
  if (kernelWeight(layer)) return layer;
  const [only, ...others] = layer.inputs;
  const before = graph.layers.find(({ name }) => name === only);
  const passes = /^(Activation|ReLU|LeakyReLU|ELU|PReLU|BatchNormalization|Dropout)$/;
  return before && others.length === 0 && passes.test(layer.className)
    ? kernelLayer(graph, before)
    : null;
}
