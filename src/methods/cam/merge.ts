import { axes } from "../../base/axes.ts";
import { floats } from "../../base/tensor.ts";
import type { ClassMap } from "./types.ts";
import { upsample } from "./upsample.ts";

/**
 * The maps of several layers as one for each class, at the size of the input [height, width], 0..1: each layer's maps after ReLU
 * are upsampled and divided by the largest value among the classes at that layer, then averaged over the layers. So classes keep
 * one scale, and a layer without positive evidence adds nothing: min-max, which peers use, would make it look hot.
 */
export function merged(
  layers: readonly (readonly ClassMap[])[],
  size: readonly [number, number],
): ClassMap[] {
  const [first = []] = layers;
  const sums = first.map(() => new Float32Array(size[0] * size[1]));
  for (const maps of layers) {
    const large = maps.map(({ raw, slices }) =>
      upsample(raw.data, axes(raw.shape, 2), size, slices),
    );
    const largest = large.reduce((most, map) => map.reduce((a, b) => Math.max(a, b), most), 0);
    if (largest > 0)
      large.forEach((map, row) =>
        sums[row]?.forEach((sum, i, own) => {
          own[i] = sum + (map[i] ?? 0) / largest / layers.length;
        }),
      );
  }
  return first.map(({ classIndex }, row) => {
    const raw = floats(size, sums[row] ?? new Float32Array(size[0] * size[1]));
    const [, depth] = layers[0]?.[0]?.slices ?? [];
    const slices = depth === undefined ? {} : { slices: [depth, depth] as const };
    return { classIndex, signed: raw, raw, alpha: null, ...slices };
  });
}
