import { inputGradient } from "../input-gradient.ts";
import { firstRow } from "../one-gradient.ts";
import type { AttributionMethodFunction } from "../types.ts";

/** Guided backpropagation (Springenberg et al. 2015). Fails the sanity checks of Adebayo et al. 2018. */
export const guidedBackprop: AttributionMethodFunction = async (request) => {
  const { subject, scores, input, classIndex } = request;
  const rules = { engine: subject.engine, differentiate: subject.differentiateGuided };
  const run = await inputGradient(rules, scores, request);
  const { gradient } = await run(input, [classIndex]);
  return { attribution: firstRow(gradient), completeness: null, steps: 1 };
};
