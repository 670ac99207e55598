import type { TrustBadge } from "../../shared/contract/badge.ts";
import { filled } from "../../base/tensor.ts";
import { scoreMasks } from "../attribute/masks.ts";
import type { AttributionRequest } from "../attribute/types.ts";

const STEPS = 20;

/**
 * Deletion and insertion (Petsiuk et al. 2018): pixels in the order of `heat` [H * W] are replaced by the baseline, or put back on
 * it, in 20 equal steps; the area under the class' probability (0..1; the logit where the model has none). Low deletion and high insertion mean that the map found
 * what the network uses. Ties keep row-major order.
 */
export async function deletionInsertion(
  request: AttributionRequest,
  heat: Float32Array,
): Promise<TrustBadge> {
  const count = heat.length;
  const order = [...heat.keys()].sort((a, b) => (heat[b] ?? 0) - (heat[a] ?? 0) || a - b);
  const rank = new Uint32Array(count);
  order.forEach((pixel, i) => (rank[pixel] = i));
  const deletion = new Float64Array(STEPS + 1);
  const insertion = new Float64Array(STEPS + 1);
  const points = STEPS + 1;
  await scoreMasks(
    request,
    2 * points,
    (index) => {
      const changed = Math.floor(((index % points) * count) / STEPS + 0.5);
      const inserts = index >= points;
      return filled(new Float32Array(count), (i) => (inserts === (rank[i] ?? 0) < changed ? 1 : 0));
    },
    true,
    (index, _mask, score) => {
      (index >= points ? insertion : deletion)[index % points] = score;
    },
  );
  const [removed, shown] = [area(deletion), area(insertion)];
  return {
    deletion: removed,
    insertion: shown,
    curves: { deletion, insertion },
    settings: `${STEPS} steps, ${request.baselineName} baseline`,
    meaning: meaningOf(removed, shown, request.scores.probabilities === null),
  };
}

function meaningOf(deletion: number, insertion: number, logits: boolean): string {
  const score = logits ? "logit" : "probability";
  const found =
    insertion > deletion
      ? "the map finds pixels that the network uses"
      : "the map does not find what the network uses";
  return `With the marked pixels taken away first the mean ${score} is ${deletion.toPrecision(2)} (lower is better), with them shown first ${insertion.toPrecision(2)} (higher is better): ${found}.`;
}

/** Trapezoids over 0..1. */
function area(curve: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < curve.length; i++) sum += ((curve[i - 1] ?? 0) + (curve[i] ?? 0)) / 2;
  return sum / (curve.length - 1);
}
