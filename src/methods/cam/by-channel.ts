/** What the CAMs share that weigh each map by what the scores do without it or with it alone: a run of the network for each channel, for all classes at once. */
import { axes } from "../../base/axes.ts";
import { breathe } from "../../base/errors.ts";
import { filled, type FloatTensor } from "../../base/tensor.ts";
import type { ChannelRequest, ChannelWeights, SoFar } from "./types.ts";

/** Channels of [1, h, w, channels] by the range of their maps; the others need no run to be known. */
export function channelsWhere(
  { shape, data }: FloatTensor,
  keep: (min: number, max: number) => boolean,
): number[] {
  const [, , , channels] = axes(shape, 4);
  return Array.from({ length: channels }, (_, k) => k).filter((k) => {
    let [min, max] = [Infinity, -Infinity];
    for (let i = k; i < data.length; i += channels) {
      const v = data[i] ?? 0;
      min = Math.min(min, v);
      max = Math.max(max, v);
    }
    return keep(min, max);
  });
}

/** Calls `step` for some of the channels at a time, `batch` of them; it writes their weights [classes][channels]. */
export async function inBatches(
  { batch, context, classes, value }: ChannelRequest,
  channels: readonly number[],
  soFar: SoFar | undefined,
  step: (some: readonly number[], weights: ChannelWeights) => Promise<void>,
): Promise<ChannelWeights> {
  const weights = classes.map(() => new Float32Array(axes(value.shape, 4)[3]));
  for (let first = 0; first < channels.length; first += batch) {
    await step(channels.slice(first, first + batch), weights);
    context.progress({ fraction: Math.min(1, (first + batch) / channels.length) });
    soFar?.(weights);
    await breathe(context.signal);
  }
  return weights;
}

/** sum_k w_k A^k, [h * w] */
export function weightedSum({ shape, data }: FloatTensor, weights: Float32Array): Float32Array {
  const [, , , channels] = axes(shape, 4);
  return filled(new Float32Array(data.length / channels), (cell) => {
    let sum = 0;
    for (let k = 0; k < channels; k++) sum += (weights[k] ?? 0) * (data[cell * channels + k] ?? 0);
    return sum;
  });
}
