import { oneGradient } from "../one-gradient.ts";
import type { AttributionMethodFunction } from "../types.ts";

/** Shrikumar et al. 2016: d logit / d input * input. */
export const gradientTimesInput: AttributionMethodFunction = (request) =>
  oneGradient(request, (g, x) => g * x);
