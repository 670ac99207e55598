import { at } from "../../../base/at.ts";
import { inputError } from "../../../base/errors.ts";
import { asFloats, type FloatTensor } from "../../../base/tensor.ts";
import { prune } from "../../../graph/index.ts";
import { runRows } from "../../batching.ts";
import { scoreIn } from "../../inspect/scores.ts";
import { channelsWhere, inBatches } from "../by-channel.ts";
import { besidesOf } from "../feeds.ts";
import type { ChannelRequest, ChannelWeights, SoFar } from "../types.ts";
import { switchedOff } from "./switched-off.ts";

/**
 * Ablation-CAM (Desai, Ramaswamy 2020), weights [channels] of each class: (y - y without the map) / |y| on the logit. Only the
 * network above the layer runs. The paper divides by y, which for a class with a negative logit would turn evidence for it into
 * evidence against it.
 */
export async function ablationWeights(
  request: ChannelRequest,
  soFar?: SoFar,
): Promise<ChannelWeights> {
  const { subject, scores, maps, source = maps, value, inputs, classes, layer } = request;
  const needed = prune(scores.graph.nodes, new Set([source]), [scores.logits]).map(({ id }) => id);
  if (!needed.includes(source))
    throw inputError(
      `The class scores do not depend on layer '${layer}'; choose an earlier layer.`,
    );
  const besides = scores.graph.inputs.map(({ node }) => node).filter((id) => needed.includes(id));
  const program = await subject.engine.compile(scores.graph, [source, ...besides], [scores.logits]);
  const run = async (rows: FloatTensor): Promise<FloatTensor> => {
    const extra = besidesOf(subject, inputs, besides, at(rows.shape, 0));
    const [logits] = await runRows(subject.engine, program, [rows, ...extra]);
    if (!logits) throw new RangeError("the engine returned no scores");
    return asFloats(logits);
  };
  const { own, without } = await switchedOff(request);
  const whole = await run(own);
  const live = channelsWhere(value, (min, max) => min !== 0 || max !== 0);
  return inBatches(request, live, soFar, async (some, weights) => {
    const ablated = await run(await without(some));
    classes.forEach((classIndex, k) => {
      const y = scoreIn(scores, whole, 0, classIndex, "logit");
      some.forEach((channel, row) => {
        const drop = y - scoreIn(scores, ablated, row, classIndex, "logit");
        const own = weights[k];
        if (own) own[channel] = drop / (Math.abs(y) || 1);
      });
    });
  });
}
