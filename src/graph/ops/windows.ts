import type { Padding, Pair } from "./attributes.ts";

/** What a sliding window does along one axis: output length and the zeros in front and behind. */
export interface Window1d {
  readonly out: number;
  readonly before: number;
  readonly after: number;
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 1;

/** TensorFlow's arithmetic of `same`, `valid` and explicit padding for rows and columns. */
export function slide(
  input: Pair,
  kernel: Pair,
  strides: Pair,
  dilations: Pair,
  padding: Padding,
): readonly [Window1d, Window1d] {
  const along = (axis: 0 | 1): Window1d => {
    const span = (kernel[axis] - 1) * dilations[axis] + 1;
    const stride = strides[axis];
    if (![kernel[axis], stride, dilations[axis]].every(isCount))
      throw new RangeError(
        `a window of ${kernel[axis]}, ${stride} apart, dilated by ${dilations[axis]}`,
      );
    if (padding === "same") {
      const out = Math.ceil(input[axis] / stride);
      const total = Math.max(0, (out - 1) * stride + span - input[axis]);
      return { out, before: Math.floor(total / 2), after: total - Math.floor(total / 2) };
    }
    const before = padding === "valid" ? 0 : padding[axis === 0 ? 0 : 2];
    const after = padding === "valid" ? 0 : padding[axis === 0 ? 1 : 3];
    const out = Math.floor((input[axis] + before + after - span) / stride) + 1;
    if (out < 1) throw new RangeError(`a window of ${span} does not fit ${input[axis]} cells`);
    return { out, before, after };
  };
  return [along(0), along(1)];
}
