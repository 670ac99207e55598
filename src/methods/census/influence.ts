import { at } from "../../base/at.ts";
import type { Control } from "../../shared/control.ts";
import { breathe, inputError } from "../../base/errors.ts";
import { prune, type NodeId } from "../../graph/index.ts";
import { asFloats } from "../../base/tensor.ts";
import { runRows } from "../batching.ts";
import type { Inputs, Scores, Subject } from "../types.ts";

/**
 * A filter's influence on every class: the mean over pictures of the logit minus the logit when the filter's map is set to 0
 * everywhere (ablation; Morcos et al. 2018, "On the importance of single directions for generalization"). Positive: the filter
 * speaks for the class. [units] in logits. Throws a ConvLensError of kind `input` when the scores do not depend on the map.
 */
export async function influence(
  { engine }: Pick<Subject, "engine">,
  scores: Scores,
  maps: NodeId,
  filter: number,
  batches: AsyncIterable<Inputs>,
  { signal }: Pick<Control, "signal">,
): Promise<{ images: number; effects: Float32Array }> {
  const { graph, logits } = scores;
  const inputs = graph.inputs.map(({ node }) => node);
  const needed = new Set(prune(graph.nodes, new Set([maps]), [logits]).map(({ id }) => id));
  if (!needed.has(maps))
    throw inputError("The class scores do not depend on this layer, so it has no influence.");
  const besides = inputs.filter((id) => needed.has(id));
  const below = await engine.compile(graph, inputs, [maps, logits]);
  const above = await engine.compile(graph, [maps, ...besides], [logits]);
  let images = 0;
  let sums = new Float64Array();
  for await (const fed of batches) {
    const [value, whole] = (await runRows(engine, below, fed)).map(asFloats);
    if (!value || !whole) throw new RangeError("the engine returned no maps");
    const channels = value.shape.at(-1) ?? 1;
    const without = value.data.map((v, i) => (i % channels === filter ? 0 : v));
    const others = besides.flatMap((id) => fed[inputs.indexOf(id)] ?? []);
    const [ablated] = await runRows(engine, above, [{ ...value, data: without }, ...others]);
    const units = at(whole.shape, 1);
    if (images === 0) sums = new Float64Array(units);
    whole.data.forEach((logit, i) => {
      sums[i % units] = at(sums, i % units) + logit - (ablated?.data[i] ?? NaN);
    });
    images += at(whole.shape, 0);
    await breathe(signal);
  }
  return { images, effects: Float32Array.from(sums, (sum) => sum / Math.max(1, images)) };
}
