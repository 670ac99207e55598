import type { AttributionMethodFunction } from "../types.ts";
import { inputRelevance } from "../input-relevance.ts";

/** The rule 0 in every layer (Bach et al. 2015): gradient x input, but for what is no ReLU. */
export const lrp0: AttributionMethodFunction = inputRelevance(() => ({
  convolution: { rule: "0" },
  dense: { rule: "0" },
}));
