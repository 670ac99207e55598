/** CAMs that weigh each map by what the scores do without it or with it alone: a run of the network for each channel, for all classes at once. */
import { breathe, inputError } from "../../base/errors.ts";
import { prune } from "../../graph/index.ts";
import { asFloats, filled, floats, type FloatTensor } from "../../base/tensor.ts";
import { fedWith, repeat } from "../repeat.ts";
import { forward } from "../forward.ts";
import { scoreIn } from "../inspect/scores.ts";
import { runRows } from "../batching.ts";
import { besidesOf } from "./head.ts";
import type { MapsRequest } from "./types.ts";
import { upsample } from "./upsample.ts";

/** Maps whose values differ by less are constant. */
const CONSTANT = 1e-8;

type ChannelRequest = Omit<MapsRequest, "method">;
type Weights = Float32Array[];
/** Gets the weights that are known so far; the others are 0. */
type SoFar = (weights: readonly Float32Array[]) => void;

/**
 * ScoreCAM (Wang et al. 2020), weights [channels] of each class: the class probability of the picture seen through the channel's
 * own min-max mask, minus that of the baseline; a constant channel gets 0. One softmax, the network's.
 */
export async function scoreWeights(request: ChannelRequest, soFar?: SoFar): Promise<Weights> {
  const { subject, scores, value, inputs, at, baseline, classes } = request;
  const input = asFloats(inputs[at] ?? baseline);
  const [, h = 1, w = 1, channels = 1] = value.shape;
  const [, height = 1, width = 1, depth = 1] = input.shape;
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
      const map = Float32Array.from(
        { length: h * w },
        (_, i) => value.data[i * channels + channel] ?? 0,
      );
      const mask = upsample(map, [h, w], [height, width]);
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

/**
 * Ablation-CAM (Desai, Ramaswamy 2020), weights [channels] of each class: (y - y without the map) / |y| on the logit. Only the
 * network above the layer runs. The paper divides by y, which for a class with a negative logit would turn evidence for it into
 * evidence against it.
 */
export async function ablationWeights(request: ChannelRequest, soFar?: SoFar): Promise<Weights> {
  const { subject, scores, maps, value, inputs, classes, layer } = request;
  const channels = value.shape[3] ?? 1;
  const needed = prune(scores.graph.nodes, new Set([maps]), [scores.logits]).map(({ id }) => id);
  if (!needed.includes(maps))
    throw inputError(
      `The class scores do not depend on layer '${layer}'; choose an earlier layer.`,
    );
  const besides = scores.graph.inputs.map(({ node }) => node).filter((id) => needed.includes(id));
  const program = await subject.engine.compile(scores.graph, [maps, ...besides], [scores.logits]);
  const run = async (rows: FloatTensor): Promise<FloatTensor> => {
    const extra = besidesOf(subject, inputs, besides, rows.shape[0] ?? 1);
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

/** Channels of [1, h, w, channels] by the range of their maps; the others need no run to be known. */
function channelsWhere(
  { shape, data }: FloatTensor,
  keep: (min: number, max: number) => boolean,
): number[] {
  const channels = shape[3] ?? 1;
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

async function inBatches(
  { batch, context, classes, value }: ChannelRequest,
  channels: readonly number[],
  soFar: SoFar | undefined,
  step: (some: readonly number[], weights: Weights) => Promise<void>,
): Promise<Weights> {
  const weights = classes.map(() => new Float32Array(value.shape[3] ?? 1));
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
  const channels = shape[3] ?? 1;
  return filled(new Float32Array(data.length / channels), (cell) => {
    let sum = 0;
    for (let k = 0; k < channels; k++) sum += (weights[k] ?? 0) * (data[cell * channels + k] ?? 0);
    return sum;
  });
}
