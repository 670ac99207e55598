/** What the compute process and the command line share of a maximisation: the rows of its batch, and what their pictures reach. */
import { refuseVolume } from "../run/volumes.ts";
import type { RecipeName } from "../../shared/catalogue.ts";
import type { MaximizeQuestion, OfOutput } from "../../shared/question.ts";
import { evaluateAll, evaluateEach } from "../../methods/maximize/evaluate.ts";
import { recipes, type MaximizeRequest as Rows } from "../../methods/maximize/index.ts";
import type { Maximized } from "../../methods/maximize/types.ts";
import { classScores, predict } from "../../methods/predict/index.ts";
import type { Inputs } from "../../methods/types.ts";
import type { Reference } from "../../shared/contract/experiments.ts";
import type { Control } from "../../shared/control.ts";
import { breathe, usageError } from "../../base/errors.ts";
import type { PixelScaling } from "../../base/preprocessing.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { placed, type Place } from "../run/aim.ts";
import { feedPicture, pictureInput, PictureStore, pictureSize } from "../run/feed.ts";
import { asksClasses, objectiveOf, onlyClass } from "./objectives.ts";
import { asPictures, inputRange } from "../run/ranges.ts";
import type { Runner } from "../run/runner.ts";

const MOST_COPIES = 16;

/** Pictures, a row for each copy of each target, copies of one target together. */
interface MaximizedRows extends Maximized {
  /** What 8 bits leave of the pictures, and what these reach: their objectives, and for a class the probability. */
  readonly rounded: FloatTensor;
  readonly values: Float32Array;
  readonly probabilities: readonly (number | null)[];
}

/** What a recipe makes of a question's rows, all targets as one batch. */
export async function maximized(
  rows: Rows,
  recipe: RecipeName,
  scaling: PixelScaling,
  how: Pick<Rows, "onStep" | "keepsSteps">,
): Promise<MaximizedRows> {
  if (recipe !== "plain")
    refuseVolume(
      rows.subject.graph,
      `The recipe '${recipe}' turns and shifts pictures`,
      "take plain",
    );
  const made = await recipes[recipe]({ ...rows, ...how });
  const { rounded } = asPictures(made.images, scaling);
  return { ...made, ...(await reachedBy(rows, rounded)), rounded };
}

/**
 * The place whose classes are maximised; null: filters alone are. Throws a ConvLensError for one that is not there, and where what
 * depends on a picture is asked about without one.
 */
export async function maximizedPlace(
  runner: Runner,
  { targets, output, where, images }: Pick<MaximizeQuestion, "targets" | "images"> & OfOutput,
): Promise<Place | null> {
  if (!targets.some(asksClasses)) return null;
  const [image] = where?.kind === "predicted" ? (images ?? []) : [];
  const fed =
    image === undefined ? null : await feedPicture(runner.model, new PictureStore(), image);
  return placed(runner, fed, { output, where, named: true });
}

/** A question as the recipes take it, of classes at a place. Throws a ConvLensError for what cannot be made. */
export function maximizeRows(
  { model, subject }: Runner,
  {
    targets,
    options = {},
    steps,
    seed,
  }: Pick<MaximizeQuestion, "targets" | "options" | "steps" | "seed">,
  scaling: PixelScaling,
  context: Control,
  place: Place | null = null,
): Rows & { readonly copies: number } {
  if (targets.length === 0) throw usageError("Nothing was chosen to be maximised.");
  const { copies = 1, diversity = 0, totalVariation = 0, l1 = 0, l2 = 0 } = options;
  if (!(Number.isInteger(copies) && copies >= 1 && copies <= MOST_COPIES))
    throw usageError(`${copies} copies cannot be made at once: ask for 1 to ${MOST_COPIES}.`);
  const size = pictureSize(pictureInput(model.graph));
  const deep = model.summary.camLayer;
  return {
    ...{ subject, scores: place?.scores ?? model.scoresOrNone, size, steps, seed, context, copies },
    objectives: targets.flatMap((target) => {
      const objective = objectiveOf(model, target, options, place);
      return Array.from({ length: copies }, () => objective);
    }),
    range: inputRange(scaling, size[2]),
    penalties: { totalVariation, l1, l2, diversity },
    differAt: deep && model.layer(deep.name).output,
  };
}

/** What each picture [N, H, W, C] reaches: its objective, and for a class the probability. */
async function reachedBy(
  { subject, scores, objectives }: Rows,
  pictures: FloatTensor,
): Promise<{ values: Float32Array; probabilities: (number | null)[] }> {
  const values = await evaluateEach(subject, scores, objectives, pictures);
  const classes = objectives.map(onlyClass);
  if (classes.every((index) => index === null))
    return { values, probabilities: classes.map(() => null) };
  const predicted = await predict(subject, scores, [pictures]);
  const probabilities = classes.map((index, row) =>
    index === null ? null : (classScores(scores, predicted, null, row)[index]?.probability ?? null),
  );
  return { values, probabilities };
}

/** For each objective (of each target one) the picture that excites it most, and how much; null without pictures. */
export async function bestOver(
  { subject }: Runner,
  { scores, objectives }: Pick<Rows, "scores" | "objectives">,
  pictures: AsyncIterable<{ image: string; inputs: Inputs }>,
  { signal }: Pick<Control, "signal">,
): Promise<Reference[] | null> {
  const best: { value: number; image: string }[] = [];
  let images = 0;
  for await (const { image, inputs } of pictures) {
    const values = await evaluateAll(subject, scores, objectives, inputs);
    values.forEach((value, i) => {
      if (value > (best[i]?.value ?? -Infinity)) best[i] = { value, image };
    });
    images++;
    await breathe(signal);
  }
  return images === 0 ? null : best.map((one) => ({ ...one, images }));
}
