import { at } from "../../base/at.ts";
import { floats, sizeOf, type FloatTensor } from "../../base/tensor.ts";
import type { Picture } from "../../shared/contract/lenses.ts";
import { arrayView } from "./array-view.ts";
import { seriesView } from "./series-view.ts";

/** As much longer than wide is a series. */
const SERIES = 16;
/** Of a series so many steps are drawn. */
const MOST_STEPS = 1024;

/**
 * An array for the eye where no network says what its axes are: pictures [H, W] and [H, W, C], the curve of what is long, the middle slice of
 * a volume. Axes of length 1 in front count nothing. Null where it is none of these.
 */
export function anyArray({ shape, data }: FloatTensor): Picture | null {
  const leading = shape.findIndex((size) => size !== 1);
  const own = leading < 0 ? [1] : shape.slice(leading);
  const [first = 1, second = 1] = own;
  if (sizeOf(own) === 0) return null;
  if (own.length === 1) return curve(data, first, 1, 1);
  if (own.length === 2 && second >= SERIES * first) return curve(data, second, first, second);
  if (own.length === 2 && first >= SERIES * second) return curve(data, first, second, 1);
  if (own.length === 2) return arrayView(floats([1, first, second, 1], data), 0);
  if (own.length === 3 && shape.length < 5) return arrayView(floats([1, ...own], data), 0);
  if (own.length > 4) return null;
  return middleSlice(own, data);
}

/** [channels, length] where steps of a channel stand side by side (`apart` 1: channels do), as curves. */
function curve(data: Float32Array, length: number, channels: number, apart: number): Picture {
  const steps = Math.min(length, MOST_STEPS);
  const values = Float32Array.from({ length: steps * channels }, (_, i) => {
    const step = Math.floor((Math.floor(i / channels) * length) / steps);
    const channel = i % channels;
    return at(data, apart === 1 ? step * channels + channel : channel * apart + step);
  });
  return seriesView(floats([1, 1, steps, channels], values), 0);
}

/** Of [D, H, W], [C, D, H, W] or [D, H, W, C]; channels are the shorter end. */
function middleSlice(shape: readonly number[], data: Float32Array): Picture {
  const last = shape.length === 4 && at(shape, 3) < at(shape, 0);
  const [depth = 1, height = 1, width = 1] = shape.length === 4 && !last ? shape.slice(1) : shape;
  const channels = last ? at(shape, 3) : 1;
  const each = height * width * channels;
  const from = Math.floor(depth / 2) * each;
  return arrayView(floats([1, height, width, channels], data.subarray(from, from + each)), 0);
}
