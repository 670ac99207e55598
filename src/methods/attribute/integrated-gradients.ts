import { breathe } from "../../shared/errors.ts";
import { unitOf } from "../inspect/scores.ts";
import type { FloatTensor } from "../../shared/tensor.ts";
import type { Scores } from "../types.ts";
import { inputGradient, type InputGradient } from "./gradient.ts";
import { gaussLegendre } from "./legendre.ts";
import type { Attribution, AttributionMethodFunction, AttributionRequest } from "./types.ts";

const STEPS = 50;
/** A gap above this share of the difference is refined with more steps, where the caller did not fix their number. */
const TOLERATED = 0.05;
const MOST_STEPS = 200;

/**
 * Integrated Gradients (Sundararajan et al. 2017): (x - x') * mean gradient on the straight path from the baseline, by
 * Gauss-Legendre quadrature. `delta` is the completeness gap sum(IG) - (F(x) - F(x')).
 */
export const integratedGradients: AttributionMethodFunction = async (request) => {
  const run = await inputGradient(request.subject, request.scores);
  const difference = await scoreDifference(run, request);
  for (let steps = request.steps ?? STEPS; ; steps *= 2) {
    const result = await integrate(run, request, steps, difference);
    const gap = Math.abs(result.delta ?? 0) > TOLERATED * Math.abs(difference);
    if (!gap || request.steps !== null || steps * 2 > MOST_STEPS) return result;
    request.context.progress({ message: `Gap ${result.delta?.toPrecision(2)}: refining.` });
  }
};

async function integrate(
  run: InputGradient,
  { input, baseline, classIndex, batch, context }: AttributionRequest,
  steps: number,
  difference: number,
): Promise<Attribution> {
  const { nodes, weights } = gaussLegendre(steps);
  const size = input.data.length;
  const sum = new Float64Array(size);
  for (let done = 0; done < steps;) {
    const rows = Math.min(batch, steps - done);
    const path = new Float32Array(rows * size);
    for (let row = 0; row < rows; row++) {
      const at = nodes[done + row] ?? 0;
      for (let i = 0; i < size; i++) {
        const from = baseline.data[i] ?? 0;
        path[row * size + i] = from + at * ((input.data[i] ?? 0) - from);
      }
    }
    const shape = [rows, ...input.shape.slice(1)];
    const classes = Array<number>(rows).fill(classIndex);
    const { gradient } = await run({ dtype: "float32", shape, data: path }, classes);
    for (let row = 0; row < rows; row++) {
      const weight = weights[done + row] ?? 0;
      for (let i = 0; i < size; i++)
        sum[i] = (sum[i] ?? 0) + weight * (gradient.data[row * size + i] ?? 0);
    }
    done += rows;
    context.progress({ fraction: done / steps });
    await breathe(context.signal);
  }
  let total = 0;
  const data = Float32Array.from(sum, (mean, i) => {
    const value = mean * ((input.data[i] ?? 0) - (baseline.data[i] ?? 0));
    total += value;
    return value;
  });
  return {
    attribution: { dtype: "float32", shape: input.shape.slice(1), data },
    delta: total - difference,
    steps,
  };
}

/** F(x) - F(baseline) on the class' logit. */
async function scoreDifference(
  run: InputGradient,
  { scores, input, baseline, classIndex }: AttributionRequest,
): Promise<number> {
  const size = input.data.length;
  const both = new Float32Array(2 * size);
  both.set(input.data);
  both.set(baseline.data, size);
  const shape = [2, ...input.shape.slice(1)];
  const { logits } = await run({ dtype: "float32", shape, data: both }, [classIndex, classIndex]);
  return logitOf(scores, logits, 0, classIndex) - logitOf(scores, logits, 1, classIndex);
}

export function logitOf(
  scores: Scores,
  logits: FloatTensor,
  row: number,
  classIndex: number,
): number {
  const { unit, sign } = unitOf(scores, classIndex);
  return sign * (logits.data[row * (logits.shape[1] ?? 1) + unit] ?? NaN);
}
