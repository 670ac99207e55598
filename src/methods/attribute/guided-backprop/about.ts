import type { AttributeAbout } from "../../../shared/method.ts";

/** Springenberg et al. 2015. */
export default {
  id: "guided-backprop",
  command: "attribute",
  title: "Guided backprop",
  sentence: "The gradient with negative parts left out at every ReLU.",
  group: "guided",
  tells: "direction",
  linear: false,
  options: {},
  warning:
    "Guided backpropagation fails the randomisation sanity checks (Adebayo et al. 2018): it shows edges of the picture more than the network's reasons.",
} as const satisfies AttributeAbout;
