import { at } from "../../base/at.ts";

/**
 * Less of a picture, made while its rows go by. `sample`: the pixels where `rows` and `columns` cross. `mean`: the mean colour of each cell
 * of a grid, whose lines they are (one more than there are cells; the last line lies behind the last pixel). Both in rising order; what is sampled may be there more than
 * once.
 */
export interface Reduction {
  readonly kind: "sample" | "mean";
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** Takes a picture's rows, in any order and each once, and makes [rows, columns, 3] of them. */
export interface Reducer {
  /** Whether a row makes a difference. */
  wants(y: number): boolean;
  /** A row's pixels, each of `step` values of which the first three are its colour. */
  row(y: number, pixels: Uint8Array, step: 3 | 4): void;
  result(): Uint8Array;
}

const REDUCERS: Readonly<Record<Reduction["kind"], (reduction: Reduction) => Reducer>> = {
  sample: sampler,
  mean: averager,
};

/** What makes a reduction out of rows. */
export const reducerOf = (reduction: Reduction): Reducer => REDUCERS[reduction.kind](reduction);

function sampler({ rows, columns }: Reduction): Reducer {
  const out = new Uint8Array(rows.length * columns.length * 3);
  // a picture that is smaller than what is made of it gives a row more than once
  const places = new Map<number, number[]>();
  rows.forEach((y, i) => places.set(y, [...(places.get(y) ?? []), i]));
  return {
    wants: (y) => places.has(y),
    row: (y, pixels, step) => {
      for (const place of places.get(y) ?? []) {
        let to = place * columns.length * 3;
        for (const x of columns) for (let k = 0; k < 3; k++) out[to++] = pixels[step * x + k] ?? 0;
      }
    },
    result: () => out,
  };
}

function averager({ rows, columns }: Reduction): Reducer {
  const [down, across] = [rows.length - 1, columns.length - 1];
  const sums = new Float64Array(down * across * 3);
  return {
    wants: () => true,
    row: (y, pixels, step) => {
      let cell = 0;
      while (cell < down && at(rows, cell + 1) <= y) cell++;
      if (cell === down || y < at(rows, cell)) return;
      for (let i = 0; i < across; i++) {
        // every pixel of a large picture passes here
        let [red, green, blue] = [0, 0, 0];
        const end = step * at(columns, i + 1);
        for (let from = step * at(columns, i); from < end; from += step) {
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
