import { at } from "../../base/at.ts";
import { filled } from "../../base/tensor.ts";
import { WHOLE_ROW, type Reducer } from "./format.ts";

/** Along one axis: position i is the sum of `width` pixels from `starts[i]` on, by `weights[i * width + k]` parts of `UNIT`. */
export interface Windows {
  readonly starts: Int32Array;
  readonly width: number;
  readonly weights: Int32Array;
}
/** Resized by windows, first along rows and then along columns, each to whole levels: [rows, columns, 3]. */
export interface Filtered {
  readonly kind: "filter";
  readonly rows: Windows;
  readonly columns: Windows;
}

/** What weights add up to; so many parts of a level fit into 32 bits (Pillow's PRECISION_BITS). */
export const UNIT = 2 ** 22;
const level = (sum: number): number => {
  const whole = (sum + UNIT / 2) >> 22;
  return whole < 0 ? 0 : whole > 255 ? 255 : whole;
};

/** Sums along rows while they go by, and along columns when all have. */
export function filter({ rows, columns }: Filtered): Reducer {
  const first = Math.min(...rows.starts);
  const last = Math.max(...rows.starts) + rows.width;
  const values = columns.starts.length * 3;
  const sums = new Int32Array((last - first) * values);
  return {
    wants: (y) => y >= first && y < last,
    row: (y, pixels, apart, { first: from, step } = WHOLE_ROW) => {
      if (y < first || y >= last) return;
      let to = (y - first) * values;
      const { starts, width, weights } = columns;
      for (let i = 0; i < starts.length; i++, to += 3) {
        const start = at(starts, i);
        // the first of them that is in this part
        const skipped = from >= start ? from - start : (step - ((start - from) % step)) % step;
        let [red, green, blue] = [0, 0, 0];
        let place = ((start + skipped - from) / step) * apart;
        for (let k = skipped; k < width; k += step, place += apart) {
          const weight = weights[i * width + k] ?? 0;
          red += weight * (pixels[place] ?? 0);
          green += weight * (pixels[place + 1] ?? 0);
          blue += weight * (pixels[place + 2] ?? 0);
        }
        sums[to] = (sums[to] ?? 0) + red;
        sums[to + 1] = (sums[to + 1] ?? 0) + green;
        sums[to + 2] = (sums[to + 2] ?? 0) + blue;
      }
    },
    result: () => {
      const levels = filled(new Uint8Array(sums.length), (i) => level(sums[i] ?? 0));
      const { starts, width, weights } = rows;
      const out = new Uint8Array(starts.length * values);
      const along = new Int32Array(values);
      for (let row = 0; row < starts.length; row++) {
        along.fill(0);
        for (let k = 0; k < width; k++) {
          const weight = weights[row * width + k] ?? 0;
          const from = (at(starts, row) - first + k) * values;
          for (let i = 0; i < values; i++)
            along[i] = (along[i] ?? 0) + weight * at(levels, from + i);
        }
        for (let i = 0; i < values; i++) out[row * values + i] = level(along[i] ?? 0);
      }
      return out;
    },
  };
}

/** The same of an axis of `length` pixels that is turned round. */
export const turnedRound = ({ starts, width, weights }: Windows, length: number): Windows => ({
  starts: starts.map((start) => length - width - start).reverse(),
  width,
  weights: weights.toReversed(),
});
