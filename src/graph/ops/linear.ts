import { at } from "../../base/at.ts";
import { sizeOf } from "../../base/tensor.ts";
import type { OpAttrs } from "./attributes.ts";
import { type Call, type Family, noMacs, type Typed } from "./definition.ts";
import { places } from "./moving.ts";
import { cellwise, input, line } from "./reading.ts";
import { broadcast, float, same } from "./shaping.ts";

function product(inputs: readonly Typed[], { transposeA, transposeB }: OpAttrs["matMul"]): Typed {
  const [a, b] = [at(inputs, 0).shape, at(inputs, 1).shape];
  if (a.length < 2 || b.length < 2) throw new RangeError("matMul takes two matrices");
  const inner = [at(a, transposeA ? -2 : -1), at(b, transposeB ? -1 : -2)];
  const [left, right] = [a.slice(0, -2), b.slice(0, -2)];
  const one = (lead: Typed["shape"]): boolean => lead.every((size) => size === 1);
  const stacked = String(left) === String(right) || one(left) || one(right);
  if (inner[0] !== inner[1] || !stacked)
    throw new RangeError(`matMul of [${a.join(", ")}] and [${b.join(", ")}]`);
  const [rows, columns] = [at(a, transposeA ? -1 : -2), at(b, transposeB ? -2 : -1)];
  return float([...broadcast(left, right), rows, columns]);
}
/** Along which axis of input `index` products are summed up. */
const summed = ({ inputs, attrs }: Call<"matMul">, index: number): number =>
  at(inputs, index).shape.length -
  (index === 0 ? (attrs.transposeA ? 2 : 1) : attrs.transposeB ? 1 : 2);

/** As the first input; throws a RangeError where another has not a number for each of its channels. */
function perChannel(inputs: readonly Typed[]): Typed {
  const channels = at(inputs, 0).shape.at(-1);
  for (const { shape } of inputs.slice(1))
    if (shape.length !== 1 || shape[0] !== channels)
      throw new RangeError(`[${shape.join(", ")}] is no number for each of ${channels} channels`);
  return same(inputs);
}

/**
 * `biasAdd` and `batchNorm` ((x - mean) / sqrt(variance + epsilon) * scale + offset) of the
 * channels in the last axis, and products of matrices in the last two axes.
 */
export const linear = {
  biasAdd: {
    shape: perChannel,
    reads: cellwise,
    macs: noMacs,
    cells: (out, inputs) => {
      const [x, bias] = [at(inputs, 0).data, at(inputs, 1).data];
      for (let i = 0; i < out.length; i++) out[i] = (x[i] ?? NaN) + (bias[i % bias.length] ?? NaN);
    },
  },
  matMul: {
    shape: product,
    reads: (call, index) => {
      const [rank, out] = [input(call, index).shape.length, call.shape.length];
      // rows of the output are the rows of a, its columns those of b
      return cellwise({ inputs: [lead(call, index)], shape: call.shape.slice(0, -2) }, 0).concat(
        [rank - 2, rank - 1].map((axis) =>
          axis === summed(call, index) ? "all" : line(out - 2 + index),
        ),
      );
    },
    macs: (call) => sizeOf(call.shape) * at(input(call, 0).shape, summed(call, 0)),
    cells: (out, inputs, call) => {
      const [a, b] = [at(inputs, 0), at(inputs, 1)];
      const [rows, columns] = [at(call.shape, -2), at(call.shape, -1)];
      const inner = at(a.shape, summed(call, 0));
      const stack = call.shape.slice(0, -2);
      const [as, bs] = [0, 1].map((index) => {
        const from = lead(call, index);
        return places(cellwise({ inputs: [from], shape: stack }, 0), from.shape, stack);
      }) as [Int32Array, Int32Array];
      const { transposeA, transposeB } = call.attrs;
      let cell = 0;
      as.forEach((matrix, m) => {
        const [startA, startB] = [matrix * rows * inner, at(bs, m) * inner * columns];
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < columns; j++) {
            let total = 0;
            for (let k = 0; k < inner; k++) {
              const left = a.data[startA + (transposeA ? k * rows + i : i * inner + k)] ?? NaN;
              const right = b.data[startB + (transposeB ? j * inner + k : k * columns + j)] ?? NaN;
              total += left * right;
            }
            out[cell++] = total;
          }
      });
    },
  },
  batchNorm: {
    shape: perChannel,
    reads: cellwise,
    macs: noMacs,
    cells: (out, inputs, { attrs: { epsilon } }) => {
      const { data } = at(inputs, 0);
      const [scale, offset, mean, variance] = [1, 2, 3, 4].map((i) => at(inputs, i).data);
      if (!scale || !offset || !mean || !variance) return;
      for (let i = 0; i < out.length; i++) {
        const c = i % mean.length;
        const centred = (data[i] ?? NaN) - (mean[c] ?? NaN);
        const deviation = Math.sqrt((variance[c] ?? NaN) + epsilon);
        out[i] = (centred / deviation) * (scale[c] ?? NaN) + (offset[c] ?? NaN);
      }
    },
  },
} satisfies Family;
/** The axes of input `index` before its matrices. */
const lead = (call: Call<"matMul">, index: number) => ({
  shape: input(call, index).shape.slice(0, -2),
});
