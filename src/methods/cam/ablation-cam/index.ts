import { axes } from "../../../base/axes.ts";
import { inputError } from "../../../base/errors.ts";
import { asFloats, floats, type FloatTensor } from "../../../base/tensor.ts";
import { prune } from "../../../graph/index.ts";
import { runRows } from "../../batching.ts";
import { scoreIn } from "../../inspect/scores.ts";
import { repeat } from "../../repeat.ts";
import { channelsWhere, inBatches } from "../by-channel.ts";
import { besidesOf } from "../feeds.ts";
import type { ChannelRequest, ChannelWeights, SoFar } from "../types.ts";

/**
 * Ablation-CAM (Desai, Ramaswamy 2020), weights [channels] of each class: (y - y without the map) / |y| on the logit. Only the
 * network above the layer runs. The paper divides by y, which for a class with a negative logit would turn evidence for it into
 * evidence against it.
 */
export async function ablationWeights(
  request: ChannelRequest,
  soFar?: SoFar,
): Promise<ChannelWeights> {
  const { subject, scores, maps, value, inputs, classes, layer } = request;
  const [, , , channels] = axes(value.shape, 4);
  const needed = prune(scores.graph.nodes, new Set([maps]), [scores.logits]).map(({ id }) => id);
  if (!needed.includes(maps))
    throw inputError(
      `The class scores do not depend on layer '${layer}'; choose an earlier layer.`,
    );
  const besides = scores.graph.inputs.map(({ node }) => node).filter((id) => needed.includes(id));
  const program = await subject.engine.compile(scores.graph, [maps, ...besides], [scores.logits]);
  const run = async (rows: FloatTensor): Promise<FloatTensor> => {
    const extra = besidesOf(subject, inputs, besides, axes(rows.shape, 4)[0]);
    const [logits] = await runRows(subject.engine, program, [rows, ...extra]);
    if (!logits) throw new RangeError("the engine returned no scores");
    return asFloats(logits);
  };
  const whole = await run(value);
  const live = channelsWhere(value, (min, max) => min !== 0 || max !== 0);
  return inBatches(request, live, soFar, async (some, weights) => {
    const data = repeat(value, some.length).data.slice();
    some.forEach((channel, row) => {
      const end = (row + 1) * value.data.length;
      for (let i = row * value.data.length + channel; i < end; i += channels) data[i] = 0;
    });
    const ablated = await run(floats([some.length, ...value.shape.slice(1)], data));
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
