import type { AttributionMethodFunction } from "../types.ts";
import { EPSILON, inputRelevance } from "../input-relevance.ts";

/** The composite epsilon-plus: z+ in convolutions, epsilon in dense layers (Kohlbrenner et al. 2020). */
export const lrpEpsilonPlus: AttributionMethodFunction = inputRelevance(() => ({
  convolution: { rule: "z+" },
  dense: EPSILON,
}));
