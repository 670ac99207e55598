import type { Picture } from "../../shared/contract/lenses.ts";
import type { FloatTensor } from "../../base/tensor.ts";

/**
 * Entry `index` of an array [N, H, W, C] for the eye: the first three channels as red, green and blue (one channel as gray),
 * stretched to 0..255 together. Two channels are shown as their mean.
 */
export function arrayView({ shape, data }: FloatTensor, index: number): Picture {
  const [, height = 1, width = 1, channels = 1] = shape;
  const size = height * width * channels;
  const values = data.subarray(index * size, (index + 1) * size);
  const shown = (pixel: number, k: number): number => {
    const at = pixel * channels;
    if (channels === 2) return ((values[at] ?? 0) + (values[at + 1] ?? 0)) / 2;
    return values[at + Math.min(k, channels - 1)] ?? 0;
  };
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < height * width; i++)
    for (let k = 0; k < 3; k++) {
      min = Math.min(min, shown(i, k));
      max = Math.max(max, shown(i, k));
    }
  const rgba = new Uint8Array(height * width * 4).fill(255);
  for (let i = 0; i < height * width; i++)
    for (let k = 0; k < 3; k++)
      rgba[4 * i + k] = Math.round((255 * (shown(i, k) - min)) / (max - min || 1));
  return { width, height, rgba };
}
