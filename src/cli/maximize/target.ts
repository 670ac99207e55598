import { mapNode } from "../../methods/activations/index.ts";
import {
  pickClasses,
  feedPicture,
  meaningOf,
  objectiveOf,
  PictureStore,
  placed,
  type OpenModel,
  type Place,
  type Runner,
} from "../../session/index.ts";
import { WHOLE, type MaximizeTarget, type OfOutput } from "../../shared/question.ts";
import { usageError } from "../../base/errors.ts";
import { targetOf, type TargetText } from "../arguments/target.ts";
import { filterNumbers } from "../filters/filter-numbers.ts";
import { pickLayers } from "../model/open.ts";
import type { Arguments } from "../arguments/parse.ts";

/** What is maximised, and in which place of the network's answer. */
export interface Asked extends OfOutput {
  readonly targets: readonly MaximizeTarget[];
}

/** --objective, or --class or --target, or --layer with --filter or --direction. Throws a usage error. */
export async function askedOf(runner: Runner, args: Arguments): Promise<Asked> {
  const { layer, objective, target, like, class: wanted } = args.values;
  const ofPlace = target !== undefined || like !== undefined;
  const [one, ...others] = [objective, wanted, layer].filter((value) => value !== undefined);
  if (others.length > 0 || (ofPlace && layer !== undefined))
    throw usageError(
      "maximize takes --objective, or --class or --target, or --layer with --filter, not both.",
    );
  const named = targetOf(args, runner.model);
  const { output, where } = named;
  if (objective !== undefined) return { output, where, targets: [{ expression: objective }] };
  if (wanted !== undefined || ofPlace || (one === undefined && output !== null))
    return classTargets(runner, named, imagesOf(args));
  return { ...WHOLE, targets: filterTargets(runner.model, args) };
}

/** The pictures of --image. */
export const imagesOf = ({ sources }: Arguments): string[] =>
  sources.filter(({ kind }) => kind === "image").map(({ text }) => text);

function filterTargets(model: OpenModel, args: Arguments): MaximizeTarget[] {
  const { layer, filter, direction, neuron } = args.values;
  if (layer === undefined || (filter === undefined && direction === undefined))
    throw usageError(
      "Say what to maximise: --layer NAME --filter K[,K..] (or all), --class C, --target PLACE, or --objective TERMS.",
    );
  const [chosen, ...others] = pickLayers(model, layer, { all: () => [], auto: () => [] });
  if (!chosen || others.length > 0) throw usageError("maximize takes one layer: --layer NAME.");
  const { name } = chosen;
  if (filter === undefined) {
    const at = neuron === undefined ? "" : `@${neuron}`;
    return [{ expression: `${name}:direction${at}` }];
  }
  const node = mapNode(model.graph, chosen, false);
  const shape = model.graph.nodes.find(({ id }) => id === node)?.shape ?? [];
  const cell = neuron === undefined ? undefined : cellOf(neuron);
  const targets = filterNumbers(filter, shape.at(-1) ?? 1, name).map((number) => ({
    ...{ layer: name, filter: number },
    ...(cell && { cell }),
  }));
  // a cell that is not there is said before anything runs
  for (const target of targets) objectiveOf(model, target);
  return targets;
}

function cellOf(text: string): readonly [number, number] {
  const [, row, column] = /^(\d+),(\d+)$/.exec(text) ?? [];
  if (row === undefined) throw usageError(`--neuron ${text} is no cell: give ROW,COLUMN.`);
  return [Number(row), Number(column)];
}

/** Of a place with one number that number. */
async function classTargets(
  runner: Runner,
  { output, where, classes, named }: TargetText,
  images: readonly string[],
): Promise<Asked> {
  const [image] = where?.kind === "predicted" ? images : [];
  const fed =
    image === undefined ? null : await feedPicture(runner.model, new PictureStore(), image);
  const place = await placed(runner, fed, { output, where, named });
  const { labels, scores } = place;
  const all = Array.from({ length: scores.classes }, (_, index) => ({
    ...{ index, label: labels?.[index] ?? null },
    ...{ logit: 0, probability: null },
  }));
  if (all.length > 1 && classes.split(",").includes("top"))
    throw usageError("There is no picture yet, so no top class: give --class a number or label.");
  return {
    ...{ output, where: place.where },
    targets: pickClasses(classes, all).map(({ index }) => ({ classIndex: index })),
  };
}

/** What is said of a target: `filter 5 of conv2`, `class 285`, the number's place, the expression itself. */
export function targetName(target: MaximizeTarget, place: Place | null): string {
  if ("expression" in target) return target.expression;
  if ("classIndex" in target) return numberName(place, target) ?? `class ${target.classIndex}`;
  const cell = target.cell ? ` at ${target.cell.join(",")}` : "";
  return `filter ${target.filter} of ${target.layer}${cell}`;
}

/** What a number is called that is no class; null: it is one. */
export function numberName(place: Place | null, target: MaximizeTarget): string | null {
  if (!place || !("classIndex" in target)) return null;
  const { classIndex: index } = target;
  if (meaningOf(place, index) === null) return null;
  return place.where ? (place.labels?.[index] ?? `number ${index}`) : index === 0 ? "low" : "high";
}

/** What a target is called in the name of a file. */
export const targetKey = (target: MaximizeTarget, index: number): string =>
  "layer" in target
    ? String(target.filter)
    : "classIndex" in target
      ? String(target.classIndex)
      : String(index);
