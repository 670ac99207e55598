import { usageError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { CandidateScore } from "./score.ts";
import type { AttackRequest } from "./types.ts";

/** Scores the picture as it is; throws when it is not classified correctly: there is nothing to attack then. */
export async function requireCorrect(
  { input, trueClass }: AttackRequest,
  score: (rows: FloatTensor) => Promise<CandidateScore[]>,
): Promise<CandidateScore> {
  const [before] = await score(input);
  if (!before) throw new RangeError("the engine returned no score");
  if (before.top !== trueClass)
    throw usageError(
      `The picture is classified as ${before.top}, not as ${trueClass}: only correctly classified pictures can be attacked. Say --class ${before.top} if that is the true class.`,
    );
  return before;
}

/** Untargeted: another class is on top. Targeted: the target is. */
export const succeeded = (
  { top }: CandidateScore,
  { target, trueClass }: Pick<AttackRequest, "target" | "trueClass">,
): boolean => (target === null ? top !== trueClass : top === target);

/** Whether candidate `a` is the better attack: one that succeeds before one that does not, then by the watched class. */
export function isBetter(
  a: CandidateScore,
  b: CandidateScore,
  goal: Pick<AttackRequest, "target" | "trueClass">,
): boolean {
  const [wins, loses] = [succeeded(a, goal), succeeded(b, goal)];
  if (wins !== loses) return wins;
  return goal.target === null ? a.logOdds < b.logOdds : a.logOdds > b.logOdds;
}
