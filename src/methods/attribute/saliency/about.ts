import type { AttributeAbout } from "../../../shared/method.ts";

/** Simonyan et al. 2013. */
export default {
  id: "saliency",
  command: "attribute",
  title: "Saliency",
  sentence: "How strongly the logit answers to each pixel: the size of its gradient.",
  group: "gradients",
  tells: "direction",
  linear: false,
  options: {},
  numpy: "attribution = np.abs(gradient(x))[0]\n",
} as const satisfies AttributeAbout;
