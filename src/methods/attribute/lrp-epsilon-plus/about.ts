import type { AttributeAbout } from "../../../shared/method.ts";

/** Kohlbrenner et al. 2020. */
export default {
  id: "lrp-epsilon-plus",
  command: "attribute",
  title: "LRP-ε, z⁺",
  sentence: "LRP-z⁺ in convolutions, LRP-ε in dense layers.",
  group: "relevance",
  tells: "evidence",
  linear: false,
  options: {},
} as const satisfies AttributeAbout;
