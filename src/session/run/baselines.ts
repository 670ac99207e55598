import { axes } from "../../base/axes.ts";
import type { BaselineName } from "../../shared/question.ts";
import type { PixelScaling } from "../../base/preprocessing.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import { blackInput } from "./ranges.ts";

/** Out of focus by this share of the picture's longer side (standard deviation): 10 pixels of 224. */
const BLUR = 10 / 224;

/** What stands for "nothing there" in place of `input` [1, H, W, C], in preprocessed space; of a volume `slices` stand in its rows. */
export function baselineInput(
  name: BaselineName,
  input: FloatTensor,
  scaling: PixelScaling,
  slices = 1,
): FloatTensor {
  const [, height, width, channels] = axes(input.shape, 4);
  switch (name) {
    case "black":
      return blackInput([height, width, channels], scaling);
    case "mean":
      return meanColour(input);
    case "blurred":
      return blurred(input, BLUR * Math.max(height / slices, width), slices);
  }
}

function meanColour({ shape, data }: FloatTensor): FloatTensor {
  const channels = shape[3] ?? 1;
  const means = new Float64Array(channels);
  data.forEach((value, i) => {
    means[i % channels] = (means[i % channels] ?? 0) + (value * channels) / data.length;
  });
  return floats(
    shape,
    data.map((_, i) => means[i % channels] ?? 0),
  );
}

/**
 * Gaussian of standard deviation `sigma` pixels, cut off at three of them; edge pixels are repeated. A volume, whose `slices` stand one below
 * another, is blurred along its depth, too.
 */
export function blurred({ shape, data }: FloatTensor, sigma: number, slices = 1): FloatTensor {
  const [, rows, width, channels] = axes(shape, 4);
  const height = rows / slices;
  const radius = Math.ceil(3 * sigma);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  const along = (from: ArrayLike<number>, size: number, stride: number): Float64Array =>
    Float64Array.from({ length: data.length }, (_, at) => {
      const here = Math.floor(at / stride) % size;
      let total = 0;
      for (let k = -radius; k <= radius; k++) {
        const there = Math.max(0, Math.min(size - 1, here + k));
        total += (weights[k + radius] ?? 0) * (from[at + (there - here) * stride] ?? 0);
      }
      return total / sum;
    });
  const across = along(data, width, channels);
  const down = along(across, height, channels * width);
  const whole = slices === 1 ? down : along(down, slices, channels * width * height);
  return floats(shape, Float32Array.from(whole));
}
