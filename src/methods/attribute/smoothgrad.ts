import { breathe } from "../../base/errors.ts";
import { filled } from "../../base/tensor.ts";
import { rangeOf } from "../../shared/tiles.ts";
import { Random } from "../random.ts";
import { inputGradient } from "./gradient.ts";
import type { Attribution, AttributionMethodFunction, AttributionRequest } from "./types.ts";

const SAMPLES = 25;
/** Noise level as a share of the input's range; the paper finds 10 to 20 % good. */
const SHARE = 0.15;

/** Mean gradient over noisy copies of the picture (Smilkov et al. 2017). */
export const smoothgrad: AttributionMethodFunction = (request) => {
  const { min, max } = rangeOf(request.input.data);
  const random = new Random(request.seed);
  const deviation = SHARE * (max - min);
  return smoothgradOver(request, request.steps ?? SAMPLES, () => random.normal() * deviation);
};

/** SmoothGrad over given noise, asked for element by element in order. */
export async function smoothgradOver(
  request: AttributionRequest,
  samples: number,
  noise: (index: number) => number,
): Promise<Attribution> {
  const { subject, scores, input, classIndex, context, batch } = request;
  const run = await inputGradient(subject, scores, request);
  const size = input.data.length;
  const sum = new Float64Array(size);
  for (let done = 0; done < samples;) {
    const rows = Math.min(batch, samples - done);
    const noisy = new Float32Array(rows * size);
    for (let i = 0; i < noisy.length; i++)
      noisy[i] = (input.data[i % size] ?? 0) + noise(done * size + i);
    const shape = [rows, ...input.shape.slice(1)];
    const classes = Array<number>(rows).fill(classIndex);
    const { gradient } = await run({ dtype: "float32", shape, data: noisy }, classes);
    for (let i = 0; i < gradient.data.length; i++)
      sum[i % size] = (sum[i % size] ?? 0) + (gradient.data[i] ?? 0);
    done += rows;
    context.progress({ fraction: done / samples });
    await breathe(context.signal);
  }
  const data = filled(new Float32Array(size), (i) => (sum[i] ?? 0) / samples);
  return {
    attribution: { dtype: "float32", shape: input.shape.slice(1), data },
    completeness: null,
    steps: samples,
  };
}
