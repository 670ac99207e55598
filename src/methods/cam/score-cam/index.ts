import { axes } from "../../../base/axes.ts";
import { asFloats, floats, type FloatTensor } from "../../../base/tensor.ts";
import { channelMap } from "../../channel-map.ts";
import { forward } from "../../forward.ts";
import { scoreIn } from "../../inspect/scores.ts";
import { fedWith } from "../../repeat.ts";
import { channelsWhere, inBatches } from "../by-channel.ts";
import type { ChannelRequest, ChannelWeights, SoFar } from "../types.ts";
import { upsample } from "../upsample.ts";

/** Maps whose values differ by less are constant. */
const CONSTANT = 1e-8;

/**
 * ScoreCAM (Wang et al. 2020), weights [channels] of each class: the class probability of the picture seen through the channel's
 * own min-max mask, minus that of the baseline; a constant channel gets 0. One softmax, the network's.
 */
export async function scoreWeights(
  request: ChannelRequest,
  soFar?: SoFar,
): Promise<ChannelWeights> {
  const { subject, scores, value, inputs, at, baseline, classes } = request;
  const input = asFloats(inputs[at] ?? baseline);
  const [, h, w] = axes(value.shape, 4);
  const [, height, width, depth] = axes(input.shape, 4);
  const kind = scores.probabilities === null ? "logit" : "probability";
  const score = async (rows: FloatTensor): Promise<FloatTensor> => {
    const graph = { ...subject, graph: scores.graph };
    const fed = fedWith(request, rows);
    const [values] = await forward(graph, fed, [scores.probabilities ?? scores.logits]);
    if (!values) throw new RangeError("the engine returned no scores");
    return values;
  };
  const hidden = await score(baseline);
  const size = input.data.length;
  const live = channelsWhere(value, (min, max) => max - min > CONSTANT);
  return inBatches(request, live, soFar, async (some, weights) => {
    const data = new Float32Array(some.length * size);
    some.forEach((channel, row) => {
      const mask = upsample(channelMap(value, channel), [h, w], [height, width], request.slices);
      let [min, max] = [Infinity, -Infinity];
      for (const v of mask) [min, max] = [Math.min(min, v), Math.max(max, v)];
      const range = max - min > CONSTANT ? max - min : Infinity;
      for (let i = 0; i < size; i++) {
        const from = baseline.data[i] ?? 0;
        const keep = ((mask[Math.floor(i / depth)] ?? 0) - min) / range;
        data[row * size + i] = from + keep * ((input.data[i] ?? 0) - from);
      }
    });
    const seen = await score(floats([some.length, height, width, depth], data));
    classes.forEach((classIndex, k) => {
      const without = scoreIn(scores, hidden, 0, classIndex, kind);
      some.forEach((channel, row) => {
        const own = weights[k];
        if (own) own[channel] = scoreIn(scores, seen, row, classIndex, kind) - without;
      });
    });
  });
}
