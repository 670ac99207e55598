import { axes } from "../../base/axes.ts";
import {
  drawMaps,
  mapNode,
  mapStatistics,
  mapValues,
  asMaps,
  overviewRow,
  strongestAt,
} from "../../methods/activations/index.ts";
import { readFilters } from "../../methods/filters/index.ts";
import { seenBy } from "../../methods/inspect/index.ts";
import { overviewLayers } from "../../methods/activations/overview-layers.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import {
  channelFlow,
  flowOf,
  pictureOfLayer,
  refuseVolume,
  type Fed,
  type Runner,
} from "../../session/index.ts";
import type { OfClass } from "../../shared/question.ts";
import type { Layer } from "../../graph/index.ts";
import { breathe, ConvLensError, inputError, usageError } from "../../base/errors.ts";
import type { OpenModels } from "../../session/index.ts";
import { onPicture, type Part } from "./timed.ts";

/** Their values are all held at once. */
const MOST_ASKED = 64;
/** A page may send anything. */
const isShortList = (value: unknown): boolean => Array.isArray(value) && value.length <= MOST_ASKED;

/** Feature maps: tiles, numbers, the overview, what a cell sees, and how a filter works. */
export function activationHandlers(
  models: OpenModels,
): Part<
  | "activations"
  | "mapValues"
  | "layerNumbers"
  | "overview"
  | "flow"
  | "cellMaps"
  | "receptiveField"
  | "dotProduct"
> {
  return {
    activations: ({ model, layer, image, scale, preActivation, slice, first, count }) =>
      onPicture(models, model, image, async (runner, fed) => {
        const own = runner.model.layer(layer);
        const maps = await runner.maps(fed, own, preActivation);
        const active = !preActivation && isActivated(runner, layer);
        const drawn = drawMaps(sliceOf(own, maps, slice), scale, first, count, active);
        if (slice === undefined) return { layer, image, ...drawn };
        // what is dead in a slice may live in another
        const { dead, constant, means, zeroFraction } = mapStatistics(maps, active);
        return { layer, image, ...drawn, dead, constant, means, zeroFraction };
      }),
    mapValues: async ({ model, layer, image, channel, preActivation, slice }) => {
      const { runner, fed } = await models.run(model, image);
      const own = runner.model.layer(layer);
      const maps = sliceOf(own, await runner.maps(fed, own, preActivation), slice);
      const [height, width, depth] = axes(maps.shape, 3);
      if (!(Number.isInteger(channel) && channel >= 0 && channel < depth))
        throw usageError(`Map ${channel} is outside 0..${depth - 1} of layer '${layer}'.`);
      return { layer, channel, shape: [height, width], values: mapValues(maps, channel) };
    },
    cellMaps: async ({ model, layer, image, y, x, count }) => {
      const { runner, fed } = await models.run(model, image);
      const maps = await runner.maps(fed, runner.model.layer(layer), false);
      return strongestAt(maps, [y, x], Math.min(count, MOST_ASKED));
    },
    layerNumbers: async ({ model, layer, image, preActivation }) => {
      const own = await models.model(model);
      if (image === null) {
        const { kernel } = await readFilters(own.graph, own.layer(layer));
        return { shape: kernel.shape, values: kernel.data };
      }
      const { runner, fed } = await models.run(model, image);
      const maps = await runner.maps(fed, own.layer(layer), preActivation);
      return { shape: maps.shape, values: maps.data };
    },
    overview: ({ model, image, perLayer, layers: asked, of }, { signal, progress }) =>
      onPicture(models, model, image, async (runner, fed) => {
        const { graph, summary } = runner.model;
        const names = asked ?? overviewLayers(summary.layers);
        if (!isShortList(names))
          throw usageError(`An overview is of a list of at most ${MOST_ASKED} layers.`);
        const layers = names.map((name) => runner.model.layer(name));
        const nodes = layers.map((layer) => mapNode(graph, layer, false));
        const values = await runner.values(fed, nodes);
        const contributed = of ? await contributedTo(runner, fed, of, layers) : null;
        const rows = [];
        for (const [i, layer] of layers.entries()) {
          const value = values[i];
          if (!value) continue;
          const activated = isActivated(runner, layer.name);
          const share = contributed?.[i] ?? null;
          const middle = Math.floor((layer.maps?.[0]?.slices ?? 1) / 2);
          const maps = sliceOf(layer, asMaps(value), middle);
          const row = overviewRow(layer, maps, perLayer, activated, share);
          rows.push(row);
          progress({ fraction: (i + 1) / layers.length, partial: row });
          await breathe(signal);
        }
        return { image, rows };
      }),
    flow: ({ model, image, ...of }) =>
      onPicture(models, model, image, (runner, fed) => flowOf(runner, fed, of)),
    receptiveField: async ({ model, layer, y, x }) => {
      const open = await models.model(model);
      const { graph } = open;
      const node = mapNode(graph, open.layer(layer), false);
      const seen = seenBy(graph.nodes, node, [y, x], pictureOfLayer(open, layer).node);
      if (!seen) throw inputError(`Layer '${layer}' does not depend on the picture.`);
      const [[top, bottom], [left, right]] = seen;
      return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
    },
    dotProduct: ({ model, layer, image, filter, y, x }) =>
      onPicture(models, model, image, (runner, fed) => {
        refuseVolume(
          runner.model.graph,
          "How a filter works is shown on pictures",
          "look at its kernels and maps",
        );
        return runner.explain(fed, runner.model.layer(layer), { filter, y, x });
      }),
  };
}

/** Where a class has no gradient (an operation without one, a place that has to be chosen) maps are chosen without it. */
async function contributedTo(
  ...asked: [Runner, Fed, OfClass, readonly Layer[]]
): Promise<readonly (Float32Array | null)[] | null> {
  try {
    return await channelFlow(...asked);
  } catch (error) {
    if (error instanceof ConvLensError && error.kind !== "cancelled") return null;
    throw error;
  }
}

/** One slice of maps [D H, W, C] over a volume. Throws a usage error for one that is not there; all of what is no volume. */
function sliceOf(layer: Layer, maps: FloatTensor, slice: number | undefined): FloatTensor {
  const slices = layer.maps?.[0]?.slices;
  if (slices === undefined || slice === undefined) return maps;
  if (!(Number.isInteger(slice) && slice >= 0 && slice < slices))
    throw usageError(`Slice ${slice} is outside 0..${slices - 1} of layer '${layer.name}'.`);
  const [rows, width, channels] = axes(maps.shape, 3);
  const each = maps.data.length / slices;
  const data = maps.data.subarray(slice * each, (slice + 1) * each);
  return floats([rows / slices, width, channels], data);
}

const isActivated = ({ model }: Runner, layer: string): boolean =>
  model.summary.layers.some(({ name, rectified }) => name === layer && rectified);
