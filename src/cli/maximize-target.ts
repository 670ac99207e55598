import { mapNode } from "../methods/activations/index.ts";
import type { Objective } from "../methods/maximize/objective.ts";
import { unitOf } from "../methods/inspect/scores.ts";
import type { OpenModel, Runner } from "../session/index.ts";
import { usageError } from "../shared/errors.ts";
import type { NodeId } from "../shared/graph/index.ts";
import { sizeOf, type FloatTensor } from "../shared/tensor.ts";
import { pickClasses } from "./classes.ts";
import { filterNumbers } from "./filter-numbers.ts";
import { pickLayers } from "./open.ts";
import type { Arguments } from "./options.ts";
import type { Recipe } from "./recipe.ts";

/** What is maximised: filters of a layer, or classes. */
export interface Target {
  readonly objective: Recipe["objective"];
  /** Number of each filter or class. */
  readonly numbers: readonly number[];
  readonly objectives: readonly Objective[];
  /** What is said of it: `filter 5 of conv2`, `class 285`. */
  name(number: number): string;
  label(number: number): string | null;
}

/** The target of --layer and --filter, or of --class. Throws a usage error. */
export function targetOf(model: OpenModel, { values }: Arguments): Target {
  const { layer, filter, class: classes } = values;
  if (classes !== undefined) {
    if (layer !== undefined || filter !== undefined)
      throw usageError("maximize takes --class, or --layer with --filter, not both.");
    const { labels, scores } = model;
    const all = Array.from({ length: scores.classes }, (_, index) => ({
      ...{ index, label: labels?.[index] ?? null },
      ...{ logit: 0, probability: null },
    }));
    if (classes.split(",").includes("top"))
      throw usageError("There is no picture yet, so no top class: give --class a number or label.");
    return classTarget(
      model,
      pickClasses(classes, all).map(({ index }) => index),
    );
  }
  if (layer === undefined || filter === undefined)
    throw usageError("Say what to maximise: --layer NAME --filter K[,K..] (or all), or --class C.");
  const [chosen, ...others] = pickLayers(model, layer, { all: () => [], auto: () => [] });
  if (!chosen || others.length > 0) throw usageError("maximize takes one layer: --layer NAME.");
  return filterTarget(model, chosen.name, filter);
}

/** The target that a recipe names; classes are its numbers, whatever the labels are. */
export const recipeTarget = (model: OpenModel, { objective }: Recipe): Target =>
  "classes" in objective
    ? classTarget(model, objective.classes)
    : filterTarget(model, objective.layer, objective.filters.join(","));

function classTarget(model: OpenModel, classes: readonly number[]): Target {
  return {
    objective: { classes },
    numbers: classes,
    objectives: classes.map((index) => [{ weight: 1, term: { kind: "class", index } }]),
    name: (index) => `class ${index}`,
    label: (index) => model.labels?.[index] ?? null,
  };
}

function filterTarget(model: OpenModel, layer: string, text: string): Target {
  const node = mapNode(model.graph, model.layer(layer), false);
  const count = model.graph.nodes.find(({ id }) => id === node)?.shape.at(-1) ?? 1;
  const filters = filterNumbers(text, count, layer);
  return {
    objective: { layer, filters },
    numbers: filters,
    objectives: filters.map((filter) => [{ weight: 1, term: { kind: "channel", node, filter } }]),
    name: (filter) => `filter ${filter} of ${layer}`,
    label: () => null,
  };
}

/** What the pictures [N, H, W, C] reach: the filter's mean activation, or the class' logit and probability. */
export async function reached(
  runner: Runner,
  target: Target,
  first: number,
  pictures: FloatTensor,
): Promise<{ activation: number; probability: number | null }[]> {
  const { model } = runner;
  const numbers = target.numbers.slice(first, first + (pictures.shape[0] ?? 0));
  const fed = { key: `maximised from ${first}`, inputs: [pictures] };
  if ("layer" in target.objective) {
    const node: NodeId = mapNode(model.graph, model.layer(target.objective.layer), false);
    const [maps] = await runner.values(fed, [node]);
    if (!maps) throw new RangeError("the engine returned no maps");
    return numbers.map((filter, row) => ({
      activation: mean(maps, row, filter),
      probability: null,
    }));
  }
  const { scores } = model;
  const nodes = [scores.logits, ...(scores.probabilities === null ? [] : [scores.probabilities])];
  const [logits, probabilities] = await runner.values(fed, nodes, scores.graph);
  return numbers.map((index, row) => {
    const { unit, sign } = unitOf(scores, index);
    const at = row * (logits?.shape[1] ?? 1) + unit;
    const probability = probabilities?.data[at] ?? null;
    return {
      activation: sign * (logits?.data[at] ?? NaN),
      probability: probability === null || sign === 1 ? probability : 1 - probability,
    };
  });
}

function mean({ shape, data }: FloatTensor, row: number, filter: number): number {
  const channels = shape.at(-1) ?? 1;
  const size = sizeOf(shape.slice(1));
  let sum = 0;
  for (let i = row * size + filter; i < (row + 1) * size; i += channels) sum += data[i] ?? 0;
  return (sum * channels) / size;
}
