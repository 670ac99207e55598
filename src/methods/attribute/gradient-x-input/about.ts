import type { AttributeAbout } from "../../../shared/method.ts";

/** Shrikumar et al. 2016. */
export default {
  id: "gradient-x-input",
  command: "attribute",
  title: "Gradient × input",
  sentence: "The gradient times the pixel: exact for a linear network.",
  group: "gradients",
  tells: "evidence",
  linear: true,
  options: {},
  numpy: "attribution = (gradient(x) * x)[0]\n",
} as const satisfies AttributeAbout;
