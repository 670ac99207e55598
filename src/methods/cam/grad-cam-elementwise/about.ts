import type { CamAbout } from "../../../shared/method.ts";

/** J. Gildenblat, pytorch-grad-cam's GradCAMElementWise. */
export default {
  id: "grad-cam-elementwise",
  command: "cam",
  title: "Grad-CAM elementwise",
  sentence:
    "Gradients times maps, and only the positive products: nothing speaks against the class",
  group: "gradients",
  score: "logit",
  linear: false,
  options: {},
  numpy: "raw = np.maximum(0, A * g).sum(CHANNELS)[0]  # pytorch-grad-cam's GradCAMElementWise\n",
} as const satisfies CamAbout;
