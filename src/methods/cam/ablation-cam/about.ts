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
  palette: "ablationCam",
} as const satisfies CamAbout;
