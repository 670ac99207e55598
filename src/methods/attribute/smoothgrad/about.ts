import type { AttributeAbout } from "../../../shared/method.ts";

/** Smilkov et al. 2017. */
export default {
  id: "smoothgrad",
  command: "attribute",
  title: "SmoothGrad",
  sentence: "The gradient averaged over noisy copies of the picture.",
  group: "gradients",
  tells: "direction",
  linear: true,
  options: { steps: { label: "Samples", least: 1, usual: 25 }, seed: true },
} as const satisfies AttributeAbout;
