/** Feature maps: what each filter of a layer makes of a picture. */
import { at } from "../../base/at.ts";
import { axes } from "../../base/axes.ts";
import type {
  ActivationGrid,
  CellMaps,
  MapScale,
  OverviewRow,
} from "../../shared/contract/lenses.ts";
import { inputError, usageError } from "../../base/errors.ts";
import type { Layer, ModelGraph, NodeId } from "../../graph/index.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { drawTiles, rangeOf, type PixelScale, type TileSource } from "../../shared/tiles.ts";
import { mapStatistics } from "./statistics.ts";

export { mapStatistics } from "./statistics.ts";

/**
 * The node whose value is shown for a layer, laid out over a picture (the first that it lies over, or the one that `on` names) where
 * its cells are positions of it; throws a ConvLensError of kind `input` saying why there is none.
 */
export function mapNode(
  graph: ModelGraph,
  layer: Layer,
  preActivation: boolean,
  on: string | null = null,
): NodeId {
  const laidOut = layer.maps?.find(({ input }) => on === null || input === on);
  const output = laidOut?.maps ?? layer.output;
  const id = preActivation ? (layer.preActivation ?? output) : output;
  const node = graph.nodes.find((candidate) => candidate.id === id);
  if (!node)
    throw inputError(
      `Layer '${layer.name}' has no place in the network's graph, so it has no feature maps.`,
    );
  return node.id;
}

/** A value of the graph as maps [h, w, channels] of its first picture; a vector becomes 1 x 1 maps. */
export function asMaps(value: FloatTensor): FloatTensor {
  const own = value.shape.slice(1);
  const [height = 1, width = 1, channels = 1] = [1, 1, 1, ...own].slice(-3);
  const data = value.data.subarray(0, height * width * channels);
  return { dtype: "float32", shape: [height, width, channels], data };
}

const sourceOf = (maps: FloatTensor, channels: readonly number[] | null): TileSource => {
  const [height, width, depth] = axes(maps.shape, 3);
  return {
    total: channels?.length ?? depth,
    width,
    height,
    channels: 1,
    value: (tile, y, x) => maps.data[(y * width + x) * depth + (channels?.[tile] ?? tile)] ?? 0,
  };
};

/** One page of a layer's maps as 8-bit tiles, with what is dead or constant in the whole layer. */
export function drawMaps(
  maps: FloatTensor,
  scale: MapScale,
  first: number,
  count: number,
  activated: boolean,
): Pick<ActivationGrid, "mapShape" | "tiles" | "dead" | "constant" | "means" | "zeroFraction"> {
  const [height, width, depth] = axes(maps.shape, 3);
  const whole = rangeOf(maps.data);
  const scaleOf = (own: { min: number; max: number }): PixelScale => ({
    kind: "range",
    ...(scale === "layer" ? whole : own),
  });
  const { dead, constant, means, zeroFraction } = mapStatistics(maps, activated);
  return {
    mapShape: [height, width, depth],
    tiles: drawTiles(sourceOf(maps, null), first, count, scaleOf),
    dead,
    constant,
    means,
    zeroFraction,
  };
}

/**
 * The `count` maps of a layer that tell most of the picture, each on its own scale: by how much they vary over it (a map that is the same
 * everywhere, dead or saturated, is a flat tile, however strong it is) and by what they contribute to a class, `contributed` [channels],
 * where that is known. Of maps of one cell, those that are strongest.
 */
export function overviewRow(
  layer: Layer,
  maps: FloatTensor,
  count: number,
  activated: boolean,
  contributed: Float32Array | null = null,
): OverviewRow {
  const [height, width, depth] = axes(maps.shape, 3);
  const { means, deviations, dead } = mapStatistics(maps, activated);
  const shares = contributed?.length === depth ? contributed : null;
  const varying = height * width > 1 ? deviations : means;
  const telling = shares ? varying.map((value, c) => value * Math.abs(at(shares, c))) : varying;
  const channels = [...telling.keys()]
    .sort((a, b) => at(telling, b) - at(telling, a) || at(varying, b) - at(varying, a))
    .slice(0, count);
  return {
    layer: layer.name,
    className: layer.className,
    mapShape: [height, width, depth],
    channels,
    contributions: shares && channels.map((channel) => at(shares, channel)),
    tiles: drawTiles(sourceOf(maps, channels), 0, channels.length, (own) => ({
      kind: "range",
      ...own,
    })),
    dead: dead.length,
  };
}

/** The `count` maps that are largest at a cell. Throws a ConvLensError of kind `usage` for a cell that is not there. */
export function strongestAt(
  { shape, data }: FloatTensor,
  [y, x]: readonly [row: number, column: number],
  count: number,
): CellMaps {
  const [height, width, depth] = axes(shape, 3);
  const isThere = (place: number, size: number): boolean =>
    Number.isInteger(place) && place >= 0 && place < size;
  if (!isThere(y, height) || !isThere(x, width))
    throw usageError(`There is no cell ${y}, ${x} in maps of ${height} x ${width}.`);
  const here = data.subarray((y * width + x) * depth, (y * width + x + 1) * depth);
  const channels = [...here.keys()].sort((a, b) => at(here, b) - at(here, a)).slice(0, count);
  return { channels, values: channels.map((channel) => at(here, channel)) };
}

/** The numbers of one map, [h, w]. */
export function mapValues(maps: FloatTensor, channel: number): Float32Array {
  const depth = maps.shape[2] ?? 1;
  const values = new Float32Array(maps.data.length / depth);
  for (let i = 0; i < values.length; i++) values[i] = maps.data[i * depth + channel] ?? 0;
  return values;
}
