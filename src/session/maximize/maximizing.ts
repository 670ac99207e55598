/** What the compute process and the command line share of a maximisation: the rows of its batch, and what their pictures reach. */
import type { MaximizeQuestion } from "../../shared/question.ts";
import { evaluateAll, evaluateEach } from "../../methods/maximize/evaluate.ts";
import {
  recipes,
  type MaximizeRequest as Rows,
  type Objective,
} from "../../methods/maximize/index.ts";
import type { Maximized } from "../../methods/maximize/types.ts";
import { classScores, predict } from "../../methods/predict/index.ts";
import type { Inputs } from "../../methods/types.ts";
import type { Reference } from "../../shared/contract/experiments.ts";
import type { Control } from "../../shared/control.ts";
import { breathe, usageError } from "../../base/errors.ts";
import type { PixelScaling } from "../../base/preprocessing.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { pictureInput, pictureSize } from "../run/feed.ts";
import { objectiveOf, onlyClass } from "./objectives.ts";
import { asPictures, inputRange } from "../run/ranges.ts";
import type { Runner } from "../run/runner.ts";

const MOST_COPIES = 16;

/** Pictures, a row for each copy of each target, copies of one target together. */
export interface MaximizedRows extends Maximized {
  readonly size: Rows["size"];
  readonly copies: number;
  /** What 8 bits leave of the pictures, and what these reach: their objectives, and for a class the probability. */
  readonly rounded: FloatTensor;
  readonly values: Float32Array;
  readonly probabilities: readonly (number | null)[];
}

/** What the question asks, all targets as one batch. */
export async function maximized(
  runner: Runner,
  question: MaximizeQuestion,
  scaling: PixelScaling,
  context: Control,
  how: Pick<Rows, "onStep" | "keepsSteps">,
): Promise<MaximizedRows> {
  const rows = maximizeRows(runner, question, scaling, context);
  const made = await recipes[question.recipe]({ ...rows, ...how });
  const { rounded } = asPictures(made.images, scaling);
  const reached = await reachedBy(runner, rows.objectives, rounded);
  return { ...{ ...made, ...reached, rounded }, size: rows.size, copies: rows.copies };
}

/** The question as the recipes take it. */
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
): Rows & { readonly copies: number } {
  if (targets.length === 0) throw usageError("Nothing was chosen to be maximised.");
  const { copies = 1, diversity = 0, totalVariation = 0, l1 = 0, l2 = 0 } = options;
  if (!(Number.isInteger(copies) && copies >= 1 && copies <= MOST_COPIES))
    throw usageError(`${copies} copies cannot be made at once: ask for 1 to ${MOST_COPIES}.`);
  const size = pictureSize(pictureInput(model.graph));
  const deep = model.summary.camLayer;
  return {
    ...{ subject, scores: model.scoresOrNone, size, steps, seed, context, copies },
    objectives: targets.flatMap((target) => {
      const objective = objectiveOf(model, target, options);
      return Array.from({ length: copies }, () => objective);
    }),
    range: inputRange(scaling, size[2]),
    penalties: { totalVariation, l1, l2, diversity },
    differAt: deep && model.layer(deep.name).output,
  };
}

/** What each picture [N, H, W, C] reaches: its objective, and for a class the probability. */
async function reachedBy(
  { model, subject }: Runner,
  objectives: readonly Objective[],
  pictures: FloatTensor,
): Promise<{ values: Float32Array; probabilities: (number | null)[] }> {
  const scores = model.scoresOrNone;
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

/** For each objective the picture that excites it most, and how much; null without pictures. */
export async function bestOver(
  { model, subject }: Runner,
  objectives: readonly Objective[],
  pictures: AsyncIterable<{ image: string; inputs: Inputs }>,
  { signal }: Pick<Control, "signal">,
): Promise<Reference[] | null> {
  const best: { value: number; image: string }[] = [];
  let images = 0;
  for await (const { image, inputs } of pictures) {
    const values = await evaluateAll(subject, model.scoresOrNone, objectives, inputs);
    values.forEach((value, i) => {
      if (value > (best[i]?.value ?? -Infinity)) best[i] = { value, image };
    });
    images++;
    await breathe(signal);
  }
  return images === 0 ? null : best.map((one) => ({ ...one, images }));
}
