import type { Services } from "../services.ts";
import type { Change } from "../panels/panels.ts";
import { attack, attribute, maximize } from "./experiments.ts";
import { METHODS, type Command, type MethodId } from "./ids.ts";
import { cam } from "./lenses.ts";

const OPENERS = { cam, attribute, attack, maximize } as const;

/** What each command chooses beside its lens. */
const CHOICES: Readonly<Record<MethodId, Change & { readonly lens: keyof typeof OPENERS }>> = {
  "convlens.hiresCam": { lens: "cam", camMethod: "hires-cam" },
  "convlens.gradCamPlusPlus": { lens: "cam", camMethod: "grad-cam++" },
  "convlens.xgradCam": { lens: "cam", camMethod: "xgrad-cam" },
  "convlens.layerCam": { lens: "cam", camMethod: "layer-cam" },
  "convlens.eigenCam": { lens: "cam", camMethod: "eigen-cam" },
  "convlens.scoreCam": { lens: "cam", camMethod: "score-cam" },
  "convlens.ablationCam": { lens: "cam", camMethod: "ablation-cam" },
  "convlens.gradient": { lens: "attribute", attribution: "gradient" },
  "convlens.saliency": { lens: "attribute", attribution: "saliency" },
  "convlens.gradientXInput": { lens: "attribute", attribution: "gradient-x-input" },
  "convlens.smoothGrad": { lens: "attribute", attribution: "smoothgrad" },
  "convlens.integratedGradients": { lens: "attribute", attribution: "integrated-gradients" },
  "convlens.occlusion": { lens: "attribute", attribution: "occlusion" },
  "convlens.rise": { lens: "attribute", attribution: "rise" },
  "convlens.guidedBackprop": { lens: "attribute", attribution: "guided-backprop" },
  "convlens.guidedGradCam": { lens: "attribute", attribution: "guided-grad-cam" },
  "convlens.exactAttack": { lens: "attack", attack: "exact" },
  "convlens.maximizeRobust": { lens: "maximize", recipe: "robust" },
  "convlens.maximizeMaco": { lens: "maximize", recipe: "maco" },
};

/** A lens asks its own questions, and opens with the method chosen. */
export const methodCommands = (services: Services): Record<MethodId, Command> =>
  Object.fromEntries(
    METHODS.map((id) => [id, OPENERS[CHOICES[id].lens](services, CHOICES[id])]),
  ) as Record<MethodId, Command>;
