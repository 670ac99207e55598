import type { CamAbout } from "../../../shared/method.ts";

/** Draelos, Carin 2020. */
export default {
  id: "hires-cam",
  command: "cam",
  title: "HiRes-CAM",
  sentence: "Gradients times maps, cell by cell: exact for Flatten + Dense heads",
  group: "gradients",
  score: "logit",
  linear: true,
  options: {},
  numpy: "raw = np.maximum(0, (A * g).sum(CHANNELS)[0])  # Draelos, Carin 2020\n",
} as const satisfies CamAbout;
