import { at } from "../../base/at.ts";
import { asFloats, type FloatTensor } from "../../base/tensor.ts";
import { unitOf } from "../inspect/scores.ts";
import { runRows } from "../batching.ts";
import type { Scores, Subject } from "../types.ts";

/** What one candidate does to the class, or the number, that is watched. */
export interface CandidateScore {
  /**
   * Log-odds of the class, ln(p / (1 - p)): orders candidates as its probability does, but does not saturate at 1, where a
   * float32 probability hides every difference. Of a number the number itself.
   */
  readonly logOdds: number;
  /** Of a number, and of a score that the file does not give as a probability, the value itself. */
  readonly probability: number;
  /** The class that is now on top. */
  readonly top: number;
  /** The classes that are likeliest now, the first of them first; none where a number is asked about. */
  readonly leaders: readonly Leader[];
}
/** A class, and what the network says of it, as `CandidateScore.probability` does. */
export interface Leader {
  readonly index: number;
  readonly logit: number;
  readonly probability: number;
}

/** Classes that a candidate tells. */
const LEADERS = 5;

/** Scores a batch of inputs for one class. Sigmoid outputs of several units are scored unit by unit. */
export async function candidateScorer(
  { engine }: Pick<Subject, "engine">,
  scores: Scores,
  classIndex: number,
): Promise<(rows: FloatTensor) => Promise<CandidateScore[]>> {
  const inputs = scores.graph.inputs.map(({ node }) => node);
  const program = await engine.compile(scores.graph, inputs, [scores.logits]);
  return async (rows) => {
    const [logits] = (await runRows(engine, program, [rows])).map(asFloats);
    if (!logits) throw new RangeError("the engine returned no logits");
    return candidateScores(scores, classIndex, logits);
  };
}

/** What logits [N, units] say of one class. */
export function candidateScores(
  scores: Scores,
  classIndex: number,
  { shape: [rows = 0, units = 1], data }: FloatTensor,
): CandidateScore[] {
  const { unit, sign } = unitOf(scores, classIndex);
  return Array.from({ length: rows }, (_, row) => {
    const own = data.subarray(row * units, (row + 1) * units);
    const value = sign * (own[unit] ?? NaN);
    const independent = scores.binary || scores.activation === "sigmoid";
    const alone = !independent && (scores.exclusive === false || scores.classes === 1);
    const logOdds = independent || alone ? value : softmaxLogOdds(own, unit);
    const probability = alone ? value : 1 / (1 + Math.exp(-logOdds));
    const top = scores.binary ? Number(at(own, 0) > 0) : argmax(own);
    const leaders = leadersOf(own, scores, (logit, i) => {
      if (alone) return logit;
      return 1 / (1 + Math.exp(-(independent ? logit : softmaxLogOdds(own, i))));
    });
    return { logOdds, probability, top, leaders };
  });
}

function leadersOf(
  own: Float32Array,
  { binary, classes }: Scores,
  probability: (logit: number, unit: number) => number,
): Leader[] {
  if (classes === 1) return [];
  const logits = binary ? Float32Array.of(-at(own, 0), at(own, 0)) : own;
  const best: number[] = [];
  for (let i = 0; i < logits.length; i++) {
    const value = at(logits, i);
    if (best.length === LEADERS && value <= at(logits, at(best, -1))) continue;
    const place = best.findIndex((other) => at(logits, other) < value);
    best.splice(place < 0 ? best.length : place, 0, i);
    best.length = Math.min(best.length, LEADERS);
  }
  return best.map((index) => {
    const logit = at(logits, index);
    return { index, logit, probability: probability(logit, index) };
  });
}

/** logit_t - ln(sum of exp of the others): the log-odds of class t under softmax. */
function softmaxLogOdds(logits: Float32Array, unit: number): number {
  let largest = -Infinity;
  logits.forEach((value, i) => {
    if (i !== unit && value > largest) largest = value;
  });
  let sum = 0;
  logits.forEach((value, i) => {
    if (i !== unit) sum += Math.exp(value - largest);
  });
  return (logits[unit] ?? NaN) - largest - Math.log(sum);
}

function argmax(values: Float32Array): number {
  let best = 0;
  values.forEach((value, i) => {
    if (value > (values[best] ?? -Infinity)) best = i;
  });
  return best;
}
