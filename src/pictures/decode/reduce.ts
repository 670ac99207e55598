import { at } from "../../base/at.ts";
import { filter, type Filtered } from "./filter.ts";
import { WHOLE_ROW, type Reducer } from "./format.ts";

/**
 * What is made while a picture's rows go by. `sample`: the pixels where `rows` and `columns` cross. `mean`: the mean colour of each cell
 * of a grid, whose lines they are (one more than there are cells; the last line lies behind the last pixel). Both in rising order; what is sampled may be there more than
 * once.
 */
export interface Lines {
  readonly kind: "sample" | "mean";
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}
/** Less of a picture: some of its pixels, means of its cells, or sums of its pixels. */
export type Reduction = Lines | Filtered;

const REDUCERS = { sample: sampler, mean: averager };

/** What makes a reduction out of rows. */
export const reducerOf = (reduction: Reduction): Reducer =>
  reduction.kind === "filter" ? filter(reduction) : REDUCERS[reduction.kind](reduction);

function sampler({ rows, columns }: Lines): Reducer {
  const out = new Uint8Array(rows.length * columns.length * 3);
  // a picture that is smaller than what is made of it gives a row more than once
  const lines = new Map<number, number[]>();
  rows.forEach((y, i) => lines.set(y, [...(lines.get(y) ?? []), i]));
  return {
    wants: (y) => lines.has(y),
    row: (y, pixels, values, { first, step } = WHOLE_ROW) => {
      for (const line of lines.get(y) ?? [])
        columns.forEach((x, i) => {
          const place = (x - first) / step;
          // it is in another part
          if (place < 0 || !Number.isInteger(place)) return;
          const to = (line * columns.length + i) * 3;
          for (let k = 0; k < 3; k++) out[to + k] = at(pixels, values * place + k);
        });
    },
    result: () => out,
  };
}

function averager({ rows, columns }: Lines): Reducer {
  const [down, across] = [rows.length - 1, columns.length - 1];
  const sums = new Float64Array(down * across * 3);
  return {
    wants: () => true,
    row: (y, pixels, values, { first, step } = WHOLE_ROW) => {
      let cell = 0;
      while (cell < down && at(rows, cell + 1) <= y) cell++;
      if (cell === down || y < at(rows, cell)) return;
      /** Where the first pixel lies that is not left of a line. */
      const behind = (line: number): number =>
        values * Math.max(0, Math.ceil((line - first) / step));
      for (let i = 0; i < across; i++) {
        // every pixel of a large picture passes here
        let [red, green, blue] = [0, 0, 0];
        const end = behind(at(columns, i + 1));
        for (let from = behind(at(columns, i)); from < end; from += values) {
          red += pixels[from] ?? 0;
          green += pixels[from + 1] ?? 0;
          blue += pixels[from + 2] ?? 0;
        }
        const to = (cell * across + i) * 3;
        sums[to] = (sums[to] ?? 0) + red;
        sums[to + 1] = (sums[to + 1] ?? 0) + green;
        sums[to + 2] = (sums[to + 2] ?? 0) + blue;
      }
    },
    result: () =>
      Uint8Array.from(sums, (sum, i) => {
        const [row, column] = [Math.floor(i / 3 / across), Math.floor(i / 3) % across];
        const cells =
          (at(rows, row + 1) - at(rows, row)) * (at(columns, column + 1) - at(columns, column));
        return Math.round(sum / cells);
      }),
  };
}
