import type { AttributeAbout } from "../../../shared/method.ts";

/** Montavon et al. 2017. */
export default {
  id: "lrp-z-plus",
  command: "attribute",
  title: "LRP-z⁺",
  sentence: "LRP by what raises each sum alone: nothing speaks against the class.",
  group: "relevance",
  tells: "evidence",
  linear: false,
  options: {},
} as const satisfies AttributeAbout;
