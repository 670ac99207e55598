import { refuseVolume } from "../run/volumes.ts";
import { differentialEvolution } from "../../methods/attack/differential-evolution.ts";
import { exactAttack } from "../../methods/attack/exact.ts";
import { watchedBy } from "../../methods/attack/rules.ts";
import { screenAttack } from "../../methods/attack/screen.ts";
import type { AttackRequest, AttackResult, Goal } from "../../methods/attack/types.ts";
import { at } from "../../base/at.ts";
import { inputError } from "../../base/errors.ts";
import type { ModelGraph, TensorSpec } from "../../graph/index.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { AttackQuestion } from "../../shared/question.ts";
import { pictureInput } from "../run/feed.ts";
import type { Aim } from "../run/aim.ts";
import type { Runner } from "../run/runner.ts";
import { goalOf, searched } from "./goal.ts";

/** How an attack is run: pictures at a time, who hears of it, and how many pixels a preview tries. */
interface How extends Pick<AttackRequest, "batch" | "context" | "onBest" | "keepsBest"> {
  readonly tried?: number;
}

/** What came of an attack. */
export interface Attacked {
  readonly result: AttackResult;
  readonly goal: Goal;
  /** All scores at the place, in order. */
  readonly after: readonly ClassScore[];
  /** The class (the one to reach, else the true one) or the number that was watched. */
  readonly watched: ClassScore;
  /** Its probability before and after: over several positions their mean, where the network gives one; of a number its value. */
  readonly reached: readonly [before: number, after: number];
}

/** The picture of a network whose pixels can be attacked. Throws a ConvLensError of kind `input` for another network. */
export function attackedInput(graph: ModelGraph): TensorSpec {
  const spec = pictureInput(graph);
  refuseVolume(graph, "An attack changes pixels of pictures", "take attribute instead");
  const channels = spec.shape[3];
  if (channels === 1 || channels === 3) return spec;
  throw inputError("An attack changes pixels: the model must take pictures of 1 or 3 channels.");
}

/** What the question asks, done to one input [1, H, W, C] that can be saved as a picture; `found` is what it is about. */
export async function attack(
  runner: Runner,
  question: AttackQuestion,
  found: Aim,
  input: FloatTensor,
  { tried, ...how }: How,
): Promise<Attacked> {
  const { model, subject } = runner;
  const goal = goalOf(found, question);
  const request: AttackRequest = {
    ...{ subject, scores: searched(model, found, goal), input, scaling: model.preprocessing },
    ...{ goal, seed: question.seed, ...how },
  };
  const methods = {
    de: () => differentialEvolution(request, question),
    exact: () => exactAttack(request),
    screen: () => screenAttack(request, tried),
  };
  const result = await methods[question.method]();
  const after = await runner.classesOf([result.image], found);
  const index = watchedBy(goal);
  const [first, last] = [at(found.classes, index), at(after, index)];
  const several = found.pick !== null && found.pick.spot.kind !== "place";
  const searchedFor = [result.before.probability, result.score.probability] as const;
  const said = [first.probability, last.probability] as const;
  const reached = several && bothKnown(said) ? said : searchedFor;
  return { result, goal, after, watched: first, reached };
}

type Pair<T> = readonly [before: T, after: T];
const bothKnown = (pair: Pair<number | null>): pair is Pair<number> =>
  pair.every((one) => one !== null);
