import { at } from "../../base/at.ts";
import type { PixelScaling } from "../../base/preprocessing.ts";
import type { FloatTensor } from "../../base/tensor.ts";

/** One changed pixel, in the network's picture; colours are 8-bit RGB. */
export interface Pixel {
  readonly x: number;
  readonly y: number;
  readonly rgb: readonly [number, number, number];
}

const LUMA = [0.299, 0.587, 0.114] as const;

/** A colour as the network's channels: what preprocessing makes of that pixel. */
export function encode(rgb: Pixel["rgb"], scaling: PixelScaling, channels: number): number[] {
  const gray = channels === 1 || scaling.order === "gray";
  const luma = LUMA.reduce((sum, weight, k) => sum + weight * at(rgb, k), 0);
  const ordered = scaling.order === "bgr" ? [rgb[2], rgb[1], rgb[0]] : rgb;
  return Array.from({ length: channels }, (_, k) => {
    // channels beyond colour are as bright as the pixel
    const value = gray ? luma : (ordered[k] ?? luma);
    const mean = at(scaling.mean, k % scaling.mean.length);
    return (value * scaling.scale - mean) / at(scaling.std, k % scaling.std.length);
  });
}

/** Copies of `base` [1, H, W, C], each with its own pixels changed: [N, H, W, C]. */
export function withPixels(
  base: FloatTensor,
  candidates: readonly (readonly Pixel[])[],
  scaling: PixelScaling,
): FloatTensor {
  const [, height = 1, width = 1, channels = 1] = base.shape;
  const size = base.data.length;
  const data = new Float32Array(candidates.length * size);
  candidates.forEach((pixels, row) => {
    data.set(base.data, row * size);
    for (const { x, y, rgb } of pixels)
      data.set(encode(rgb, scaling, channels), row * size + (y * width + x) * channels);
  });
  return { dtype: "float32", shape: [candidates.length, height, width, channels], data };
}
