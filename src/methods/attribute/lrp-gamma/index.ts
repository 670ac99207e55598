import type { AttributionMethodFunction } from "../types.ts";
import { GAMMA, inputRelevance } from "../input-relevance.ts";

/** The rule gamma in every layer (Montavon et al. 2019). */
export const lrpGamma: AttributionMethodFunction = inputRelevance(() => ({
  convolution: GAMMA,
  dense: GAMMA,
}));
