import { at } from "../base/at.ts";
import type { FloatTensor } from "../base/tensor.ts";

/** Channel `channel` of row `row` of a layer's value [N, H, W, C], row-major [H, W]. */
export function channelMap({ shape, data }: FloatTensor, channel: number, row = 0): Float32Array {
  const channels = at(shape, -1);
  const cells = data.length / (at(shape, 0) * channels);
  return Float32Array.from({ length: cells }, (_, cell) =>
    at(data, (row * cells + cell) * channels + channel),
  );
}
