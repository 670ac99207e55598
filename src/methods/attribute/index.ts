/** Which pixels speak for a class. */
import type { AttributionName } from "../../shared/catalogue.ts";
import { gradientTimesInput } from "./gradient-x-input/index.ts";
import { gradient } from "./gradient/index.ts";
import { guidedBackprop } from "./guided-backprop/index.ts";
import { guidedGradCam } from "./guided-grad-cam/index.ts";
import { integratedGradients } from "./integrated-gradients/index.ts";
import { lrp0 } from "./lrp-0/index.ts";
import { lrpEpsilonGammaBox } from "./lrp-epsilon-gamma-box/index.ts";
import { lrpEpsilonPlus } from "./lrp-epsilon-plus/index.ts";
import { lrpEpsilon } from "./lrp-epsilon/index.ts";
import { lrpGamma } from "./lrp-gamma/index.ts";
import { lrpZPlus } from "./lrp-z-plus/index.ts";
import { occlusion } from "./occlusion/index.ts";
import { rise } from "./rise/index.ts";
import { saliency } from "./saliency/index.ts";
import { smoothgrad } from "./smoothgrad/index.ts";
import type { AttributionMethodFunction } from "./types.ts";
import { vargrad } from "./vargrad/index.ts";

export type { Attribution, AttributionRequest } from "./types.ts";

/** The code of every attribution. */
export const attributionMethods: Readonly<Record<AttributionName, AttributionMethodFunction>> = {
  saliency,
  gradient,
  "gradient-x-input": gradientTimesInput,
  smoothgrad,
  vargrad,
  "integrated-gradients": integratedGradients,
  "lrp-epsilon-plus": lrpEpsilonPlus,
  "lrp-epsilon-gamma-box": lrpEpsilonGammaBox,
  "lrp-0": lrp0,
  "lrp-epsilon": lrpEpsilon,
  "lrp-gamma": lrpGamma,
  "lrp-z-plus": lrpZPlus,
  occlusion,
  rise,
  "guided-backprop": guidedBackprop,
  "guided-grad-cam": guidedGradCam,
};
