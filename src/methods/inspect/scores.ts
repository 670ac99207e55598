import { at } from "../../base/at.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { Scores } from "../types.ts";

/** Index of the only class a unit speaks for, and with which sign: a single sigmoid unit is class 1 (+) or 0 (-). */
export function unitOf(scores: Scores, classIndex: number): { unit: number; sign: 1 | -1 } {
  return scores.binary
    ? { unit: 0, sign: classIndex === 1 ? 1 : -1 }
    : { unit: classIndex, sign: 1 };
}

/** A class' score in row `row` of [N, units] logits or probabilities; a single sigmoid unit speaks for both its classes. */
export function scoreIn(
  scores: Scores,
  { shape, data }: FloatTensor,
  row: number,
  classIndex: number,
  kind: "logit" | "probability",
): number {
  const { unit, sign } = unitOf(scores, classIndex);
  const value = data[row * at(shape, 1) + unit] ?? NaN;
  if (sign === 1) return value;
  return kind === "logit" ? -value : 1 - value;
}
