import { mapNode } from "../../methods/activations/index.ts";
import { objectiveOf, type OpenModel } from "../../session/index.ts";
import type { MaximizeTarget } from "../../shared/question.ts";
import { usageError } from "../../base/errors.ts";
import { pickClasses } from "../arguments/classes.ts";
import { filterNumbers } from "../filters/filter-numbers.ts";
import { pickLayers } from "../model/open.ts";
import type { Arguments } from "../arguments/options.ts";

/** What is maximised: --objective, or --class, or --layer with --filter or --direction. Throws a usage error. */
export function targetsOf(model: OpenModel, args: Arguments): MaximizeTarget[] {
  const { layer, filter, class: classes, objective, direction, neuron } = args.values;
  const given = [objective, classes, layer].filter((value) => value !== undefined);
  if (given.length > 1)
    throw usageError("maximize takes --objective, or --class, or --layer with --filter, not both.");
  if (classes !== undefined) return classTargets(model, classes);
  if (objective !== undefined) return [{ expression: objective }];
  if (layer === undefined || (filter === undefined && direction === undefined))
    throw usageError(
      "Say what to maximise: --layer NAME --filter K[,K..] (or all), --class C, or --objective TERMS.",
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

function classTargets({ labels, scores }: OpenModel, text: string): MaximizeTarget[] {
  if (text.split(",").includes("top"))
    throw usageError("There is no picture yet, so no top class: give --class a number or label.");
  const all = Array.from({ length: scores.classes }, (_, index) => ({
    ...{ index, label: labels?.[index] ?? null },
    ...{ logit: 0, probability: null },
  }));
  return pickClasses(text, all).map(({ index }) => ({ classIndex: index }));
}

/** What is said of a target: `filter 5 of conv2`, `class 285`, the expression itself. */
export function targetName(target: MaximizeTarget): string {
  if ("expression" in target) return target.expression;
  if ("classIndex" in target) return `class ${target.classIndex}`;
  const cell = target.cell ? ` at ${target.cell.join(",")}` : "";
  return `filter ${target.filter} of ${target.layer}${cell}`;
}

/** What a target is called in the name of a file. */
export const targetKey = (target: MaximizeTarget, index: number): string =>
  "layer" in target
    ? String(target.filter)
    : "classIndex" in target
      ? String(target.classIndex)
      : String(index);
