/** Two sides of a comparison, as the compute process and the command line ask them: layers, filters, maps, heat maps, classes. */
import { axes } from "../../base/axes.ts";
import { classTarget, type CamQuestion } from "../../shared/question.ts";
import {
  comparedTiles,
  magnitudeOf,
  type ClassPair,
  type Compared,
  type Numbers,
} from "../../methods/compare/index.ts";
import { matchLayers } from "../../methods/compare/match.ts";
import { upsample, type ClassMap } from "../../methods/cam/index.ts";
import { readFilters } from "../../methods/filters/index.ts";
import type {
  Both,
  CompareCamRequest,
  ComparedTiles,
  CompareFiltersRequest,
  DifferenceScale,
  TilesRequest,
} from "../../shared/contract/compare.ts";
import type { Control } from "../../shared/control.ts";
import { at } from "../../base/at.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import { inputError, usageError } from "../../base/errors.ts";
import type { Layer } from "../../graph/index.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import { rangeOf } from "../../shared/tiles.ts";
import type { Over } from "../explain/over.ts";
import type { OpenModel } from "../open/model.ts";
import type { Aim } from "../run/aim.ts";
import type { Runner } from "../run/runner.ts";
import { bothAims, chosenPairs, type BothAims, type Side } from "./both-aims.ts";

/** What a comparison takes of an open model. */
export const asCompared = ({ graph, summary }: OpenModel): Compared => ({
  graph,
  layers: summary.layers,
});

/** The layer of `b` that is A's `name`. Throws a ConvLensError of kind `input` where B has none such. */
export function partnerOf(a: OpenModel, b: OpenModel, name: string): Both<Layer> {
  const own = a.layer(name);
  if (a === b) return [own, own];
  const at = a.graph.layers.indexOf(own);
  const match = matchLayers(a.summary.layers, b.summary.layers).find((pair) => pair.a === at);
  const other = match && b.graph.layers[match.b];
  if (!other)
    throw inputError(
      `${b.summary.name} has no layer that '${own.name}' of ${a.summary.name} could be compared with.`,
    );
  return [own, other];
}

/** Kernels [h, w, in, out] of both for the same layer. */
export async function bothKernels(
  a: OpenModel,
  b: OpenModel,
  layer: string,
): Promise<{ layers: Both<Layer>; values: Both<FloatTensor> }> {
  const layers = partnerOf(a, b, layer);
  const own = (await readFilters(a.graph, layers[0])).kernel;
  const other = (await readFilters(b.graph, layers[1])).kernel;
  return { layers, values: [floats(own.shape, own.data), floats(other.shape, other.data)] };
}

/** Filters of both on one scale around zero, or kernels of three channels in colour. */
export async function compareFilters(
  a: OpenModel,
  b: OpenModel,
  request: CompareFiltersRequest,
): Promise<Omit<ComparedTiles, "engine" | "seconds">> {
  const { layers, values } = await bothKernels(a, b, request.layer);
  const { channel } = request;
  const depth = values.map(({ shape }) => shape[2] ?? 1);
  const inputs = Math.min(...depth);
  const colour = channel === "colour" && depth.every((count) => count === 3);
  const one = channel === "colour" ? 0 : channel;
  if (!(one >= 0 && one < inputs))
    throw usageError(`Input channel ${one} is outside 0..${inputs - 1}.`);
  const numbers = (kernel: FloatTensor): Numbers => kernelNumbers(kernel, colour ? null : one);
  const tiles = comparedTiles(numbers(values[0]), numbers(values[1]), request, !colour);
  return { ...tiles, layers: [layers[0].name, layers[1].name] };
}

/** Filters [h, w, in, out] as tiles: of one input channel, or all three as a colour (null). */
export function kernelNumbers({ shape, data }: FloatTensor, channel: number | null): Numbers {
  const [height, width, inputs, total] = axes(shape, 4);
  return {
    ...{ shape, data, height, width, total, channels: channel === null ? 3 : 1 },
    at: (filter, y, x, colour) => ((y * width + x) * inputs + (channel ?? colour)) * total + filter,
  };
}

/** Maps [h, w, channels] as tiles. */
export function mapNumbers({ shape, data }: FloatTensor): Numbers {
  const [height, width, total] = axes(shape, 3);
  return {
    ...{ shape, data, height, width, total, channels: 1 },
    at: (map, y, x) => (y * width + x) * total + map,
  };
}

/** Maps of both for the same layer; both are [h, w, channels]. */
export async function bothMaps(
  a: Side,
  b: Side,
  layer: string,
): Promise<{ layers: Both<Layer>; values: Both<FloatTensor> }> {
  const layers = partnerOf(a.runner.model, b.runner.model, layer);
  const own = await a.runner.maps(a.fed, layers[0], false);
  const other = await b.runner.maps(b.fed, layers[1], false);
  return { layers, values: [own, other] };
}

/** Maps of both for one layer, with their tiles: on one scale, around zero where a map has values below it. */
export async function compareMaps(
  a: Side,
  b: Side,
  request: TilesRequest,
): Promise<{
  values: Both<FloatTensor>;
  tiles: Omit<ComparedTiles, "engine" | "seconds">;
}> {
  const { layers, values } = await bothMaps(a, b, request.layer);
  const signed = values.some(({ data }) => rangeOf(data).min < 0);
  const tiles = comparedTiles(mapNumbers(values[0]), mapNumbers(values[1]), request, signed);
  return { values, tiles: { ...tiles, layers: [layers[0].name, layers[1].name] } };
}

