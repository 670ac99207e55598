import type { AttributeAbout } from "../../../shared/method.ts";

/** Simonyan et al. 2013, signed. */
export default {
  id: "gradient",
  command: "attribute",
  title: "Gradient",
  sentence: "The signed gradient of the logit with respect to each pixel.",
  group: "gradients",
  tells: "direction",
  linear: true,
  options: {},
  numpy: "attribution = gradient(x)[0]\n",
} as const satisfies AttributeAbout;
