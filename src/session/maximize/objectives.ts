/** From what a person asks to be maximised to the objective that is climbed. */
import { mapNode } from "../../methods/activations/index.ts";
import type { Objective, Term } from "../../methods/maximize/index.ts";
import type { MaximizeOptions, MaximizeTarget } from "../../shared/question.ts";
import { nearest, usageError } from "../../base/errors.ts";
import type { Layer, NodeId, Pair } from "../../graph/index.ts";
import type { OpenModel } from "../open/model.ts";
import type { Place } from "../run/aim.ts";

/** Scores with the names of their classes, where they are known. */
type Classes = Pick<Place, "scores" | "labels">;

/**
 * The objective of one target; its classes are those of a place, left out: of the picture as a whole. Throws a ConvLensError for a
 * layer, filter, cell or class that is not there.
 */
export function objectiveOf(
  model: OpenModel,
  target: MaximizeTarget,
  options: MaximizeOptions = {},
  classes: Classes | null = null,
): Objective {
  const of = (): Classes => classes ?? model;
  if ("classIndex" in target) return [{ weight: 1, term: classTerm(of(), target.classIndex) }];
  if ("expression" in target) return parseObjective(model, target.expression, options, of);
  const node = mapNode(model.graph, knownLayer(model, target.layer), false);
  return [{ weight: 1, term: unitTerm(model, node, target.layer, target.filter, target.cell) }];
}

/**
 * Reads a sum of terms, each with a weight: `conv3:4 + 0.5*conv3:7@3,5 - class:285`. A term is `LAYER:FILTER`, `LAYER:direction`
 * (the vector of the options), either with `@ROW,COLUMN` for one cell, or `class:NUMBER` or `class:LABEL`. Plus and minus stand
 * between blanks, since layer names may hold them. Throws a ConvLensError of kind `usage`.
 */
function parseObjective(
  model: OpenModel,
  text: string,
  options: MaximizeOptions,
  classes: () => Classes,
): Objective {
  const parts = text.trim().split(/\s+([+-])\s+/);
  return parts.flatMap((part, i): Objective => {
    if (i % 2 === 1) return [];
    const sign = parts[i - 1] === "-" ? -1 : 1;
    const [, minus = "", weight = "1", term = ""] =
      /^(-?)\s*(?:(\d+(?:\.\d*)?|\.\d+)\s*\*\s*)?(.+)$/s.exec(part) ?? [];
    if (term === "") throw usageError(`'${text}' is no objective: ${HOW}`);
    const factor = sign * (minus === "-" ? -1 : 1) * Number(weight);
    return [{ weight: factor, term: parseTerm(model, term.trim(), options, classes) }];
  });
}

const HOW = "write terms such as conv3:4 + 0.5*conv3:7@3,5 - class:285.";

function parseTerm(
  model: OpenModel,
  text: string,
  options: MaximizeOptions,
  classes: () => Classes,
): Term {
  const ofClass = /^class:(.+)$/s.exec(text)?.[1];
  if (ofClass !== undefined) return classTerm(classes(), classNumber(classes(), ofClass.trim()));
  const [, name = "", unit = "", row, column] =
    /^(.+):(\d+|direction)(?:@(\d+),(\d+))?$/s.exec(text) ?? [];
  if (name === "") throw usageError(`'${text}' is no term of an objective: ${HOW}`);
  const node = mapNode(model.graph, knownLayer(model, name), false);
  const cell = row === undefined ? undefined : ([Number(row), Number(column)] as const);
  if (unit !== "direction") return unitTerm(model, node, name, Number(unit), cell);
  const { direction, cosinePower = 0 } = options;
  if (!direction)
    throw usageError(`'${text}' needs a direction: give its numbers with --direction FILE.npy.`);
  const vector = Float32Array.from(direction);
  const channels = channelsOf(model, node);
  if (vector.length !== channels)
    throw usageError(
      `The direction has ${vector.length} numbers, but layer '${name}' has ${channels} channels.`,
    );
  return { kind: "direction", node, vector, cosinePower, ...(cell && { cell }) };
}

function knownLayer(model: OpenModel, name: string): Layer {
  const names = model.graph.layers.flatMap((layer) => [layer.name, ...(layer.aliases ?? [])]);
  if (names.includes(name)) return model.layer(name);
  throw usageError(
    `There is no layer '${name}' in ${model.summary.name}; the nearest are ${nearest(name, names).join(", ")}.`,
  );
}

function unitTerm(
  model: OpenModel,
  node: NodeId,
  layer: string,
  filter: number,
  cell?: Pair,
): Term {
  const shape = shapeOf(model, node);
  const channels = channelsOf(model, node);
  if (!(Number.isInteger(filter) && filter >= 0 && filter < channels))
    throw usageError(`Filter ${filter} is outside 0..${channels - 1} of layer '${layer}'.`);
  if (!cell) return { kind: "channel", node, filter };
  const [height, width] = shape.length === 4 ? [shape[1] ?? 1, shape[2] ?? 1] : [1, 1];
  if (cell[0] >= height || cell[1] >= width)
    throw usageError(
      `Cell ${cell.join(",")} is outside the maps of layer '${layer}', which have ${height} rows and ${width} columns.`,
    );
  return { kind: "neuron", node, filter, y: cell[0], x: cell[1] };
}

function classTerm({ scores }: Classes, index: number): Term {
  if (!(Number.isInteger(index) && index >= 0 && index < scores.classes))
    throw usageError(`Class ${index} is outside 0..${scores.classes - 1}.`);
  return { kind: "class", index };
}

function classNumber({ labels }: Classes, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  if (!labels)
    throw usageError(
      `Class '${text}' is no number, and the model's labels are not known: give them with --labels FILE.`,
    );
  const index = labels.findIndex((label) => label.toLowerCase() === text.toLowerCase());
  if (index >= 0) return index;
  throw usageError(
    `There is no class '${text}'; the nearest labels are ${nearest(text, labels).join(", ")}.`,
  );
}

const shapeOf = ({ graph }: OpenModel, node: NodeId): readonly (number | null)[] =>
  graph.nodes.find(({ id }) => id === node)?.shape ?? [];
const channelsOf = (model: OpenModel, node: NodeId): number => shapeOf(model, node).at(-1) ?? 1;

/** Whether a target is about classes, or about filters alone. */
export const asksClasses = (target: MaximizeTarget): boolean =>
  "classIndex" in target || ("expression" in target && /(^|[\s*-])class:/.test(target.expression));

/** The class whose probability an objective is about: that of its only term; null for others. */
export function onlyClass([first, ...others]: Objective): number | null {
  return first && others.length === 0 && first.weight > 0 && first.term.kind === "class"
    ? first.term.index
    : null;
}