/** Heat maps of one class pair: values at the size of each side's input, and B - A at A's. */
export interface HeatPair {
  readonly scores: ClassPair;
  readonly raw: Both<FloatTensor | null>;
  readonly large: Both<Float32Array>;
  readonly difference: Float32Array | null;
}
/** Heat maps of A and B on one scale, `scaleMax`; differences reach `largestDifference` at most. */
export interface BothCams {
  readonly aims: Both<Aim>;
  /** By their names; the maps of several are merged. */
  readonly layers: Both<readonly string[]>;
  readonly why: string;
  /** The pictures that the maps lie over. */
  readonly overs: Both<Over>;
  readonly rawShapes: Both<readonly [number, number]>;
  readonly pairs: readonly HeatPair[];
  readonly scaleMax: number;
  readonly largestDifference: number;
  readonly magnitude: number;
}

/** Heat maps of the same classes at the same layer of both. */
export async function bothCams(
  a: Side,
  b: Side,
  { question, difference: scale }: Pick<CompareCamRequest, "question" | "difference">,
  context: Control,
): Promise<BothCams> {
  const both = await bothAims(a, b, question, !("top" in question.targets));
  const { aims, explained } = both;
  const wanted = chosenPairs(both, question.targets);
  const { layers, why } = camLayers(a.runner, b.runner, question, aims);
  const maps: Both<Map<number, ClassMap>> = [
    await heatMaps(both, question, layers[0], wanted, 0, context),
    await heatMaps(both, question, layers[1], wanted, 1, context),
  ];
  const over = (side: 0 | 1): Over =>
    explained[side].over({ ...question, layers: layers[side] }, aims[side]);
  const overs: Both<Over> = [over(0), over(1)];
  const sizes: Both<readonly [number, number]> = [overs[0].size, overs[1].size];
  const heats = wanted.map((scores): HeatPair => {
    const raw = ([0, 1] as const).map(
      (side) => maps[side].get(scores[side]?.index ?? -1)?.raw ?? null,
    ) as [FloatTensor | null, FloatTensor | null];
    const large: Both<Float32Array> = [grown(raw[0], sizes[0]), grown(raw[1], sizes[1])];
    const difference = raw[0] && raw[1] ? subtracted(large[0], grown(raw[1], sizes[0])) : null;
    return { scores, raw, large, difference };
  });
  const largestOf = (values: readonly Float32Array[]): number =>
    Math.max(0, ...values.map((map) => rangeOf(map).max));
  const scaleMax = largestOf(heats.flatMap(({ large }) => large));
  const largestDifference = largestOf(
    heats.flatMap(({ difference }) => (difference ? [difference.map(Math.abs)] : [])),
  );
  return {
    ...{ layers, why, overs, pairs: heats, scaleMax, aims },
    ...{ rawShapes: [shapeOf(maps[0]), shapeOf(maps[1])], largestDifference },
    magnitude: heatMagnitude(scale, scaleMax, largestDifference),
  };
}

/** The scale of a difference of heat maps, which are 0 or more. */
const heatMagnitude = (kind: DifferenceScale, scaleMax: number, largest: number): number =>
  magnitudeOf(kind, [0, scaleMax], false, largest);

function camLayers(
  a: Runner,
  b: Runner,
  { layers: names, method }: Pick<CamQuestion, "layers" | "method">,
  aims: Both<Aim>,
): { layers: Both<readonly string[]>; why: string } {
  const own = (runner: Runner, side: 0 | 1): { layers: string[]; why: string } => {
    const { layers, why } = runner.camLayers(names, { ...aims[side], method });
    return { layers: layers.map(({ name }) => name), why };
  };
  const { layers, why } = own(a, 0);
  if (a.model === b.model) return { layers: [layers, layers], why };
  try {
    const others = layers.map((name) => partnerOf(a.model, b.model, name)[1].name);
    return { layers: [layers, others], why };
  } catch (error) {
    if (names.some((name) => name !== "auto")) throw error;
    const others = own(b, 1).layers;
    return { layers: [layers, others], why: "each network's own last layer with positions" };
  }
}

/** By class index, of the classes that this side has. */
async function heatMaps(
  { explained, aims }: BothAims,
  question: CamQuestion,
  layers: readonly string[],
  wanted: readonly ClassPair[],
  side: 0 | 1,
  context: Control,
): Promise<Map<number, ClassMap>> {
  const { output, where, ranked } = aims[side];
  // a class that this side sees nowhere has no area that could be explained
  const has = (score: ClassScore): boolean => where?.kind !== "predicted" || ranked.includes(score);
  const targets = wanted
    .flatMap((pair) => pair[side] ?? [])
    .filter(has)
    .map(({ index }) => classTarget(index));
  if (targets.length === 0) return new Map();
  const of = { output: output.spec.name, where, targets, layers };
  const { maps } = await explained[side].cam({ ...question, ...of }, { context });
  return new Map(maps.map((map) => [map.classIndex, map]));
}

function shapeOf(maps: Map<number, ClassMap>): readonly [number, number] {
  const [height = 1, width = 1] = [...maps.values()][0]?.raw.shape ?? [];
  return [height, width];
}

function grown(raw: FloatTensor | null, size: readonly [number, number]): Float32Array {
  if (!raw) return new Float32Array(size[0] * size[1]);
  return upsample(raw.data, [at(raw.shape, 0), at(raw.shape, 1)], size);
}

/** B - A, number by number. */
export const subtracted = (a: Float32Array, b: Float32Array): Float32Array =>
  b.map((value, i) => value - (a[i] ?? 0));
