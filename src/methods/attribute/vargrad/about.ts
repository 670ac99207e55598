import type { AttributeAbout } from "../../../shared/method.ts";

/** Adebayo et al. 2018 (b), "Local explanation methods for deep neural networks lack sensitivity to parameter values". */
export default {
  id: "vargrad",
  command: "attribute",
  title: "VarGrad",
  sentence: "How much the gradient varies over noisy copies of the picture.",
  group: "gradients",
  tells: "direction",
  linear: false,
  options: { steps: { label: "Samples", least: 1, usual: 25 }, seed: true },
} as const satisfies AttributeAbout;
