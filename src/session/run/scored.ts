import { inputError, usageError } from "../../base/errors.ts";
import type { Scores } from "../../methods/types.ts";
import { CAM_METHODS, type CamMethod } from "../../shared/catalogue.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { ScoreKind } from "../../shared/question.ts";

/**
 * The scores whose gradient is taken: logits, or the probabilities in their place. Throws a ConvLensError of kind `input` where the
 * model has none.
 */
export function differentiated(scores: Scores, kind: ScoreKind): Scores {
  if (kind === "logit") return scores;
  if (scores.probabilities === null)
    throw inputError("The model ends without softmax or sigmoid, so it has no probabilities.");
  return { ...scores, logits: scores.probabilities };
}

/**
 * What a CAM asks the network for: the logit or, as ScoreCAM's paper has it, the probability; or what is `wanted`. Throws a
 * ConvLensError for what the model or the method does not have.
 */
export function scored(
  method: CamMethod,
  scores: Scores,
  wanted: ScoreKind | null,
): { scores: Scores; score: ScoreKind | null } {
  const { score, group } = CAM_METHODS[method];
  if (score === null) return { scores, score };
  if (score === "probability" && wanted === null)
    return { scores, score: scores.probabilities === null ? "logit" : "probability" };
  if (score === "probability" && wanted === "logit")
    return { scores: { ...scores, probabilities: null }, score: "logit" };
  if (group === "runs" && score === "logit" && wanted === "probability" && scores.binary)
    throw usageError(`${method} of a single output works on its logit: leave --score out.`);
  return { scores: differentiated(scores, wanted ?? "logit"), score: wanted ?? "logit" };
}

/** Below this share of its largest slope (1/4) a softmax or sigmoid counts as saturated. */
const FLAT = 1e-3;

/** What is said of a map made of the gradients of probabilities that are saturated. */
export interface Saturated {
  readonly note: string;
  /** What the largest value is multiplied with, so that the map is drawn as faint as its gradient. */
  readonly stretch: number;
}

/** Whether the probabilities that are asked for are all saturated; null: not, or none is asked for. */
export function saturated(
  score: ScoreKind | null,
  scores: readonly ClassScore[],
): Saturated | null {
  if (score !== "probability") return null;
  const slopes = scores.map(
    ({ probability }) => 4 * (probability ?? 0.5) * (1 - (probability ?? 0.5)),
  );
  const steepest = Math.max(...slopes);
  if (steepest >= FLAT) return null;
  return {
    note: "The probability is saturated, so its gradient has vanished: the map is next to nothing. Ask for the logit, which does not saturate.",
    stretch: 1 / Math.max(steepest, 1e-9),
  };
}
