import { at } from "../../base/at.ts";
import { type AxisReads, type Family, noMacs } from "./definition.ts";
import { input, line } from "./reading.ts";
import { float, same } from "./shaping.ts";

/**
 * Cells by their indices, and indices as one-hot rows. `gather` throws a RangeError for an index
 * out of range when its cells are computed; `oneHot` has a row of zeros for it.
 */
export const indexing = {
  gather: {
    shape: (inputs, { axis }) => {
      const { shape, dtype } = same(inputs);
      return {
        shape: [...shape.slice(0, axis), ...at(inputs, 1).shape, ...shape.slice(axis + 1)],
        dtype,
      };
    },
    reads: (call, index) => {
      const { axis: along } = call.attrs;
      const [x, indices] = [input(call, 0), input(call, 1)];
      if (index === 1) return indices.shape.map((_, axis) => line(along + axis));
      const added = indices.shape.length - 1;
      return x.shape.map((_, axis) =>
        axis === along ? picked(indices, along) : line(axis < along ? axis : axis + added),
      );
    },
    macs: noMacs,
    cells: (out, inputs, { attrs: { axis } }) => {
      const [x, indices] = [at(inputs, 0), at(inputs, 1)];
      const inner = x.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
      const size = at(x.shape, axis);
      let cell = 0;
      for (let start = 0; start < x.data.length; start += size * inner)
        for (let k = 0; k < indices.data.length; k++) {
          const picks = at(indices.data, k);
          // cells of another row would be no error that anyone sees
          if (picks < 0 || picks >= size) throw new RangeError(`it picks cell ${picks} of ${size}`);
          for (let i = 0; i < inner; i++) out[cell++] = x.data[start + picks * inner + i] ?? NaN;
        }
    },
  },
  oneHot: {
    shape: (inputs, { depth }) => float([...same(inputs).shape, depth]),
    reads: (call, index) => input(call, index).shape.map((_, axis) => line(axis)),
    macs: noMacs,
    cells: (out, inputs, { attrs: { depth } }) => {
      const { data } = at(inputs, 0);
      for (let i = 0; i < out.length; i++)
        out[i] = Number(data[Math.floor(i / depth)] === i % depth);
    },
  },
} satisfies Family;

/** Which cells indices that are known pick: where they are evenly spaced along one axis, one after the other; otherwise any. */
function picked(
  { shape, data }: { readonly shape: readonly number[]; readonly data?: ArrayLike<number> },
  axis: number,
): AxisReads {
  if (!data || shape.length !== 1 || data.length === 0) return "all";
  const low = at(data, 0);
  const step = data.length > 1 ? at(data, 1) - low : 1;
  const even = Array.from(data).every((cell, i) => cell === low + i * step);
  return even ? line(axis, { step, low }) : "all";
}
