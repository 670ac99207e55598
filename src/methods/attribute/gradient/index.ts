import { oneGradient } from "../one-gradient.ts";
import type { AttributionMethodFunction } from "../types.ts";

/** Simonyan et al. 2013: signed d logit / d input. */
export const gradient: AttributionMethodFunction = (request) => oneGradient(request, (g) => g);
