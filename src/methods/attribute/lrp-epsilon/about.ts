import type { AttributeAbout } from "../../../shared/method.ts";

/** Bach et al. 2015. */
export default {
  id: "lrp-epsilon",
  command: "attribute",
  title: "LRP-ε",
  sentence: "LRP-0, where shares of sums that are nearly zero stay behind.",
  group: "relevance",
  tells: "evidence",
  linear: false,
  options: {},
} as const satisfies AttributeAbout;
