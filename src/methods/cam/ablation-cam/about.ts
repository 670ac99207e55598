import type { CamAbout } from "../../../shared/method.ts";

/** Desai, Ramaswamy 2020. */
export default {
  id: "ablation-cam",
  command: "cam",
  title: "Ablation-CAM",
  sentence: "Each map weighed by how far the logit falls without it",
  group: "runs",
  score: "logit",
  linear: false,
  options: {},
} as const satisfies CamAbout;
