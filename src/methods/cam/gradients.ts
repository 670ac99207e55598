import type { GradientCamMethod } from "../../shared/catalogue.ts";
import { gradCamElementwise } from "./grad-cam-elementwise/index.ts";
import { gradCamPlusPlus } from "./grad-cam++/index.ts";
import { gradCam } from "./grad-cam/index.ts";
import { hiresCam } from "./hires-cam/index.ts";
import { layerCam } from "./layer-cam/index.ts";
import type { GradientCam } from "./types.ts";
import { xgradCam } from "./xgrad-cam/index.ts";

/** The code of every CAM that takes one backward pass. */
export const gradientCams: Readonly<Record<GradientCamMethod, GradientCam>> = {
  "grad-cam": gradCam,
  "hires-cam": hiresCam,
  "grad-cam++": gradCamPlusPlus,
  "xgrad-cam": xgradCam,
  "layer-cam": layerCam,
  "grad-cam-elementwise": gradCamElementwise,
};
