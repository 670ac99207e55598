import type { MaximizeAbout } from "../../../shared/method.ts";

/** F. Chollet, "Visualizing what convnets learn" (keras.io). */
export default {
  id: "plain",
  command: "maximize",
  title: "Plain",
  sentence:
    "Plain: gradient ascent on the pixels, from gray noise, in steps of equal length. Shows raw what drives the target.",
  group: "pixels",
  linear: false,
  options: { steps: { label: "Steps", least: 1, usual: 30, usualForClass: 100 }, seed: true },
} as const satisfies MaximizeAbout;
