import { at } from "../../base/at.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { Curves } from "../../shared/contract/lenses.ts";

/** Longer series are told by the least and the largest value of so many stretches: more than a screen has columns. */
const MOST_COLUMNS = 2048;

/** Entry `index` of series [N, 1, L, C] as curves of 8-bit heights, all on the scale of the smallest and the largest value. */
export function curvesOf({ shape, data }: FloatTensor, index: number): Curves {
  const [, , length = 1, channels = 1] = shape;
  const values = data.subarray(index * length * channels, (index + 1) * length * channels);
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) [min, max] = [Math.min(min, value), Math.max(max, value)];
  const columns = Math.min(length, MOST_COLUMNS);
  const [low, high] = [new Uint8Array(channels * columns), new Uint8Array(channels * columns)];
  const byte = (value: number): number => Math.round((255 * (value - min)) / (max - min || 1));
  for (let channel = 0; channel < channels; channel++)
    for (let column = 0; column < columns; column++) {
      const from = Math.floor((column * length) / columns);
      const end = Math.max(from + 1, Math.floor(((column + 1) * length) / columns));
      let [least, most] = [Infinity, -Infinity];
      for (let step = from; step < end; step++) {
        const value = at(values, step * channels + channel);
        [least, most] = [Math.min(least, value), Math.max(most, value)];
      }
      low[channel * columns + column] = byte(least);
      high[channel * columns + column] = byte(most);
    }
  return { length, channels, columns, low, high, min, max };
}
