import { Unsupported } from "./unsupported.ts";
import { slice } from "./indexing.ts";
import type { Lowering } from "./lowering.ts";
import { reshape } from "./reshaping.ts";
import { known, range, type Value } from "./value.ts";

/** TensorFlow's masks: bit i speaks of the i-th begin, end and stride. */
export interface StridedMasks {
  /** From the first cell on. */
  readonly begin: number;
  /** To the last cell. */
  readonly end: number;
  /** Stands for as many whole axes as are left. */
  readonly ellipsis: number;
  /** A new axis of length 1. */
  readonly newAxis: number;
  /** One cell, whose axis goes. */
  readonly shrink: number;
}

const bit = (mask: number, i: number): boolean => ((mask >> i) & 1) === 1;

/** TensorFlow's and TFLite's StridedSlice: NumPy's `x[begin:end:stride, ..., None, i]`, one entry of the lists for each part. */
export function stridedSlice(
  l: Lowering,
  x: Value,
  begins: readonly number[],
  ends: readonly number[],
  strides: readonly number[],
  masks: StridedMasks,
): Value {
  const parts: { axis: number; start: number; end: number; step: number }[] = [];
  /** Axes of the result: axes of `x`, null for new ones. */
  const kept: (number | null)[] = [];
  const rank = x.shape.length;
  const named = begins.filter((_, i) => !bit(masks.newAxis, i) && !bit(masks.ellipsis, i)).length;
  let axis = 0;
  begins.forEach((begin, i) => {
    if (bit(masks.ellipsis, i)) {
      for (let left = rank - named; left > 0; left--) kept.push(axis++);
    } else if (bit(masks.newAxis, i)) kept.push(null);
    else {
      const [size, end, step] = [x.shape[axis], ends[i], strides[i]];
      if (size === undefined || end === undefined || !step)
        throw new Unsupported("its begins, ends and strides do not fit its input");
      const start = begin < 0 ? begin + size : begin;
      if (bit(masks.shrink, i)) {
        if (start < 0 || start >= size) throw new Unsupported("it takes a cell that is not there");
        parts.push({ axis, start, end: start + 1, step: 1 });
      } else {
        parts.push({
          axis,
          start: bit(masks.begin, i) ? (step > 0 ? 0 : size - 1) : begin,
          end: bit(masks.end, i) ? (step > 0 ? size : -size - 1) : end,
          step,
        });
        kept.push(axis);
      }
      axis++;
    }
  });
  const part = slice(
    l,
    x,
    parts.map((one) => one.axis),
    parts.map((one) => one.start),
    parts.map((one) => one.end),
    parts.map((one) => one.step),
  );
  const shape = [...kept, ...range(rank - axis, axis)];
  return reshape(
    l,
    part,
    shape.map((own) => (own === null ? 1 : (part.shape[own] ?? known(part.shape, own)))),
  );
}
