import { oneGradient } from "../one-gradient.ts";
import type { AttributionMethodFunction } from "../types.ts";

/** Simonyan et al. 2013: |d logit / d input|. */
export const saliency: AttributionMethodFunction = (request) =>
  oneGradient(request, (g) => Math.abs(g));
