import { at } from "../../../base/at.ts";
import { floats } from "../../../base/tensor.ts";
import { gradientsUnderNoise, noiseOf } from "../noise.ts";
import type { Attribution, AttributionMethodFunction, AttributionRequest } from "../types.ts";
import about from "./about.ts";

/** Variance of the gradient over noisy copies of the picture (Adebayo et al. 2018), E[g^2] - E[g]^2. [H, W, C], 0 or more. */
export const vargrad: AttributionMethodFunction = (request) =>
  vargradOver(request, request.steps ?? about.options.steps.usual, noiseOf(request));

/** VarGrad over given noise, asked for element by element in order. */
export async function vargradOver(
  request: AttributionRequest,
  samples: number,
  noise: (index: number) => number,
): Promise<Attribution> {
  const { shape, data } = request.input;
  const mean = new Float64Array(data.length);
  const squares = new Float64Array(data.length);
  // Welford 1962: the difference of two large sums would lose what is small
  await gradientsUnderNoise(request, samples, noise, (i, gradient, sample) => {
    const before = gradient - at(mean, i);
    const now = at(mean, i) + before / (sample + 1);
    mean[i] = now;
    squares[i] = at(squares, i) + before * (gradient - now);
  });
  const variance = Float32Array.from(squares, (sum) => sum / samples);
  return { attribution: floats(shape.slice(1), variance), completeness: null, steps: samples };
}
