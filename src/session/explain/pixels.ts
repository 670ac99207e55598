/** Maps and attributions as one number a pixel. */
import { upsample, type ClassMap } from "../../methods/cam/index.ts";
import { at } from "../../base/at.ts";
import { axes } from "../../base/axes.ts";
import { filled, type FloatTensor } from "../../base/tensor.ts";
import { ATTRIBUTIONS, type AttributionName } from "../../shared/catalogue.ts";
import { rangeOf } from "../../shared/tiles.ts";

/** A map after ReLU at the size of the picture, [height * width]. */
export function enlarged({ raw, slices }: ClassMap, size: readonly [number, number]): Float32Array {
  return upsample(raw.data, axes(raw.shape, 2), size, slices);
}

/** Maps at the size of the picture, and the largest value of all (or `stretch` times as much): their common scale. */
export function onOneScale(
  maps: readonly ClassMap[],
  size: readonly [number, number],
  stretch: number,
): { large: Float32Array[]; largest: number } {
  const large = maps.map((map) => enlarged(map, size));
  return { large, largest: stretch * Math.max(0, ...large.map((map) => rangeOf(map).max)) };
}

/** An attribution [H, W, C] as one number a pixel, [H * W]: the sum of the channels where signs count, else the largest. */
export function overChannels({ shape, data }: FloatTensor): Float32Array {
  const channels = at(shape, 2);
  const signed = data.some((value) => value < 0);
  return filled(new Float32Array(data.length / channels), (cell) => {
    const first = cell * channels;
    let value = at(data, first);
    for (let i = first + 1; i < first + channels; i++) {
      const other = at(data, i);
      value = signed ? value + other : Math.max(value, other);
    }
    return value;
  });
}

/** How important an attribution says that each pixel is, [H * W]: of gradients, whose sign is a direction, the size. */
export function importance(method: AttributionName, attribution: FloatTensor): Float32Array {
  const map = overChannels(attribution);
  return ATTRIBUTIONS[method].tells === "direction" ? map.map(Math.abs) : map;
}
