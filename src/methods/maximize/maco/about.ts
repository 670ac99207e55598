import type { MaximizeAbout } from "../../../shared/method.ts";

/** Fel et al. 2023. */
export default {
  id: "maco",
  command: "maximize",
  title: "MaCo",
  sentence:
    "MaCo: only the phase of the frequencies is free, their strength is the law of natural pictures, 1 / f (not ImageNet's average, as in the paper). For deep layers and classes.",
  group: "frequencies",
  linear: false,
  options: { steps: { label: "Steps", least: 1, usual: 256, usualForClass: 256 }, seed: true },
} as const satisfies MaximizeAbout;
