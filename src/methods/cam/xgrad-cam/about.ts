import type { CamAbout } from "../../../shared/method.ts";

/** Fu et al. 2020. */
export default {
  id: "xgrad-cam",
  command: "cam",
  title: "XGrad-CAM",
  sentence: "Gradients averaged with the map's own values as weights",
  group: "gradients",
  score: "logit",
  linear: true,
  options: {},
  numpy: `alpha = (g * A).sum(CELLS, keepdims=True) / (A.sum(CELLS, keepdims=True) + 1e-7)  # Fu et al. 2020
raw = np.maximum(0, (A * alpha).sum(CHANNELS)[0])
`,
} as const satisfies CamAbout;
