/** What a question is about, for one input: a place in an output with its classes, as scores that every method takes. */
import {
  classCount,
  noneOf,
  scoresOf,
  summariseOutput,
  tableOf,
  type Output,
} from "../../methods/outputs/index.ts";
import type { Scores } from "../../methods/types.ts";
import { at } from "../../base/at.ts";
import { inputError, usageError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { OutputKind } from "../../shared/contract/outputs.ts";
import { whereText, type Where } from "../../shared/where.ts";
import { isOneNumber, type Pick } from "../open/outputs.ts";
import type { OpenModel } from "../open/model.ts";
import { feedPicture, PictureStore } from "./feed.ts";
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

/** A place in an output, with scores that every method takes. */
export interface Place {
  readonly output: Output;
  /** null: the picture as a whole. */
  readonly where: Where | null;
  readonly scores: Scores;
  /** Of its classes, or of the one number that is there; null: not known. */
  readonly labels: readonly string[] | null;
  readonly pick: Pick | null;
}

/** The same with what it says of one input. */
export interface Aim extends Place {
  /** All at the place, in order. */
  readonly classes: readonly ClassScore[];
  /** The same, those that are explained by themselves first. */
  readonly ranked: readonly ClassScore[];
}

/** Throws a ConvLensError for an output or a place that is not there, and where nothing can be asked without saying what. */
export async function aim(runner: Runner, fed: Fed, asked: Asked): Promise<Aim> {
  return told(runner, fed, await placed(runner, fed, asked));
}

/** The same before there is any input (null), as where one is made: only what depends on none can be asked about. */
export async function placed(
  runner: Runner,
  fed: Fed | null,
  { output: name, where, named = false }: Asked,
): Promise<Place> {
  const { outputs } = runner.model;
  const found = outputs.find(name);
  const scored = outputs.scored(found);
  const ofBox = where?.kind === "box" && where.unit !== undefined && outputs.own.includes(scored);
  const output = ofBox ? found : scored;
  if (where === null && (output.kind === "classes" || (named && isOneNumber(output)))) {
    const whole = { output, where: null, scores: outputs.classes(output), pick: null };
    return { ...whole, labels: namesAt(runner, whole) };
  }
  if (where === null && named && output.kind === "regression")
    throw usageError(
      `The output '${output.spec.name}' has ${output.numbers} values and no classes: name one with --target unit:N (0 to ${output.numbers - 1}).`,
    );
  const place = where ?? (await usual(runner, fed, output));
  checkWhere(place, output);
  if (output.classes === null && !isOne(place, output) && !named)
    throw usageError(
      `'${output.spec.name}' has ${output.numbers} numbers there, which are no classes: name one, such as ${whereText(place)},class:0.`,
    );
  const pick = await spotOf(place, {
    output,
    scores: () => logitsOf(runner, fed ?? noPicture(place), output),
    ofPicture: (file) => valuesOf(runner, file, output),
  });
  const there = { output, where: place, scores: outputs.at(output, pick), pick };
  return { ...there, labels: namesAt(runner, there) };
}

function noPicture(where: Where): never {
  throw usageError(
    `'${whereText(where)}' is where the network sees a class in a picture, and there is none: give one, or ask about mean, a pixel or a region.`,
  );
}

/** Of a method that asks the network for no score: the output alone, and no class. */
export function aimless({ outputs, scoresOrNone }: OpenModel, name: string | null): Aim {
  const nothing = { index: 0, label: null, logit: NaN, probability: null };
  const none = { where: null, scores: scoresOrNone, classes: [nothing], ranked: [nothing] };
  return { output: outputs.find(name), labels: null, pick: null, ...none };
}

/** Whether there is one number, which has nothing beside it: a value, a feature, a coordinate, a likeness. */
const isOne = (where: Where, { numbers }: Output): boolean =>
  where.kind === "unit" ||
  where.kind === "like" ||
  numbers === 1 ||
  (where.kind === "box" && where.unit !== undefined);

/** What a place says of an input. */
export async function told(runner: Runner, fed: Fed, place: Place): Promise<Aim> {
  const { scores, labels, pick } = place;
  const classes = await runner.classesBy(fed, scores, labels);
  const areas = pick?.spot.kind === "predicted" ? areasOf(pick.spot, classes.length) : null;
  const value = ({ index, logit }: ClassScore): number => (areas ? at(areas, index) : logit);
  const none = await noObject(runner, fed, place);
  const ranked = classes.filter(({ index }) => index !== none).sort((a, b) => value(b) - value(a));
  return { ...place, classes, ranked: areas ? ranked.filter((one) => value(one) > 0) : ranked };
}

/** What is no class is not called one. */
function namesAt(
  runner: Runner,
  { output, where, pick }: Omit<Place, "labels" | "scores">,
): readonly string[] | null {
  const ofOne = pick?.number !== undefined || pick?.direction !== undefined;
  if (ofOne && where) return [whereText(where)];
  if (output.classes !== null || where === null) return runner.labelsOf(output);
  return Array.from({ length: output.numbers }, (_, i) => `number ${i}`);
}

/** What an output says of a picture in a file, [1, places, numbers]. */
async function valuesOf(runner: Runner, file: string, output: Output): Promise<FloatTensor> {
  const { model } = runner;
  const { graph, node } = tableOf(model.outputs.graphOf(output), output);
  const fed = await feedPicture(model, new PictureStore(), file);
  return at(await runner.values(fed, [node], graph), 0);
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

/** The same without a picture: what depends on none. */
const WITHOUT_PICTURE: Readonly<Record<OutputKind, Where | null>> = {
  classes: null,
  regression: { kind: "unit", unit: 0 },
  embedding: null,
  segmentation: { kind: "mean" },
  detection: null,
  "heat-maps": null,
  sequence: null,
  unknown: null,
};

async function usual(runner: Runner, fed: Fed | null, output: Output): Promise<Where> {
  const found = fed
    ? await USUAL[output.kind]?.(runner, fed, output)
    : WITHOUT_PICTURE[output.kind];
  if (found) return found;
  throw runner.model.outputs.unasked(output);
}

/** All that the boxes say. */
async function boxesOf(runner: Runner, fed: Fed, output: Output): Promise<Float32Array> {
  const { graph, node } = tableOf(runner.model.outputs.graphOf(output), output);
  return at(await runner.values(fed, [node], graph), 0).data;
}

/** The class of a detector's boxes that stands for no object; null: there is none, or it is another kind. */
async function noObject(runner: Runner, fed: Fed, { output, pick }: Place): Promise<number | null> {
  if (output.kind !== "detection" || !output.classes || pick?.number !== undefined) return null;
  const labels = runner.labelsOf(output);
  if (output.choice !== "one" && labels === null && output.boxes?.suppression !== "none")
    return null;
  const none = noneOf(output, await boxesOf(runner, fed, output), labels);
  return none === null ? null : none - output.classes[0];
}

/** The box with the highest class score, times its objectness where it has one. */
async function bestBox(runner: Runner, fed: Fed, output: Output): Promise<number> {
  const data = await boxesOf(runner, fed, output);
  const { numbers, places, classes } = output;
  if (!classes) throw inputError(`The output '${output.spec.name}' has no class scores.`);
  const scores = scoresOf(output, data, runner.labelsOf(output));
  let [best, highest] = [0, -Infinity];
  for (let box = 0; box < places; box++) {
    const { score } = scores.of(data.subarray(box * numbers, (box + 1) * numbers));
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
