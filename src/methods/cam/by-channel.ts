/** CAMs that weigh each map by what the score does without it or with it alone: one run of the network per channel. */
import type { Control } from "../../shared/control.ts";
import { breathe, inputError } from "../../shared/errors.ts";
import type { NodeId } from "../../shared/graph/index.ts";
import { asFloats, type FloatTensor } from "../../shared/tensor.ts";
import { prune } from "../../shared/graph/index.ts";
import { repeat } from "../batch.ts";
import { forward } from "../forward.ts";
import { unitOf } from "../inspect/scores.ts";
import type { Scores, Subject } from "../types.ts";
import { besidesOf } from "./head.ts";
import { upsample } from "./upsample.ts";

export interface ChannelRequest {
  readonly subject: Subject;
  readonly scores: Scores;
  readonly layer: string;
  readonly maps: NodeId;
  /** [1, h, w, channels] */
  readonly value: FloatTensor;
  /** [1, H, W, C] and the preprocessed black picture of the same shape. */
  readonly input: FloatTensor;
  readonly baseline: FloatTensor;
  readonly classIndex: number;
  readonly batch: number;
  readonly context: Control;
}

/**
 * ScoreCAM (Wang et al. 2020), weights [channels]: the class probability of the picture seen through the channel's own
 * min-max mask, minus that of the black picture; a constant channel gets 0. One softmax, the network's.
 */
export async function scoreCamWeights(request: ChannelRequest): Promise<Float32Array> {
  const { subject, scores, value, input, baseline, classIndex } = request;
  const [, h = 1, w = 1, channels = 1] = value.shape;
  const [, height = 1, width = 1, depth = 1] = input.shape;
  const node = scores.probabilities ?? scores.logits;
  const graph = { ...subject, graph: scores.graph };
  const score = async (rows: FloatTensor): Promise<number[]> => {
    const [values] = await forward(graph, [rows], [node]);
    if (!values) throw new RangeError("the engine returned no scores");
    const { unit, sign } = unitOf(scores, classIndex);
    const units = values.shape[1] ?? 1;
    return Array.from({ length: rows.shape[0] ?? 0 }, (_, row) => {
      const own = values.data[row * units + unit] ?? NaN;
      return sign === 1 ? own : scores.probabilities === null ? -own : 1 - own;
    });
  };
  const [black = NaN] = await score(baseline);
  const size = input.data.length;
  const weights = new Float32Array(channels);
  await inBatches(request, channels, async (first, rows) => {
    const data = new Float32Array(rows * size);
    const constant = new Set<number>();
    for (let row = 0; row < rows; row++) {
      const map = Float32Array.from(
        { length: h * w },
        (_, i) => value.data[i * channels + first + row] ?? 0,
      );
      const mask = upsample(map, [h, w], [height, width]);
      let [min, max] = [Infinity, -Infinity];
      for (const v of mask) [min, max] = [Math.min(min, v), Math.max(max, v)];
      if (max - min <= 1e-8) constant.add(row);
      for (let i = 0; i < size; i++) {
        const keep =
          max - min <= 1e-8 ? 0 : ((mask[Math.floor(i / depth)] ?? 0) - min) / (max - min);
        const from = baseline.data[i] ?? 0;
        data[row * size + i] = from + keep * ((input.data[i] ?? 0) - from);
      }
    }
    const scored = await score({ dtype: "float32", shape: [rows, height, width, depth], data });
    scored.forEach((s, row) => (weights[first + row] = constant.has(row) ? 0 : s - black));
  });
  return weights;
}

/**
 * Ablation-CAM (Desai, Ramaswamy 2020), weights [channels]: (y - y without the map) / y on the logit. Only the network
 * above the layer runs.
 */
export async function ablationCamWeights(request: ChannelRequest): Promise<Float32Array> {
  const { subject, scores, maps, value, input, classIndex, layer } = request;
  const channels = value.shape[3] ?? 1;
  const needed = prune(scores.graph.nodes, new Set([maps]), [scores.logits]).map(({ id }) => id);
  if (!needed.includes(maps))
    throw inputError(
      `The class scores do not depend on layer '${layer}'; choose an earlier layer.`,
    );
  const besides = scores.graph.inputs.map(({ node }) => node).filter((id) => needed.includes(id));
  const program = await subject.engine.compile(scores.graph, [maps, ...besides], [scores.logits]);
  const { unit, sign } = unitOf(scores, classIndex);
  const run = async (rows: FloatTensor): Promise<number[]> => {
    const count = rows.shape[0] ?? 1;
    const extra = besidesOf(subject, [input], besides, count);
    const [logits] = (await program.run([rows, ...extra])).map(asFloats);
    const units = logits?.shape[1] ?? 1;
    return Array.from(
      { length: count },
      (_, row) => sign * (logits?.data[row * units + unit] ?? NaN),
    );
  };
  const [whole = NaN] = await run(value);
  const weights = new Float32Array(channels);
  await inBatches(request, channels, async (first, rows) => {
    const without = repeat(value, rows);
    const data = rows === 1 ? without.data.slice() : without.data;
    for (let row = 0; row < rows; row++)
      for (
        let i = row * value.data.length + first + row;
        i < (row + 1) * value.data.length;
        i += channels
      )
        data[i] = 0;
    const scored = await run({ ...without, data });
    scored.forEach((s, row) => (weights[first + row] = (whole - s) / whole));
  });
  return weights;
}

async function inBatches(
  { batch, context }: ChannelRequest,
  count: number,
  step: (first: number, rows: number) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < count; first += batch) {
    await step(first, Math.min(batch, count - first));
    context.progress({ fraction: Math.min(1, (first + batch) / count) });
    await breathe(context.signal);
  }
}

/** sum_k w_k A^k, [h * w] */
export function weightedSum({ shape, data }: FloatTensor, weights: Float32Array): Float32Array {
  const channels = shape[3] ?? 1;
  return Float32Array.from({ length: data.length / channels }, (_, cell) => {
    let sum = 0;
    for (let k = 0; k < channels; k++) sum += (weights[k] ?? 0) * (data[cell * channels + k] ?? 0);
    return sum;
  });
}
