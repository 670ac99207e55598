/** Tries the usual ways to make inputs of pictures, and ranks them by how certain the network is of what it sees. */
import { topClasses } from "../../methods/predict/index.ts";
import { toInput, type Picture } from "../../pictures/index.ts";
import type { OpenModel } from "../open/model.ts";
import { pictureInput, pictureSize } from "../run/feed.ts";
import type { Runner } from "../run/runner.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import { breathe, inputError } from "../../base/errors.ts";
import { NAMED_SCALINGS, type PixelScaling, type Preprocessing } from "../../base/preprocessing.ts";

/** One way to make inputs of the pictures, and what the network makes of those. */
export interface Trial {
  /** A name for --preprocess; `auto` where what is used now has no name. */
  readonly name: string;
  readonly how: Preprocessing;
  /** Whether it is what would be used without being told. */
  readonly used: boolean;
  /** Mean probability of the class on top, 0..1. */
  readonly confidence: number;
  /** The class on top of each picture. */
  readonly classes: readonly ClassScore[];
}

/** All trials over the pictures, the most confident first. Throws a ConvLensError of kind `input`. */
export async function tryScalings(
  runner: Runner,
  pictures: readonly Picture[],
  signal: AbortSignal,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const { model } = runner;
  const [height, width] = pictureSize(pictureInput(model.graph));
  const fitting = pictures.every((picture) => picture.width * height === picture.height * width);
  // where nothing is cut off or squashed, both are the same
  const fits = fitting ? [model.preprocessing.fit] : (["crop", "squash"] as const);
  for (const { name, how, used } of candidates(model, fits)) {
    await breathe(signal);
    const scored = [];
    for (const [i, picture] of pictures.entries())
      scored.push(await topOf(runner, picture, how, `${name} ${how.fit} ${i}`));
    const confidence = scored.reduce((sum, one) => sum + one.confidence, 0) / scored.length;
    const classes = scored.map((one) => one.score);
    trials.push({ name, how, used, confidence, classes });
  }
  return trials.sort((a, b) => b.confidence - a.confidence);
}

interface Candidate {
  readonly name: string;
  readonly how: Preprocessing;
  readonly used: boolean;
}

function candidates(
  { preprocessing }: OpenModel,
  fits: readonly Preprocessing["fit"][],
): Candidate[] {
  const named = Object.entries(NAMED_SCALINGS).flatMap(([name, scaling]) =>
    fits.map((fit) => {
      const used = isSame(scaling, preprocessing) && fit === preprocessing.fit;
      return { name, how: { ...preprocessing, ...scaling, fit }, used };
    }),
  );
  if (named.some(({ used }) => used)) return named;
  return [{ name: "auto", how: preprocessing, used: true }, ...named];
}

function isSame(a: PixelScaling, b: PixelScaling): boolean {
  const text = ({ order, scale, mean, std }: PixelScaling): string =>
    JSON.stringify([order, [scale, ...mean, ...std].map((value) => value.toPrecision(6))]);
  return text(a) === text(b);
}

async function topOf(
  runner: Runner,
  picture: Picture,
  how: Preprocessing,
  key: string,
): Promise<{ score: ClassScore; confidence: number }> {
  const size = pictureSize(pictureInput(runner.model.graph));
  const classes = await runner.classes({ key, inputs: [await toInput(picture, how, size)] });
  const [score] = topClasses(classes, 1);
  if (!score) throw inputError(`${runner.model.summary.name} has no classes.`);
  // a network that ends in logits means a softmax
  const sum = classes.reduce((total, { logit }) => total + Math.exp(logit - score.logit), 0);
  return { score, confidence: score.probability ?? 1 / sum };
}
