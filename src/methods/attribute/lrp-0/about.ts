import type { AttributeAbout } from "../../../shared/method.ts";

/** Bach et al. 2015. */
export default {
  id: "lrp-0",
  command: "attribute",
  title: "LRP-0",
  sentence:
    "The score shared out backwards: each sum's relevance in the shares of what was summed.",
  group: "relevance",
  tells: "evidence",
  linear: false,
  options: {},
} as const satisfies AttributeAbout;
