/** A structure on pictures: whether what weights cannot tell is what the network was trained with. */
import { at } from "../../base/at.ts";
import type { StructureUse } from "../../graph/index.ts";
import { forward } from "../../methods/forward.ts";
import {
  agreements,
  alternatives,
  between,
  normsOf,
  unseen,
  type Agreement,
} from "../../methods/statistics/index.ts";
import type { Inputs } from "../../methods/types.ts";
import type { Control } from "../../shared/control.ts";
import type { Runner } from "../run/runner.ts";

/** Fewer pictures say nothing of variances. */
const FEWEST = 16;
/**
 * Of `Agreement.worst`: below it are the networks of the fixtures on pictures that they were not trained with (at most 0.03), above it all
 * look-alikes that a batch normalization can show (at least 0.06).
 */
const MOST_APART = 0.045;
/** Two networks are told apart where they differ by this much at a channel (`Between.apart`), and the pictures stand by one of them. */
const TELLING = 0.1;
const NEAR = 0.2;
/** Relative difference of class scores that is no matter. */
const NO_MATTER = 0.01;

/**
 * What the pictures say of the structure that a model was opened with: `high` only where every batch normalization sees what it saw in
 * training and nothing is left that none of them would show. Each doubt is said.
 */
export async function checkedStructure(
  { model, subject }: Runner,
  use: StructureUse,
  batches: readonly Inputs[],
  control: Control,
): Promise<StructureUse> {
  const { graph } = model;
  const norms = await normsOf(graph);
  const pictures = batches.reduce((sum, inputs) => sum + at(at(inputs, 0).shape, 0), 0);
  const doubt = (...doubts: readonly string[]): StructureUse => ({
    ...use,
    confidence: "low",
    assumed: [...use.assumed, ...doubts],
  });
  if (norms.length === 0)
    return keeps(use, "nothing in it can be checked with pictures: it has no batch normalization");
  if (pictures < FEWEST)
    return keeps(use, `not checked: ${pictures} pictures are too few, give at least ${FEWEST}`);
  const own = await agreements(subject, norms, batches, control);
  const jump = own.find(({ worst }) => worst > MOST_APART);
  if (jump) return doubt(disagreement(jump, own));
  const doubts: string[] = [];
  const harmless: string[] = [];
  for (const { what, graph: other } of alternatives(graph, norms)) {
    const theirs = await agreements({ ...subject, graph: other }, norms, batches, control);
    const { place, apart } = between(own, theirs);
    if (apart >= TELLING && Math.abs(place) <= NEAR) continue;
    const change = await scoreChange({ ...subject, graph: other }, model, batches);
    const words = `${what} would change class scores by ${(100 * change).toFixed(1)} %`;
    if (change < NO_MATTER) harmless.push(words);
    else doubts.push(`pictures cannot rule out ${what}, which ${words.slice(what.length + 1)}`);
  }
  const hidden = unseen(graph, norms);
  if (hidden.length > 0)
    doubts.push(`no batch normalization shows ${hidden.slice(0, MOST_TOLD).join(", ")}`);
  if (doubts.length > 0) return doubt(...doubts, ...harmless);
  const agreed = `checked: ${norms.length} batch normalizations agree with ${pictures} pictures`;
  const confidence = use.confidence === "exact" ? "exact" : "high";
  return { ...use, confidence, assumed: [...use.assumed, agreed, ...harmless] };
}
const MOST_TOLD = 4;

const keeps = (use: StructureUse, why: string): StructureUse => ({
  ...use,
  assumed: [...use.assumed, why],
});
function disagreement(jump: Agreement, all: readonly Agreement[]): string {
  const { layer, shift, spread } = jump;
  const place =
    jump === all[0]
      ? "already the first batch normalization, so the pictures may be others than those of the training, or scaled in another way"
      : "the first that does";
  return `what the pictures give disagrees with what '${layer}' kept of training (mean off by ${shift.toFixed(2)}, log variance by ${spread.toFixed(2)}): ${place}`;
}

/** Relative difference of the outputs on the first pictures. */
async function scoreChange(
  other: Pick<Runner["subject"], "graph" | "engine">,
  { graph }: Runner["model"],
  batches: readonly Inputs[],
): Promise<number> {
  const fetches = graph.outputs.slice(0, 1).map(({ node }) => node);
  const inputs = at(batches, 0);
  const [a] = await forward({ graph, engine: other.engine }, inputs, fetches);
  const [b] = await forward(other, inputs, fetches);
  if (!a || !b) return 0;
  let [apart, size] = [0, 0];
  a.data.forEach((value, i) => {
    apart += (value - at(b.data, i)) ** 2;
    size += value * value;
  });
  return Math.sqrt(apart / size);
}
