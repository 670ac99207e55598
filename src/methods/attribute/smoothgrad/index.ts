import { at } from "../../../base/at.ts";
import { floats } from "../../../base/tensor.ts";
import { gradientsUnderNoise, noiseOf } from "../noise.ts";
import type { Attribution, AttributionMethodFunction, AttributionRequest } from "../types.ts";
import about from "./about.ts";

/** Mean gradient over noisy copies of the picture (Smilkov et al. 2017). [H, W, C] */
export const smoothgrad: AttributionMethodFunction = (request) =>
  smoothgradOver(request, request.steps ?? about.options.steps.usual, noiseOf(request));

/** SmoothGrad over given noise, asked for element by element in order. */
export async function smoothgradOver(
  request: AttributionRequest,
  samples: number,
  noise: (index: number) => number,
): Promise<Attribution> {
  const { shape, data } = request.input;
  const sum = new Float64Array(data.length);
  await gradientsUnderNoise(request, samples, noise, (i, gradient) => {
    sum[i] = at(sum, i) + gradient;
  });
  const mean = Float32Array.from(sum, (total) => total / samples);
  return { attribution: floats(shape.slice(1), mean), completeness: null, steps: samples };
}
