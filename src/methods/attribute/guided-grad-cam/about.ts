import type { AttributeAbout } from "../../../shared/method.ts";

/** Selvaraju et al. 2017. */
export default {
  id: "guided-grad-cam",
  command: "attribute",
  title: "Guided Grad-CAM",
  sentence: "Guided backprop where Grad-CAM sees evidence.",
  group: "guided",
  tells: "evidence",
  linear: false,
  options: { layer: true },
  warning:
    "Guided Grad-CAM inherits guided backpropagation's failure of the randomisation sanity checks (Adebayo et al. 2018).",
} as const satisfies AttributeAbout;
