import type { MaximizeAbout } from "../../../shared/method.ts";

/** Olah et al. 2017. */
export default {
  id: "robust",
  command: "maximize",
  title: "Robust",
  sentence:
    "Robust: ascent on decorrelated frequencies while the picture is shifted, scaled and turned. Slower; what holds under that is easier to see.",
  group: "frequencies",
  linear: false,
  options: { steps: { label: "Steps", least: 1, usual: 512, usualForClass: 512 }, seed: true },
} as const satisfies MaximizeAbout;
