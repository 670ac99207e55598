/** What is told of one filter beside its numbers: where it fired, its nearest twin, and what it does for the classes. */
import { at } from "../../base/at.ts";
import { axes } from "../../base/axes.ts";
import { mapNode } from "../../methods/activations/index.ts";
import { influence, kernelLayer, nearDuplicates } from "../../methods/census/index.ts";
import { arrangeKernel, kernelWeight } from "../../methods/filters/index.ts";
import { seenBy } from "../../methods/inspect/index.ts";
import type { Inputs } from "../../methods/types.ts";
import type { Influence } from "../../shared/contract/experiments.ts";
import type { Control } from "../../shared/control.ts";
import { asFloats } from "../../base/tensor.ts";
import { feedPicture, pictureBatches, pictureOfLayer, type PictureStore } from "../run/feed.ts";
import type { OpenModel } from "../open/model.ts";
import { evenly } from "../run/picture-files.ts";
import type { Runner } from "../run/runner.ts";
import { viewOf } from "../run/view.ts";

/** A part of a picture as the network sees it, with its upper left corner. */
export interface Patch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** The receptive field of the filter's strongest cell. */
export async function patchThatFired(
  runner: Runner,
  store: PictureStore,
  image: string,
  name: string,
  filter: number,
): Promise<Patch> {
  const { graph } = runner.model;
  const layer = runner.model.layer(name);
  const maps = await runner.maps(await feedPicture(runner.model, store, image), layer, false);
  const [, columns, channels] = axes(maps.shape, 3);
  let best = 0;
  for (let cell = 0; cell < maps.data.length / channels; cell++) {
    const value = maps.data[cell * channels + filter] ?? -Infinity;
    if (value > (maps.data[best * channels + filter] ?? -Infinity)) best = cell;
  }
  const picture = pictureOfLayer(runner.model, name);
  const view = await viewOf(runner.model, store, image, picture.name);
  const cell = [Math.floor(best / columns), best % columns] as const;
  const seen = seenBy(graph.nodes, mapNode(graph, layer, false), cell, picture.node);
  if (!seen) return { x: 0, y: 0, ...view };
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
  return { x: left, y: top, width, height, rgba };
}

/** The filter of the layer whose kernel points most nearly the same (or the opposite) way. */
export async function twinOf(
  open: OpenModel,
  name: string,
  filter: number,
): Promise<{ filter: number; cosine: number } | null> {
  const layer = kernelLayer(open.graph, open.layer(name));
  const weight = layer && kernelWeight(layer);
  if (!layer || !weight) return null;
  const kernel = arrangeKernel(layer, weight, asFloats(await open.graph.weights.read(weight.ref)));
  const [nearest] = nearDuplicates(kernel, -1).filter(({ a, b }) => a === filter || b === filter);
  if (!nearest) return null;
  return { filter: nearest.a === filter ? nearest.b : nearest.a, cosine: nearest.cosine };
}

/** Classes that are named, for and against. */
const NAMED = 3;
/** Pictures over which the influence is measured: spread evenly over those that were counted. */
const MOST_PICTURES = 32;

/** The filter's influence on the classes over some of the pictures; null where there are no scores, or they do not depend on the layer. */
export async function influenceOf(
  { model, subject }: Runner,
  store: PictureStore,
  files: readonly string[],
  name: string,
  filter: number,
  control: Pick<Control, "signal">,
): Promise<Influence | null> {
  if (!model.summary.classes) return null;
  const node = mapNode(model.graph, model.layer(name), false);
  const some = evenly(files, MOST_PICTURES);
  async function* batches(): AsyncGenerator<Inputs> {
    for await (const { inputs } of pictureBatches(model, store, some, () => undefined, 16))
      yield inputs;
  }
  const { scores, labels } = model;
  const found = await influence(subject, scores, node, filter, batches(), control).catch(
    (error: unknown) => {
      if ((error as { kind?: unknown }).kind === "input") return null;
      throw error;
    },
  );
  if (!found || found.images === 0) return null;
  const effects = scores.binary
    ? [-at(found.effects, 0), at(found.effects, 0)]
    : [...found.effects];
  const ranked = effects
    .map((effect, index) => ({ index, label: labels?.[index] ?? null, effect }))
    .sort((a, b) => b.effect - a.effect);
  return {
    images: found.images,
    up: ranked.filter(({ effect }) => effect > 0).slice(0, NAMED),
    down: ranked
      .filter(({ effect }) => effect < 0)
      .slice(-NAMED)
      .reverse(),
  };
}
