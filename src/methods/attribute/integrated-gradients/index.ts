import { breathe } from "../../../base/errors.ts";
import { filled } from "../../../base/tensor.ts";
import { scoreIn } from "../../inspect/scores.ts";
import { inputGradient, type InputGradient } from "../input-gradient.ts";
import about from "./about.ts";
import { gaussLegendre } from "./legendre.ts";
import type { Attribution, AttributionMethodFunction, AttributionRequest } from "../types.ts";

/** A gap above this share of the difference is refined: twice the steps, where the caller did not fix their number. */
const TOLERATED = 0.05;
const MOST_STEPS = 400;

/**
 * Integrated Gradients (Sundararajan et al. 2017): (x - x') * mean gradient on the straight path from the baseline, by
 * Gauss-Legendre quadrature. The completeness gap is sum(IG) - (F(x) - F(x')) on the logit.
 */
export const integratedGradients: AttributionMethodFunction = async (request) => {
  const run = await inputGradient(request.subject, request.scores, request);
  const difference = await scoreDifference(run, request);
  const history: { steps: number; gap: number }[] = [];
  for (let steps = request.steps ?? about.options.steps.usual; ; steps *= 2) {
    const { attribution, sum } = await integrate(run, request, steps);
    const gap = sum - difference;
    history.push({ steps, gap });
    const close = Math.abs(gap) <= TOLERATED * Math.abs(difference);
    if (close || request.steps !== null || steps * 2 > MOST_STEPS) {
      const meaning = meaningOf(gap, difference, request.baselineName);
      return { attribution, steps, completeness: { gap, difference, history, meaning } };
    }
    request.context.progress({ message: `Gap ${gap.toPrecision(2)}: refining.` });
  }
};

function meaningOf(gap: number, difference: number, baseline: string): string {
  const share = Math.abs(gap / difference);
  const percent = Number.isFinite(share) ? ` (${(100 * share).toPrecision(2)} %)` : "";
  const all = `the score's change of ${difference.toPrecision(3)} from the ${baseline} baseline but for ${gap.toPrecision(2)}${percent}`;
  return share <= TOLERATED
    ? `The attributions add up to ${all}, as they should.`
    : `The attributions should add up to ${all}: the path is too uneven for these steps, so read single values with care.`;
}

async function integrate(
  run: InputGradient,
  { input, baseline, classIndex, batch, context }: AttributionRequest,
  steps: number,
): Promise<Pick<Attribution, "attribution"> & { sum: number }> {
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
  const data = filled(new Float32Array(size), (i) => {
    const value = (sum[i] ?? 0) * ((input.data[i] ?? 0) - (baseline.data[i] ?? 0));
    total += value;
    return value;
  });
  return { attribution: { dtype: "float32", shape: input.shape.slice(1), data }, sum: total };
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
  const [whole, nothing] = [0, 1].map((row) => scoreIn(scores, logits, row, classIndex, "logit"));
  return (whole ?? NaN) - (nothing ?? NaN);
}
