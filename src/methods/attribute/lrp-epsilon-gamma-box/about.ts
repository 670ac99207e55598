import type { AttributeAbout } from "../../../shared/method.ts";

/** Montavon et al. 2019. */
export default {
  id: "lrp-epsilon-gamma-box",
  command: "attribute",
  title: "LRP-ε, γ, box",
  sentence:
    "LRP-γ in convolutions, LRP-ε in dense layers, and at the pixels by what a pixel can be.",
  group: "relevance",
  tells: "evidence",
  linear: false,
  options: {},
} as const satisfies AttributeAbout;
