/** What the lenses ask by a panel's intent: the page asks so, and "Show Code" writes what is asked so. */
import { ATTRIBUTIONS, CAM_METHODS, type CamMethod } from "./catalogue.ts";
import type { AttributeAbout } from "./method.ts";
import type { Intent } from "./contract/intent.ts";
import type { OutputSummary, Thresholds } from "./contract/outputs.ts";
import {
  attributionBy,
  classTarget,
  gradCam,
  type AttributeQuestion,
  type CamQuestion,
  type ReportQuestion,
  type Targets,
  usualCam,
} from "./question.ts";
import { whereOf } from "./where.ts";

/** Classes that are shown where none is chosen. */
export const TOP = 3;

/** The classes that are chosen, or the `top` most likely. */
export const targetsOf = ({ classes }: Pick<Intent, "classes">, top = TOP): Targets =>
  classes.length > 0 ? classes.map(classTarget) : { top };

type OfOutput = Partial<Pick<Intent, "output" | "target">>;

/** The output and the place in it that are chosen. */
export function placeOf({
  output = null,
  target = null,
}: OfOutput): Pick<CamQuestion, "output" | "where"> {
  return { output, where: target === null ? null : whereOf(target) };
}

/** Which of a detector's boxes are told, as far as that was chosen. */
export const thresholdsOf = ({
  boxScore,
  boxIou,
}: Pick<Intent, "boxScore" | "boxIou">): Partial<Thresholds> => ({
  ...(boxScore !== null && { score: boxScore }),
  ...(boxIou !== null && { iou: boxIou }),
});

/** What a report explains: what is asked of the picture that is looked at, of all where that is pinned. */
export function reportQuestion(intent: Intent): ReportQuestion {
  const { classes, image, pinned } = intent;
  return {
    ...placeOf(intent),
    targets: classes.length > 0 ? classes.map(classTarget) : null,
    ...{ thresholds: thresholdsOf(intent), of: pinned ? null : image },
  };
}

/** The heat map that is chosen, or what the output has by itself. */
export const camMethodOf = (
  { camMethod, camLayer, output }: Pick<Intent, "camMethod" | "camLayer" | "output">,
  outputs: readonly OutputSummary[],
): CamMethod =>
  camMethod ??
  usualCam((outputs.find(({ name }) => name === output) ?? outputs[0])?.kind, camLayer !== null);

/** What the Grad-CAM lens asks of a picture. */
export function camQuestion(
  intent: Pick<Intent, "classes" | "on" | "camLayer" | "camMerged" | "camMinus"> & OfOutput,
  image: string,
  method: CamMethod,
): CamQuestion {
  const { on, camLayer, camMerged, camMinus } = intent;
  const minus = CAM_METHODS[method].linear && camMinus !== null ? classTarget(camMinus) : null;
  const layers = [camLayer ?? "auto", ...camMerged];
  return { ...gradCam(image, targetsOf(intent)), method, layers, minus, on, ...placeOf(intent) };
}

/** What the attribution lens asks of a picture: of the first class that is chosen, or the most likely. */
export function attributeQuestion(
  intent: Pick<Intent, "attribution" | "baseline" | "classes" | "on"> & OfOutput,
  image: string,
  how: Pick<AttributeQuestion, "steps" | "seed">,
): AttributeQuestion {
  const { attribution, baseline, classes, on } = intent;
  const targets = targetsOf({ classes: classes.slice(0, 1) }, 1);
  const question = attributionBy(attribution, image, targets);
  // what a menu no longer shows has no effect
  const takes: AttributeAbout["options"] = ATTRIBUTIONS[attribution].options;
  const own = takes.baseline ? baseline : question.baseline;
  return { ...question, baseline: own, on, ...how, ...placeOf(intent) };
}
