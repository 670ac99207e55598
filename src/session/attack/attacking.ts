import { differentialEvolution } from "../../methods/attack/differential-evolution.ts";
import { exactAttack } from "../../methods/attack/exact.ts";
import { screenAttack } from "../../methods/attack/screen.ts";
import type { AttackRequest, AttackResult } from "../../methods/attack/types.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { AttackQuestion } from "../../shared/question.ts";
import type { Runner } from "../run/runner.ts";

/** How an attack is run: pictures at a time, who hears of it, and how many pixels a preview tries. */
interface How extends Pick<AttackRequest, "batch" | "context" | "onBest" | "keepsBest"> {
  readonly tried?: number;
}

/** What the question asks, done to one input [1, H, W, C] that can be saved as a picture; `trueClass` is on top before. */
export function attack(
  { model, subject }: Runner,
  { method, target, seed, ...evolution }: AttackQuestion,
  input: FloatTensor,
  trueClass: number,
  { tried, ...how }: How,
): Promise<AttackResult> {
  const request: AttackRequest = {
    ...{ subject, scores: model.scores, input, scaling: model.preprocessing },
    ...{ trueClass, target, seed, ...how },
  };
  const methods = {
    de: () => differentialEvolution(request, evolution),
    exact: () => exactAttack(request),
    screen: () => screenAttack(request, tried),
  };
  return methods[method]();
}
