import type { CamAbout } from "../../../shared/method.ts";

/** Wang et al. 2020. */
export default {
  id: "score-cam",
  command: "cam",
  title: "ScoreCAM",
  sentence: "Each map weighed by the class' probability where it lets the picture through",
  group: "runs",
  score: "probability",
  linear: true,
  options: {},
} as const satisfies CamAbout;
