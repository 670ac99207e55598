import { at } from "../../base/at.ts";
import type { Picture } from "../../shared/contract/lenses.ts";
import type { FloatTensor } from "../../base/tensor.ts";

const HEIGHT = 96;
/** Colours of the channels, again and again; after Okabe and Ito, told apart by people who are colour-blind. */
const COLOURS = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 158, 115],
  [204, 121, 167],
  [230, 159, 0],
  [86, 180, 233],
] as const;

/**
 * Entry `index` of series [N, 1, L, C] for the eye: a curve for each channel from left to right, on white, one column for each step,
 * all on the scale of the largest and the smallest value.
 */
export function seriesView({ shape, data }: FloatTensor, index: number): Picture {
  const [, , length = 1, channels = 1] = shape;
  const values = data.subarray(index * length * channels, (index + 1) * length * channels);
  const [min, max] = values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  const rowOf = (step: number, channel: number): number => {
    const unit = (at(values, step * channels + channel) - min) / (max - min || 1);
    return Math.round((1 - unit) * (HEIGHT - 1));
  };
  const rgba = new Uint8Array(HEIGHT * length * 4).fill(255);
  for (let channel = 0; channel < channels; channel++)
    for (let step = 0; step < length; step++) {
      // up or down from the step before, without a gap
      const [here, before] = [rowOf(step, channel), rowOf(Math.max(0, step - 1), channel)];
      for (let row = Math.min(here, before); row <= Math.max(here, before); row++)
        rgba.set(at(COLOURS, channel % COLOURS.length), (row * length + step) * 4);
    }
  return { width: length, height: HEIGHT, rgba };
}
