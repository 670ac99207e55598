/** A training as an animation: filters, maps or heat maps of its checkpoints, all on one scale. */
import { readFilters } from "../../methods/filters/index.ts";
import { animate, overlay, squareColumns, tileSheet, type Moment } from "../../pictures/index.ts";
import type { Animated, AnimateRequest } from "../../shared/contract/training.ts";
import type { Control } from "../../shared/control.ts";
import { classTarget, gradCam } from "../../shared/question.ts";
import { at } from "../../base/at.ts";
import { breathe, usageError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { drawTiles, rangeOf } from "../../shared/tiles.ts";
import { kernelNumbers, mapNumbers } from "../compare/comparing.ts";
import { Explained } from "../explained.ts";
import { feedPicture } from "../run/feed.ts";
import { viewOf } from "../run/view.ts";
import type { OpenModels } from "../open/open-models.ts";

/** Where models are opened. */
type Shelf = Pick<OpenModels, "pictures" | "model" | "runner" | "release">;

const FRAME_MS = 350;
/** Filters and maps in an animation. */
const MOST_TILES = 64;
const MOST_CHECKPOINTS = 500;

/** Animated GIF, a frame a checkpoint. Throws a ConvLensError for a layer or picture that cannot be used. */
export async function animateEpochs(
  shelf: Shelf,
  { checkpoints, of, keep }: AnimateRequest,
  { signal, progress }: Control,
): Promise<Uint8Array> {
  if (checkpoints.length < 2 || checkpoints.length > MOST_CHECKPOINTS)
    throw usageError(`An animation is made of 2 to ${MOST_CHECKPOINTS} checkpoints.`);
  const found: FloatTensor[] = [];
  for (const [i, { path, step }] of checkpoints.entries()) {
    found.push(await numbersOf(shelf, path, of));
    if (!keep.includes(path)) await shelf.release(path);
    progress({ fraction: (i + 1) / checkpoints.length, message: `Checkpoint ${step}` });
    await breathe(signal);
  }
  const draw = await painter(shelf, checkpoints[0]?.path ?? "", of, found);
  const moments: Moment[] = [];
  for (const [i, numbers] of found.entries()) {
    moments.push({ ...draw(numbers), step: checkpoints[i]?.step ?? i });
    await breathe(signal);
  }
  return animate(moments, FRAME_MS);
}

/** Kernel [h, w, in, out], maps [h, w, channels] or the heat map at the size of the input [H, W]. */
async function numbersOf(shelf: Shelf, path: string, of: Animated): Promise<FloatTensor> {
  if (of.kind === "filters") {
    const model = await shelf.model(path);
    const { kernel } = await readFilters(model.graph, model.layer(of.layer));
    return { dtype: "float32", ...kernel };
  }
  const runner = await shelf.runner(path);
  const fed = await feedPicture(runner.model, shelf.pictures, of.image);
  if (of.kind === "maps") return runner.maps(fed, runner.model.layer(of.layer), false);
  const explained = new Explained(runner, fed);
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const { image, layer, classIndex } = of;
  const { large, size } = await explained.cam(gradCam(image, [classTarget(classIndex)], layer), {
    context,
  });
  return { dtype: "float32", shape: size, data: at(large, 0) };
}

type Draw = (numbers: FloatTensor) => Omit<Moment, "step">;

async function painter(
  shelf: Shelf,
  path: string,
  of: Animated,
  all: readonly FloatTensor[],
): Promise<Draw> {
  const [low, high] = [
    Math.min(...all.map(({ data }) => rangeOf(data).min)),
    Math.max(...all.map(({ data }) => rangeOf(data).max)),
  ];
  if (of.kind === "cam") {
    const model = await shelf.model(path);
    const view = await viewOf(model, shelf.pictures, of.image);
    return ({ data }) => ({
      ...{ width: view.width, height: view.height },
      rgb: overlay(view, high > 0 ? data.map((value) => value / high) : data),
    });
  }
  const signed = low < 0;
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  const scale = signed
    ? ({ kind: "signed", magnitude } as const)
    : ({ kind: "range", min: low, max: high } as const);
  const colour = of.kind === "filters" && all[0]?.shape[2] === 3;
  return (tensor) => {
    const numbers =
      of.kind === "maps" ? mapNumbers(tensor) : kernelNumbers(tensor, colour ? null : 0);
    const { total, width, height, channels, data } = numbers;
    const source = {
      ...{ total, width, height, channels },
      value: (tile: number, y: number, x: number, channel: number) =>
        data[numbers.at(tile, y, x, channel)] ?? 0,
    };
    const tiles = drawTiles(source, 0, MOST_TILES, () => scale);
    return tileSheet(tiles, squareColumns(tiles.count), signed ? "diverging" : "viridis");
  };
}
