import { at } from "../../base/at.ts";
import type { Made, ReduceAttrs } from "./attributes.ts";
import { type Definition, type Family, type Known, noMacs, type Typed } from "./definition.ts";
import { places } from "./moving.ts";
import { alongAll, cellwise, input, line } from "./reading.ts";
import { same } from "./shaping.ts";

type Extent = "sum" | "mean" | "max" | "min";

const without = ({ shape, dtype }: Typed, axes: readonly number[], keepDims: boolean): Typed => ({
  dtype,
  shape: keepDims
    ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !axes.includes(axis)),
});
/** Every cell along `axes`, the same one along the others. */
function reads(shape: readonly number[], axes: readonly number[], keepDims: boolean) {
  const kept = [...shape.keys()].filter((axis) => !axes.includes(axis));
  return shape.map((_, axis) =>
    axes.includes(axis) ? "all" : line(keepDims ? axis : kept.indexOf(axis)),
  );
}
/** For each cell of `x`, to which cell of the output it goes. */
function goals({ shape }: Known, axes: readonly number[]): Int32Array {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return places(cellwise({ inputs: [{ shape: kept }], shape }, 0), kept, shape);
}

function reduction<K extends Made & Extent>(
  start: number,
  join: (total: number, value: number) => number,
  finish?: (total: number, cells: number) => number,
): Definition<K> {
  return {
    shape: (inputs, attrs: ReduceAttrs) => without(same(inputs), attrs.axes, attrs.keepDims),
    reads: (call, index) => {
      const { axes, keepDims }: ReduceAttrs = call.attrs;
      return reads(input(call, index).shape, axes, keepDims);
    },
    macs: noMacs,
    cells: (out, inputs, { attrs }) => {
      const x = at(inputs, 0);
      const totals = new Float64Array(out.length).fill(start);
      goals(x, attrs.axes).forEach((goal, i) => {
        totals[goal] = join(totals[goal] ?? NaN, x.data[i] ?? NaN);
      });
      const each = x.data.length / out.length;
      out.set(finish ? totals.map((total) => finish(total, each)) : totals);
    },
  };
}
const plus = (total: number, value: number): number => total + value;

/** Calls `visit` with every row of `x` along an axis: where it starts, and how far apart its `length` cells are. */
function eachRow(
  { shape, data }: Known,
  axis: number,
  visit: (start: number, apart: number, length: number) => void,
): void {
  const length = at(shape, axis);
  const apart = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  for (let start = 0; start < data.length; start += apart * length)
    for (let i = 0; i < apart; i++) visit(start + i, apart, length);
}

/** Along the last axis: x - m - ln(sum of e^(x - m)), with m the largest, so that nothing overflows. */
function logSoftmax(x: Known): Float64Array {
  const out = new Float64Array(x.data.length);
  eachRow(x, x.shape.length - 1, (start, _, length) => {
    let top = -Infinity;
    for (let i = start; i < start + length; i++) top = Math.max(top, x.data[i] ?? NaN);
    let total = 0;
    for (let i = start; i < start + length; i++) total += Math.exp((x.data[i] ?? NaN) - top);
    const shift = top + Math.log(total);
    for (let i = start; i < start + length; i++) out[i] = (x.data[i] ?? NaN) - shift;
  });
  return out;
}
/** Of an operation that mixes the cells of the last axis. */
const overLast = <K extends Made>(cells: Definition<K>["cells"]): Definition<K> => ({
  shape: same,
  reads: alongAll((axis, { shape }) => axis === shape.length - 1),
  macs: noMacs,
  cells,
});

/**
 * Reductions over axes, the index of the first maximum and the running sum along one axis, and
 * softmax over the last; sums are made in doubles.
 */
export const reductions = {
  sum: reduction(0, plus),
  mean: reduction(0, plus, (total, cells) => total / cells),
  max: reduction(-Infinity, Math.max),
  min: reduction(Infinity, Math.min),
  argMax: {
    shape: (inputs, { axis }) => ({ ...without(same(inputs), [axis], false), dtype: "int32" }),
    reads: (call, index) => reads(input(call, index).shape, [call.attrs.axis], false),
    macs: noMacs,
    cells: (out, inputs, { attrs: { axis } }) => {
      const x = at(inputs, 0);
      let cell = 0;
      eachRow(x, axis, (start, apart, length) => {
        let best = 0;
        for (let i = 1; i < length; i++)
          if ((x.data[start + i * apart] ?? NaN) > (x.data[start + best * apart] ?? NaN)) best = i;
        out[cell++] = best;
      });
    },
  },
  cumSum: {
    shape: same,
    reads: ({ attrs: { axis: along, exclusive, reverse }, shape }) => {
      const own = exclusive ? 1 : 0;
      const summed = reverse ? { low: own, high: Infinity } : { low: -Infinity, high: -own };
      return shape.map((_, axis) =>
        axis === along ? line(axis, { ...summed, beyond: "nothing" }) : line(axis),
      );
    },
    macs: noMacs,
    cells: (out, inputs, { attrs: { axis, exclusive, reverse } }) => {
      const x = at(inputs, 0);
      eachRow(x, axis, (start, apart, length) => {
        let total = 0;
        for (let i = 0; i < length; i++) {
          const place = start + (reverse ? length - 1 - i : i) * apart;
          const value = x.data[place] ?? NaN;
          out[place] = exclusive ? total : total + value;
          total += value;
        }
      });
    },
  },
  softmax: overLast((out, inputs) => {
    out.set(logSoftmax(at(inputs, 0)).map(Math.exp));
  }),
  logSoftmax: overLast((out, inputs) => {
    out.set(logSoftmax(at(inputs, 0)));
  }),
} satisfies Family;
