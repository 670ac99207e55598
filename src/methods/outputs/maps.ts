/** Outputs with numbers at positions of the picture: segmentations, heat maps of key points, features of a network without a head. */
import type { Pair } from "../../graph/index.ts";
import type { Facts } from "./types.ts";
import { BEHIND, type Verdict } from "./vectors.ts";

const POINTS = /heat_?map|keypoint|\bkpt|pose|landmark/i;
const MASK = /mask|seg|class|label|semantic|logit|prob/i;

/** Of `count` numbers at each position of `grid`. */
export function mapVerdict(
  { end, spec, labels, picture, ranked }: Facts,
  grid: Pair,
  count: number,
): Verdict {
  const where = `at each of ${grid.join(" x ")} positions`;
  const verdict = (kind: Verdict["kind"], why: string, guessed = false): Verdict => ({
    ...{ kind, why, guessed },
    choice:
      kind !== "segmentation"
        ? null
        : count === 1
          ? "two"
          : end.activation === "sigmoid"
            ? "several"
            : "one",
  });
  if (ranked) return verdict("segmentation", `${count} numbers ${where}, class scores.`);
  if (end.maker === "not run" && end.activation === null && labels !== count) return BEHIND;
  if (POINTS.test(spec.name) && end.activation !== "softmax")
    return verdict(
      "heat-maps",
      `It is called '${spec.name}', with ${count} numbers ${where}.`,
      true,
    );
  if (end.activation === "softmax") return verdict("segmentation", `A softmax ${where}.`);
  const finer = picture !== null && grid.some((size, side) => size > picture[side as 0 | 1]);
  if (finer && labels !== count)
    return verdict(
      "unknown",
      `${count} numbers ${where}, which are finer than the picture's: another picture, for all that can be told.`,
    );
  const whole = picture !== null && grid.every((size, side) => size === picture[side as 0 | 1]);
  const isPicture = whole && count === 3 && labels !== count && !MASK.test(spec.name);
  if (end.activation === "sigmoid" && !end.scaled)
    return verdict(
      "segmentation",
      `${count === 1 ? "A sigmoid" : `${count} sigmoids`} ${where}${isPicture ? ", as many as a picture of its size has colours" : ""}.`,
      isPicture,
    );
  if (labels !== null && labels === count)
    return verdict(
      "segmentation",
      `There is a class name for each of the ${count} numbers ${where}.`,
    );
  if (end.activation === "relu" && count === 1)
    return verdict(
      "unknown",
      `A number ${where} out of a ReLU: a measure (a depth, a density), for all that can be told.`,
    );
  if (end.activation === "relu" || end.maker === "norm" || end.maker === "pooled")
    return verdict(
      "embedding",
      `Feature maps: ${count} numbers ${where} come out of ${end.activation === "relu" ? "a ReLU" : "a normalization"}, and no head follows.`,
      true,
    );
  if (end.activation === "tanh" || end.scaled)
    return verdict(
      "unknown",
      `${count} numbers ${where}, scaled: a picture or a measure, for all that can be told.`,
    );
  if (end.maker === "pointwise" || end.enlarged || whole || MASK.test(spec.name))
    return verdict(
      "segmentation",
      `${count} numbers ${where} without an activation${end.enlarged ? ", enlarged" : ""}, as class scores (logits) are.`,
      true,
    );
  return verdict("embedding", `${count} numbers ${where}, and no layer for classes follows.`, true);
}
