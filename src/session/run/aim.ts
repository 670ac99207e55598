/** What a question is about, for one input: a place in an output with its classes, as scores that every method takes. */
import { classCount, summariseOutput, tableOf, type Output } from "../../methods/outputs/index.ts";
import type { Scores } from "../../methods/types.ts";
import { at } from "../../base/at.ts";
import { inputError, usageError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { OutputKind } from "../../shared/contract/outputs.ts";
import { whereText, type Where } from "../../shared/where.ts";
import { isOneNumber, type Pick } from "../open/outputs.ts";
import type { OpenModel } from "../open/model.ts";
import type { Fed, Runner } from "./runner.ts";
import { areasOf, spotOf } from "./spots.ts";
import { howToAsk } from "./words.ts";

/** What is asked about: an output by its name (null: the first), and where in it (null: what its kind has by itself). */
export interface Asked {
  readonly output: string | null;
  readonly where: Where | null;
  /** Whether classes are named: one number is two classes then, high and low. */
  readonly named?: boolean;
}

/** The same for one input. */
export interface Aim {
  readonly output: Output;
  /** null: the picture as a whole. */
  readonly where: Where | null;
  readonly scores: Scores;
  /** All at the place, in order. */
  readonly classes: readonly ClassScore[];
  /** The same, those that are explained by themselves first. */
  readonly ranked: readonly ClassScore[];
}

/** Throws a ConvLensError for an output or a place that is not there, and where nothing can be asked without saying what. */
export async function aim(
  runner: Runner,
  fed: Fed,
  { output: name, where, named = false }: Asked,
): Promise<Aim> {
  const { outputs } = runner.model;
  const found = outputs.find(name);
  const output = where?.kind === "box" && where.unit !== undefined ? found : outputs.scored(found);
  if (where === null && (output.kind === "classes" || (named && isOneNumber(output)))) {
    return aimed(runner, fed, { output, where: null, scores: outputs.classes(output) });
  }
  const place = where ?? (await usual(runner, fed, output));
  checkWhere(place, output);
  if (output.classes === null && place.kind !== "unit" && !isOne(place, output) && !named)
    throw usageError(
      `'${output.spec.name}' has ${output.numbers} numbers there, which are no classes: name one, such as ${whereText(place)},class:0.`,
    );
  const pick = await spotOf(place, { output, scores: () => logitsOf(runner, fed, output) });
  return aimed(runner, fed, { output, where: place, scores: outputs.at(output, pick), pick });
}

/** Of a method that asks the network for no score: the output alone, and no class. */
export function aimless({ outputs, scoresOrNone }: OpenModel, name: string | null): Aim {
  const nothing = { index: 0, label: null, logit: NaN, probability: null };
  const none = { where: null, scores: scoresOrNone, classes: [nothing], ranked: [nothing] };
  return { output: outputs.find(name), ...none };
}

const isOne = (where: Where, { numbers }: Output): boolean =>
  numbers === 1 || (where.kind === "box" && where.unit !== undefined);

async function aimed(
  runner: Runner,
  fed: Fed,
  {
    output,
    where,
    scores,
    pick,
  }: { output: Output; where: Where | null; scores: Scores; pick?: Pick },
): Promise<Aim> {
  const labels = namesAt(runner, output, where, pick);
  const classes = await runner.classesBy(fed, scores, labels);
  const areas = pick?.spot.kind === "predicted" ? areasOf(pick.spot, classes.length) : null;
  const value = ({ index, logit }: ClassScore): number => (areas ? at(areas, index) : logit);
  const ranked = [...classes].sort((a, b) => value(b) - value(a));
  return {
    output,
    where,
    scores,
    classes,
    ranked: areas ? ranked.filter((one) => value(one) > 0) : ranked,
  };
}

/** What is no class is not called one. */
function namesAt(
  runner: Runner,
  output: Output,
  where: Where | null,
  pick: Pick | undefined,
): readonly string[] | null {
  if (pick?.number !== undefined && where) return [whereText(where)];
  if (output.classes !== null || where === null) return runner.labelsOf(output);
  return Array.from({ length: output.numbers }, (_, i) => `number ${i}`);
}

/** Before its activation, where it has one: [1, places, classes]. */
async function logitsOf(runner: Runner, fed: Fed, output: Output): Promise<FloatTensor> {
  const { outputs } = runner.model;
  const { graph, node } = outputs.logits(output);
  return at(await runner.values(fed, [node], graph), 0);
}

type Usual = (runner: Runner, fed: Fed, output: Output) => Where | Promise<Where>;

/** What of a kind is explained where nothing is said; null: nothing, it has to be said. Of classes it is the whole picture. */
const USUAL: Readonly<Record<OutputKind, Usual | null>> = {
  classes: null,
  regression: () => ({ kind: "unit", unit: 0 }),
  embedding: null,
  segmentation: () => ({ kind: "predicted" }),
  detection: async (...of) => ({ kind: "box", box: await bestBox(...of) }),
  "heat-maps": null,
  sequence: null,
  unknown: null,
};

/** Whether something of a kind is explained by itself. */
export const explainsItself = (kind: OutputKind): boolean =>
  kind === "classes" || USUAL[kind] !== null;

async function usual(runner: Runner, fed: Fed, output: Output): Promise<Where> {
  const found = USUAL[output.kind];
  if (found) return found(runner, fed, output);
  throw runner.model.outputs.unasked(output);
}

/** The box with the highest class score, times its objectness where it has one. */
async function bestBox(runner: Runner, fed: Fed, output: Output): Promise<number> {
  const { graph, node } = tableOf(runner.model.outputs.graphOf(output), output);
  const { data } = at(await runner.values(fed, [node], graph), 0);
  const { numbers, places, classes, boxes } = output;
  if (!classes) throw inputError(`The output '${output.spec.name}' has no class scores.`);
  const objectness = boxes?.objectness ?? null;
  let [best, highest] = [0, -Infinity];
  for (let box = 0; box < places; box++) {
    const row = data.subarray(box * numbers, (box + 1) * numbers);
    const sure = objectness === null ? 1 : at(row, objectness);
    const score = sure * Math.max(...row.subarray(...classes));
    if (score > highest) [best, highest] = [box, score];
  }
  return best;
}

/** A class at a place that a kind does not have is refused with what there is. */
function checkWhere(where: Where, output: Output): void {
  const summary = summariseOutput(output);
  if (summary.wheres.includes(where.kind)) return;
  if (output.kind === "classes")
    throw usageError(
      `The output '${output.spec.name}' gives ${classCount(output) ?? 0} class scores for the whole picture: it has no ${where.kind}; give --class or --target class:K.`,
    );
  throw usageError(`There is no ${where.kind} in it. ${howToAsk(summary)}`);
}
