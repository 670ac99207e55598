import { at } from "../../base/at.ts";
import { breathe } from "../../base/errors.ts";
import { rangeOf } from "../../shared/tiles.ts";
import { Random } from "../random.ts";
import { inputGradient } from "./input-gradient.ts";
import type { AttributionRequest } from "./types.ts";

/** Noise level as a share of the input's range; Smilkov et al. 2017 find 10 to 20 % good. */
const SHARE = 0.15;

/** Normal noise of the request's seed, asked for element by element in order. */
export function noiseOf({ input, seed }: AttributionRequest): () => number {
  const { min, max } = rangeOf(input.data);
  const random = new Random(seed);
  const deviation = SHARE * (max - min);
  return () => random.normal() * deviation;
}

/**
 * Gradients of `samples` noisy copies of the picture: `use` gets element `i` of the picture and its gradient in each copy, copy by
 * copy; `noise` is asked for element by element in the same order.
 */
export async function gradientsUnderNoise(
  request: AttributionRequest,
  samples: number,
  noise: (index: number) => number,
  use: (i: number, gradient: number, sample: number) => void,
): Promise<void> {
  const { subject, scores, input, classIndex, context, batch } = request;
  const run = await inputGradient(subject, scores, request);
  const size = input.data.length;
  for (let done = 0; done < samples;) {
    const rows = Math.min(batch, samples - done);
    const noisy = new Float32Array(rows * size);
    for (let row = 0, place = 0; row < rows; row++)
      for (let i = 0; i < size; i++, place++)
        noisy[place] = at(input.data, i) + noise(done * size + place);
    const shape = [rows, ...input.shape.slice(1)];
    const classes = Array<number>(rows).fill(classIndex);
    const { gradient } = await run({ dtype: "float32", shape, data: noisy }, classes);
    gradient.data.forEach((value, place) => {
      use(place % size, value, done + Math.floor(place / size));
    });
    done += rows;
    context.progress({ fraction: done / samples });
    await breathe(context.signal);
  }
}
