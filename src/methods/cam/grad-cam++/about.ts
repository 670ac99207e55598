import type { CamAbout } from "../../../shared/method.ts";

/** Chattopadhay et al. 2018. */
export default {
  id: "grad-cam++",
  command: "cam",
  title: "Grad-CAM++",
  sentence: "Weighs positive gradients cell by cell: for several objects",
  group: "gradients",
  score: "logit",
  linear: false,
  options: {},
  numpy: `a = g**2 / (2 * g**2 + A.sum(CELLS, keepdims=True) * g**3 + 1e-6)  # Chattopadhay et al. 2018
alpha = (a * np.maximum(0, g)).sum(CELLS, keepdims=True)
raw = np.maximum(0, (A * alpha).sum(CHANNELS)[0])
`,
} as const satisfies CamAbout;
