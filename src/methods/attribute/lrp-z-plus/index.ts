import type { AttributionMethodFunction } from "../types.ts";
import { inputRelevance } from "../input-relevance.ts";

/** The rule z+ in every layer (Montavon et al. 2017). */
export const lrpZPlus: AttributionMethodFunction = inputRelevance(() => ({
  convolution: { rule: "z+" },
  dense: { rule: "z+" },
}));
