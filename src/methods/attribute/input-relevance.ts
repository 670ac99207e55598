import type { RelevanceRules, SumRule } from "../../engine/types.ts";
import { scoreIn } from "../inspect/scores.ts";
import { inputGradient } from "./input-gradient.ts";
import { firstRow } from "./one-gradient.ts";
import type { AttributionMethodFunction, AttributionRequest } from "./types.ts";

/** As zennit has them by itself, so that numbers can be compared. */
export const EPSILON: SumRule = { rule: "epsilon", epsilon: 1e-6 };
export const GAMMA: SumRule = { rule: "gamma", gamma: 0.25 };

/** Layer-wise relevance propagation (Bach et al. 2015) from the class' score down to the picture, by these rules. */
export const inputRelevance =
  (rules: (request: AttributionRequest) => RelevanceRules): AttributionMethodFunction =>
  async (request) => {
    const { subject, scores, input, classIndex } = request;
    const differentiate = subject.relevance(rules(request));
    const run = await inputGradient({ engine: subject.engine, differentiate }, scores, request);
    const { gradient, logits } = await run(input, [classIndex]);
    const attribution = firstRow(gradient);
    const sum = attribution.data.reduce((total, value) => total + value, 0);
    const score = scoreIn(scores, logits, 0, classIndex, "logit");
    const gap = sum - score;
    const completeness = { gap, difference: score, history: [], meaning: meaningOf(sum, score) };
    return { attribution, steps: 1, completeness };
  };

function meaningOf(sum: number, score: number): string {
  const share = (100 * sum) / score;
  const percent = Number.isFinite(share) ? ` (${share.toPrecision(3)} %)` : "";
  const all = `${score.toPrecision(3)}${percent}`;
  return `The pixels' relevances add up to ${sum.toPrecision(3)} of the score's ${all}; biases and the rule itself keep the rest.`;
}
