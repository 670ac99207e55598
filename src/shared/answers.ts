/** What is told of an answer, however it is told. */
import type { Answer, DetectedBox, Named, OutputKind } from "./contract/outputs.ts";

/** A class by its label; `class 7` where it has none. */
export const nameOf = ({ index, label }: Named): string => label ?? `class ${index}`;

/** Which boxes of the same object are left, in words; `iou`: how much may be shared of a union. */
export const SUPPRESSIONS: Readonly<
  Record<Extract<Answer, { kind: "detection" }>["suppression"], (iou: string) => string>
> = {
  overlap: (iou) => `non-maximum suppression at an IoU of ${iou}`,
  peaks: () => "only those that are higher than the cells around",
  none: () => "each object is found once, so none is suppressed",
};

/** The boxes of a detector that are told: what non-maximum suppression left, or else the surest of all. */
export const toldBoxes = ({
  boxes,
  best,
}: Pick<Extract<Answer, { kind: "detection" }>, "boxes" | "best">): readonly DetectedBox[] =>
  boxes.length > 0 || best === null ? boxes : [best];

/** Of which kinds something is explained where nothing is said; of the others what is asked about has to be. */
export const EXPLAINS_ITSELF: Readonly<Record<OutputKind, boolean>> = {
  ...{ classes: true, regression: true, segmentation: true, detection: true },
  ...{ embedding: false, "heat-maps": false, sequence: false, unknown: false },
};
