import { at } from "../../base/at.ts";
import type { Pair, PoolAttrs } from "./attributes.ts";
import { type AxisReads, type Definition, type Family, noMacs, type Typed } from "./definition.ts";
import { input, line } from "./reading.ts";
import { float, maps, same } from "./shaping.ts";
import { slide, type Window1d } from "./windows.ts";

type Pool = "maxPool" | "avgPool";

function pooled(inputs: readonly Typed[], attrs: PoolAttrs): Typed {
  const { batch, size, channels } = maps(at(inputs, 0));
  const [rows, columns] = windows(size, attrs);
  return float([batch, rows.out, columns.out, channels]);
}
const windows = (size: Pair, attrs: PoolAttrs): readonly [Window1d, Window1d] =>
  slide(size, attrs.window, attrs.strides, [1, 1], attrs.padding);
const sizeOfMaps = (shape: readonly number[]): Pair => [at(shape, 1), at(shape, 2)];

/** The cells of the picture in the window of a cell. */
const inWindow = (shape: readonly number[], attrs: PoolAttrs): AxisReads[] => [
  line(0),
  ...windows(sizeOfMaps(shape), attrs).map(({ before }, i) => {
    const from = { low: -before, high: at(attrs.window, i) - 1 - before };
    return line(i + 1, { ...from, step: at(attrs.strides, i) });
  }),
  line(3),
];
/** The windows that a cell of a picture lies in. */
const covering = (shape: readonly number[], attrs: PoolAttrs): AxisReads[] => [
  line(0),
  ...windows(sizeOfMaps(shape), attrs).map(({ before }, i): AxisReads => {
    const stride = at(attrs.strides, i);
    const low = (before - at(attrs.window, i) + 1) / stride;
    return line(i + 1, { step: 1 / stride, low, high: before / stride });
  }),
  line(3),
];
/** All cells of the windows that a cell lies in, at the most. */
const neighbours = ({ window }: PoolAttrs): AxisReads[] => [
  line(0),
  ...window.map((size, i) => line(i + 1, { low: 1 - size, high: size - 1 })),
  line(3),
];

/** The rows and columns [top, bottom) x [left, right) of one picture that a window covers, with the place of its own cell. */
interface Covered {
  readonly picture: number;
  readonly cell: number;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}
function eachWindow(
  attrs: PoolAttrs,
  shape: readonly number[],
  visit: (covered: Covered) => void,
): void {
  const [height, width] = sizeOfMaps(shape);
  const [rows, columns] = windows([height, width], attrs);
  for (let picture = 0, cell = 0; picture < at(shape, 0); picture++)
    for (let i = 0; i < rows.out; i++)
      for (let j = 0; j < columns.out; j++, cell++) {
        const top = i * attrs.strides[0] - rows.before;
        const left = j * attrs.strides[1] - columns.before;
        const bottom = Math.min(height, top + attrs.window[0]);
        const right = Math.min(width, left + attrs.window[1]);
        visit({ picture, cell, top: Math.max(0, top), bottom, left: Math.max(0, left), right });
      }
}
/** Calls `visit` with the place, before its channels, of every cell of a window. */
function eachCell(
  { picture, top, bottom, left, right }: Covered,
  shape: readonly number[],
  visit: (place: number) => void,
): void {
  const [height, width] = sizeOfMaps(shape);
  for (let i = top; i < bottom; i++)
    for (let j = left; j < right; j++) visit(((picture * height + i) * width + j) * at(shape, 3));
}

const pool = <K extends Pool>(cells: Definition<K>["cells"]): Definition<K> => ({
  shape: pooled,
  reads: (call) => inWindow(input(call, 0).shape, call.attrs),
  macs: noMacs,
  cells,
});

/**
 * Pooling of NHWC tensors and its gradients. Padded cells count neither in a maximum nor in a
 * mean's denominator; of equal maxima the first, row by row, gets the gradient.
 */
export const pooling = {
  maxPool: pool((out, inputs, { attrs }) => {
    const { shape, data } = at(inputs, 0);
    const channels = at(shape, 3);
    out.fill(-Infinity);
    eachWindow(attrs, shape, (covered) => {
      const to = covered.cell * channels;
      eachCell(covered, shape, (from) => {
        for (let c = 0; c < channels; c++)
          out[to + c] = Math.max(out[to + c] ?? NaN, data[from + c] ?? NaN);
      });
    });
  }),
  avgPool: pool((out, inputs, { attrs }) => {
    const { shape, data } = at(inputs, 0);
    const channels = at(shape, 3);
    const totals = new Float64Array(out.length);
    eachWindow(attrs, shape, (covered) => {
      const to = covered.cell * channels;
      const share = shareOf(covered);
      eachCell(covered, shape, (from) => {
        for (let c = 0; c < channels; c++)
          totals[to + c] = (totals[to + c] ?? NaN) + (data[from + c] ?? NaN) * share;
      });
    });
    out.set(totals);
  }),
  maxPoolGrad: {
    shape: same,
    reads: ({ attrs, shape }, index) => (index === 0 ? neighbours(attrs) : covering(shape, attrs)),
    macs: noMacs,
    // each gradient goes to the first largest cell of its window, as in TensorFlow
    cells: (out, inputs, { attrs, shape }) => {
      const [x, dy] = [at(inputs, 0).data, at(inputs, 2).data];
      const channels = at(shape, 3);
      const best = new Int32Array(channels);
      out.fill(0);
      eachWindow(attrs, shape, (covered) => {
        best.fill(-1);
        eachCell(covered, shape, (from) => {
          for (let c = 0; c < channels; c++) {
            const known = best[c] ?? -1;
            if (known < 0 || (x[from + c] ?? NaN) > (x[known] ?? NaN)) best[c] = from + c;
          }
        });
        best.forEach((place, c) => {
          if (place >= 0)
            out[place] = (out[place] ?? NaN) + (dy[covered.cell * channels + c] ?? NaN);
        });
      });
    },
  },
  avgPoolGrad: {
    shape: (inputs, { inputSize }) => float([at(same(inputs).shape, 0), ...inputSize]),
    reads: ({ attrs, shape }) => covering(shape, attrs),
    macs: noMacs,
    // each gradient is shared equally by the cells of the picture in its window
    cells: (out, inputs, { attrs, shape }) => {
      const dy = at(inputs, 0).data;
      const channels = at(shape, 3);
      out.fill(0);
      eachWindow(attrs, shape, (covered) => {
        const from = covered.cell * channels;
        const share = shareOf(covered);
        eachCell(covered, shape, (to) => {
          for (let c = 0; c < channels; c++)
            out[to + c] = (out[to + c] ?? NaN) + (dy[from + c] ?? NaN) * share;
        });
      });
    },
  },
} satisfies Family;
/** Padded cells do not count in an average. */
const shareOf = ({ top, bottom, left, right }: Covered): number =>
  1 / ((bottom - top) * (right - left));
