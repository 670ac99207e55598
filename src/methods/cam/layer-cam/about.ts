import type { CamAbout } from "../../../shared/method.ts";

/** Jiang et al. 2021. */
export default {
  id: "layer-cam",
  command: "cam",
  title: "LayerCAM",
  sentence: "Positive gradients times maps, cell by cell: for early layers too",
  group: "gradients",
  score: "logit",
  linear: false,
  options: {},
  numpy: "raw = np.maximum(0, (A * np.maximum(0, g)).sum(CHANNELS)[0])  # Jiang et al. 2021\n",
} as const satisfies CamAbout;
