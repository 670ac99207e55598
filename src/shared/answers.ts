/** What is told of an answer, however it is told. */
import type { Answer, DetectedBox, Named } from "./contract/outputs.ts";

/** A class by its label; `class 7` where it has none. */
export const nameOf = ({ index, label }: Named): string => label ?? `class ${index}`;

/** The boxes of a detector that are told: what non-maximum suppression left, or else the surest of all. */
export const toldBoxes = ({
  boxes,
  best,
}: Pick<Extract<Answer, { kind: "detection" }>, "boxes" | "best">): readonly DetectedBox[] =>
  boxes.length > 0 || best === null ? boxes : [best];
