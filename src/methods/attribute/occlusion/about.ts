import type { AttributeAbout } from "../../../shared/method.ts";

/** Zeiler, Fergus 2014. */
export default {
  id: "occlusion",
  command: "attribute",
  title: "Occlusion",
  sentence: "How far the logit falls when a window of the picture is covered.",
  group: "masks",
  tells: "evidence",
  linear: true,
  options: { steps: { label: "Window", least: 1, usual: null }, baseline: true },
} as const satisfies AttributeAbout;
