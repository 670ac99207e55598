import type { CamAbout } from "../../../shared/method.ts";

/** Selvaraju et al. 2017, eq. 1 and 2. */
export default {
  id: "grad-cam",
  command: "cam",
  title: "Grad-CAM",
  sentence: "Gradients averaged over each map weigh the maps, then ReLU",
  group: "gradients",
  score: "logit",
  linear: true,
  options: {},
  numpy: `alpha = g.mean(CELLS, keepdims=True)  # Selvaraju et al. 2017
raw = np.maximum(0, (A * alpha).sum(CHANNELS)[0])
`,
} as const satisfies CamAbout;
