import type { Picture } from "../shared/contract/lenses.ts";
import type { FloatTensor } from "../shared/tensor.ts";

/** Entry `index` of an array [N, H, W, C] for the eye: stretched to 0..255; other than 3 channels as their mean. */
export function arrayView({ shape, data }: FloatTensor, index: number): Picture {
  const [, height = 1, width = 1, channels = 1] = shape;
  const size = height * width * channels;
  const values = data.subarray(index * size, (index + 1) * size);
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const toByte = (value: number): number => Math.round((255 * (value - min)) / (max - min || 1));
  const rgba = new Uint8Array(height * width * 4).fill(255);
  for (let i = 0; i < height * width; i++) {
    const pixel = values.subarray(i * channels, (i + 1) * channels);
    const mean = pixel.reduce((sum, value) => sum + value, 0) / channels;
    for (let k = 0; k < 3; k++) rgba[4 * i + k] = toByte(channels === 3 ? (pixel[k] ?? 0) : mean);
  }
  return { width, height, rgba };
}
