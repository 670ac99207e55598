/** Which pixels speak for a class. One file a method; this table is the list. */
import { gradient, gradientTimesInput, saliency } from "./gradients.ts";
import { guidedBackprop, guidedGradCam } from "./guided.ts";
import { integratedGradients } from "./integrated-gradients.ts";
import { occlusion } from "./occlusion.ts";
import { rise } from "./rise.ts";
import { smoothgrad } from "./smoothgrad.ts";
import type { AttributionMethodFunction } from "./types.ts";

export type { Attribution, AttributionRequest } from "./types.ts";

export const attributionMethods = {
  gradient,
  saliency,
  "gradient-x-input": gradientTimesInput,
  smoothgrad,
  "integrated-gradients": integratedGradients,
  occlusion,
  rise,
  "guided-backprop": guidedBackprop,
  "guided-grad-cam": guidedGradCam,
} satisfies Readonly<Record<string, AttributionMethodFunction>>;

export type AttributionMethod = keyof typeof attributionMethods;

/** Gradients and what is made of them: they tell how strongly the score answers to a pixel, and their sign in which direction. */
export const sensitivities: ReadonlySet<AttributionMethod> = new Set([
  "gradient",
  "saliency",
  "smoothgrad",
  "guided-backprop",
]);

/** Said beside the picture of a method that does not explain what it seems to. */
export const warnings: Readonly<Partial<Record<AttributionMethod, string>>> = {
  "guided-backprop":
    "Guided backpropagation fails the randomisation sanity checks (Adebayo et al. 2018): it shows edges of the picture more than the network's reasons.",
  "guided-grad-cam":
    "Guided Grad-CAM inherits guided backpropagation's failure of the randomisation sanity checks (Adebayo et al. 2018).",
};
