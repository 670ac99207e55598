import type { AttributionMethodFunction } from "../types.ts";
import { EPSILON, GAMMA, inputRelevance } from "../input-relevance.ts";

/** The composite epsilon-gamma-box: gamma in convolutions, the z-box rule in the first, epsilon in dense layers (Montavon et al. 2019). */
export const lrpEpsilonGammaBox: AttributionMethodFunction = inputRelevance(({ range }) => ({
  ...{ convolution: GAMMA, dense: EPSILON },
  box: range,
}));
