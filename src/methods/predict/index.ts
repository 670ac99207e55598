import { at } from "../../base/at.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { forward } from "../forward.ts";
import type { Inputs, Scores, Subject } from "../types.ts";

/** The output units of a batch; a binary network has one. */
export interface Predicted {
  /** [N, units], before softmax or sigmoid. */
  readonly logits: FloatTensor;
  /** [N, units]; null for a model that ends without softmax or sigmoid. */
  readonly probabilities: FloatTensor | null;
}

/** Class scores of a batch. */
export async function predict(
  subject: Subject,
  scores: Scores,
  inputs: Inputs,
): Promise<Predicted> {
  const fetches = [scores.logits, ...(scores.probabilities === null ? [] : [scores.probabilities])];
  const [logits, probabilities = null] = await forward(
    { ...subject, graph: scores.graph },
    inputs,
    fetches,
  );
  if (!logits) throw new RangeError("the engine returned nothing for the logits");
  return { logits, probabilities };
}

/** Every class of picture `row`, in class order. A single sigmoid unit speaks for two classes. */
export function classScores(
  scores: Scores,
  { logits, probabilities }: Predicted,
  labels: readonly string[] | null,
  row = 0,
): ClassScore[] {
  const units = at(logits.shape, 1);
  const label = (index: number): string | null => labels?.[index] ?? null;
  if (scores.binary) {
    const logit = at(logits.data, row);
    const probability = probabilities?.data[row] ?? null;
    return [
      {
        index: 0,
        label: label(0),
        logit: -logit,
        probability: probability === null ? null : 1 - probability,
      },
      { index: 1, label: label(1), logit, probability },
    ];
  }
  return Array.from({ length: units }, (_, index) => ({
    index,
    label: label(index),
    logit: at(logits.data, row * units + index),
    probability: probabilities ? at(probabilities.data, row * units + index) : null,
  }));
}

/** The `count` highest logits, best first; ties keep class order. */
export const topClasses = (classes: readonly ClassScore[], count: number): ClassScore[] =>
  [...classes].sort((a, b) => b.logit - a.logit).slice(0, count);

/** ln of the sum of exp over the logits of all classes, shifted by the largest; null where there are probabilities, or no classes. */
export function logNormalizer(all: readonly ClassScore[]): number | null {
  if (all.length === 0 || all.some(({ probability }) => probability !== null)) return null;
  const largest = Math.max(...all.map(({ logit }) => logit));
  return largest + Math.log(all.reduce((sum, { logit }) => sum + Math.exp(logit - largest), 0));
}
