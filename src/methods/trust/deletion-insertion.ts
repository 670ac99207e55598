import { at } from "../../base/at.ts";
import { axes } from "../../base/axes.ts";
import { filled } from "../../base/tensor.ts";
import type { OrderAreas, OrderVerdict, TrustBadge } from "../../shared/contract/badge.ts";
import { scoreMasks } from "../attribute/masks.ts";
import type { AttributionRequest } from "../attribute/types.ts";
import { byValue, type Ranks, unknowingOrders } from "./orders.ts";

const STEPS = 20;
/** Of the orders that the map is compared with: their curves are smooth. */
const COMPARED_STEPS = 10;
/** A map has to beat them by this share of what the whole picture changes. */
const MARGIN = 0.05;

interface Curves {
  readonly deletion: Float64Array;
  readonly insertion: Float64Array;
}

/**
 * Deletion and insertion (Petsiuk et al. 2018): pixels in the order of `heat` [H * W] are replaced by the baseline, or put back on
 * it, in 20 equal steps; the area under the class' probability (0..1; the logit where the model has none). Low deletion and high insertion mean that the map found
 * what the network uses, if more so than a random order of the pixels and one from the middle outwards.
 */
export async function deletionInsertion(
  request: AttributionRequest,
  heat: Float32Array,
): Promise<TrustBadge> {
  const [, height, width] = axes(request.input.shape, 4);
  const unknowing = unknowingOrders(height, width);
  const curves = await curvesOf(request, [
    { ranks: byValue(heat), steps: STEPS },
    { ranks: unknowing.random, steps: COMPARED_STEPS },
    { ranks: unknowing.centre, steps: COMPARED_STEPS },
  ]);
  const own = at(curves, 0);
  const areas = areasOf(own);
  const random = areasOf(at(curves, 1));
  const centre = areasOf(at(curves, 2));
  const change = Math.abs(at(own.deletion, 0) - at(own.deletion, STEPS));
  const verdict = verdictOf(areas, random, centre, MARGIN * change);
  const score = request.scores.probabilities === null ? "logit" : "probability";
  return {
    ...areas,
    curves: own,
    ...{ random, centre, verdict },
    settings: `${STEPS} steps, ${request.baselineName} baseline`,
    meaning: `With the marked pixels taken away first the mean ${score} is ${short(areas.deletion)} (lower is better), with them shown first ${short(areas.insertion)} (higher is better). The difference is ${short(gain(areas))}, of a random order of the pixels ${short(gain(random))}, from the middle outwards ${short(gain(centre))}: ${VERDICTS[verdict]}.`,
  };
}

const VERDICTS: Readonly<Record<OrderVerdict, string>> = {
  found: "the map finds pixels that the network uses",
  "as-centre": "the map is no better than a blob in the middle",
  "as-random": "the map is no better than a random order",
  "wrong-way": "that is bad, what is marked matters less to the network than the rest",
};

function verdictOf(
  own: OrderAreas,
  random: OrderAreas,
  centre: OrderAreas,
  margin: number,
): OrderVerdict {
  if (gain(own) < 0) return "wrong-way";
  if (gain(own) <= gain(random) + margin) return "as-random";
  return gain(own) <= gain(centre) + margin ? "as-centre" : "found";
}

const gain = ({ deletion, insertion }: OrderAreas): number => insertion - deletion;
const short = (value: number): string => value.toPrecision(2);

/** The score after each step of each order, all in as few runs as the batch allows. */
async function curvesOf(
  request: AttributionRequest,
  orders: readonly { readonly ranks: Ranks; readonly steps: number }[],
): Promise<Curves[]> {
  const curves = orders.map(({ steps }) => ({
    deletion: new Float64Array(steps + 1),
    insertion: new Float64Array(steps + 1),
  }));
  const points = orders.flatMap(({ ranks, steps }, order) =>
    (["deletion", "insertion"] as const).flatMap((kind) =>
      Array.from({ length: steps + 1 }, (_, step) => {
        const changed = Math.floor((step * ranks.length) / steps + 0.5);
        return { ranks, changed, step, kind, order };
      }),
    ),
  );
  await scoreMasks(
    request,
    points.length,
    (index) => {
      const { ranks, changed, kind } = at(points, index);
      const inserts = kind === "insertion";
      return filled(new Float32Array(ranks.length), (i) =>
        inserts === at(ranks, i) < changed ? 1 : 0,
      );
    },
    true,
    (index, _mask, score) => {
      const { order, kind, step } = at(points, index);
      at(curves, order)[kind][step] = score;
    },
  );
  return curves;
}

const areasOf = ({ deletion, insertion }: Curves): OrderAreas => ({
  deletion: area(deletion),
  insertion: area(insertion),
});

/** Trapezoids over 0..1. */
function area(curve: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < curve.length; i++) sum += (at(curve, i - 1) + at(curve, i)) / 2;
  return sum / (curve.length - 1);
}
