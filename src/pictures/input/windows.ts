/** How Pillow resizes (Resample.c): a kernel as wide as what a position covers, its shares in whole parts. */
import { at } from "../../base/at.ts";
import type { Interpolation } from "../../base/preprocessing.ts";
import { UNIT, type Windows } from "../decode/filter.ts";

/** Of a distance in positions of the larger of both grids: its share, 0 behind `reach`. */
interface Kernel {
  readonly reach: number;
  readonly share: (distance: number) => number;
}

/** Keys 1981, with a = -1/2. */
function cubic(x: number): number {
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? -0.5 * (((x - 5) * x + 8) * x - 4) : 0;
}
const KERNELS: Readonly<Record<Interpolation, Kernel>> = {
  bilinear: { reach: 1, share: (x) => Math.max(0, 1 - x) },
  bicubic: { reach: 2, share: cubic },
};

/** For `count` positions from `first` on, of the `to` that `from` pixels are resized to. */
export function windows(
  how: Interpolation,
  [from, to]: readonly [from: number, to: number],
  [first, count]: readonly [first: number, count: number],
): Windows {
  const { reach, share } = KERNELS[how];
  const scale = from / to;
  const larger = Math.max(scale, 1);
  const each = Array.from({ length: count }, (_, i) => {
    const centre = (first + i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach * larger + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach * larger + 0.5));
    const shares = Array.from({ length: end - start }, (__, k) =>
      share(Math.abs((k + start - centre + 0.5) / larger)),
    );
    const sum = shares.reduce((a, b) => a + b, 0);
    return { start, parts: shares.map((one) => rounded((one / sum) * UNIT)) };
  });
  const width = Math.max(...each.map(({ parts }) => parts.length));
  const starts = new Int32Array(count);
  const weights = new Int32Array(count * width);
  each.forEach(({ start, parts }, i) => {
    // none reads behind the last pixel
    starts[i] = Math.min(start, from - width);
    weights.set(parts, i * width + start - at(starts, i));
  });
  return { starts, width, weights };
}

/** Halves away from 0. */
const rounded = (value: number): number => Math.trunc(value < 0 ? value - 0.5 : value + 0.5);
