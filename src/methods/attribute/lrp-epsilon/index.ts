import type { AttributionMethodFunction } from "../types.ts";
import { EPSILON, inputRelevance } from "../input-relevance.ts";

/** The rule epsilon in every layer (Bach et al. 2015). */
export const lrpEpsilon: AttributionMethodFunction = inputRelevance(() => ({
  convolution: EPSILON,
  dense: EPSILON,
}));
