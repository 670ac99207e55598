import { usageError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { CandidateScore } from "./score.ts";
import type { AttackRequest, Goal } from "./types.ts";

/** The classifier's case: another class than `trueClass`, or `target`, is to be on top. */
export const classGoal = (trueClass: number, target: number | null = null): Goal => ({
  ...{ kind: "class", trueClass, target, gone: null },
});

/** The class whose score is watched: the one to reach, else the true one; or the number. */
export const watchedBy = (goal: Goal): number =>
  goal.kind === "number" ? goal.index : (goal.target ?? goal.trueClass);

/** Whether the watched score is to grow (1) or to fall (-1). */
export function directionOf(goal: Goal): 1 | -1 {
  if (goal.kind === "number") return goal.raise ? 1 : -1;
  return goal.target === null ? -1 : 1;
}

/** Scores the picture as it is; throws when it is not classified correctly: there is nothing to attack then. */
export async function requireCorrect(
  { input, goal }: AttackRequest,
  score: (rows: FloatTensor) => Promise<CandidateScore[]>,
): Promise<CandidateScore> {
  const [before] = await score(input);
  if (!before) throw new RangeError("the engine returned no score");
  if (goal.kind === "class" && before.top !== goal.trueClass)
    throw usageError(
      `The picture is classified as ${before.top}, not as ${goal.trueClass}: only correctly classified pictures can be attacked. Say --class ${before.top} if that is the true class.`,
    );
  return before;
}

/** Untargeted: another class is on top, or the true one is gone. Targeted: the target is. A number has no such end. */
export function succeeded({ top, logOdds }: CandidateScore, goal: Goal): boolean {
  if (goal.kind === "number") return false;
  if (goal.target !== null) return top === goal.target;
  return top !== goal.trueClass || (goal.gone !== null && logOdds < goal.gone);
}

/** What came of it in the end: a number was moved the way that it was to go. */
export const achieved = (after: CandidateScore, before: CandidateScore, goal: Goal): boolean =>
  goal.kind === "number" ? isBetter(after, before, goal) : succeeded(after, goal);

/** Whether candidate `a` is the better attack: one that succeeds before one that does not, then by the watched score. */
export function isBetter(a: CandidateScore, b: CandidateScore, goal: Goal): boolean {
  const [wins, loses] = [succeeded(a, goal), succeeded(b, goal)];
  if (wins !== loses) return wins;
  return directionOf(goal) < 0 ? a.logOdds < b.logOdds : a.logOdds > b.logOdds;
}
