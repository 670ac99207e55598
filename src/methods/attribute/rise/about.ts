import type { AttributeAbout } from "../../../shared/method.ts";

/** Petsiuk et al. 2018. */
export default {
  id: "rise",
  command: "attribute",
  title: "RISE",
  sentence: "The score averaged over random masks that leave a pixel in sight.",
  group: "masks",
  tells: "evidence",
  linear: true,
  options: { steps: { label: "Masks", least: 1, usual: 500 }, seed: true, baseline: true },
} as const satisfies AttributeAbout;
