/** What the lenses ask by a panel's intent: the page asks so, and "Show Code" writes what is asked so. */
import { CAM_METHODS, type CamMethod } from "./catalogue.ts";
import type { Intent } from "./contract/intent.ts";
import {
  attributionBy,
  classTarget,
  gradCam,
  type AttributeQuestion,
  type CamQuestion,
  type Targets,
} from "./question.ts";

/** Classes that are shown where none is chosen. */
export const TOP = 3;

/** The classes that are chosen, or the `top` most likely. */
export const targetsOf = ({ classes }: Pick<Intent, "classes">, top = TOP): Targets =>
  classes.length > 0 ? classes.map(classTarget) : { top };

/** What the Grad-CAM lens asks of a picture. */
export function camQuestion(
  intent: Pick<Intent, "classes" | "on" | "camLayer" | "camMerged" | "camMinus">,
  image: string,
  method: CamMethod,
): CamQuestion {
  const { on, camLayer, camMerged, camMinus } = intent;
  const minus = CAM_METHODS[method].linear && camMinus !== null ? classTarget(camMinus) : null;
  const layers = [camLayer ?? "auto", ...camMerged];
  return { ...gradCam(image, targetsOf(intent)), method, layers, minus, on };
}

/** What the attribution lens asks of a picture: of the first class that is chosen, or the most likely. */
export function attributeQuestion(
  {
    attribution,
    baseline,
    classes,
    on,
  }: Pick<Intent, "attribution" | "baseline" | "classes" | "on">,
  image: string,
  how: Pick<AttributeQuestion, "steps" | "seed">,
): AttributeQuestion {
  const targets = targetsOf({ classes: classes.slice(0, 1) }, 1);
  return { ...attributionBy(attribution, image, targets), baseline, on, ...how };
}
