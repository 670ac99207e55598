import type { AttributeAbout } from "../../../shared/method.ts";

/** Montavon et al. 2019. */
export default {
  id: "lrp-gamma",
  command: "attribute",
  title: "LRP-γ",
  sentence: "LRP in which weights that raise a sum count a quarter more.",
  group: "relevance",
  tells: "evidence",
  linear: false,
  options: {},
} as const satisfies AttributeAbout;
