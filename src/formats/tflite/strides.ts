/** STRIDED_SLICE's masks -> per axis of the input: where it begins, how many steps, which way; what is dropped or added. */
export interface StridedAxis {
  readonly begin: number;
  /** How many elements are taken. */
  readonly count: number;
  readonly stride: number;
  /** The axis disappears. */
  readonly drop: boolean;
  /** All of it, as it is. */
  readonly whole: boolean;
}
export interface StridedSlice {
  readonly axes: readonly StridedAxis[];
  /** The result's axes: an axis of the input, or null for a new one of size 1. */
  readonly out: readonly (number | null)[];
}

export interface StridedMasks {
  readonly begin: number;
  readonly end: number;
  readonly ellipsis: number;
  readonly newAxis: number;
  readonly shrink: number;
}

const bit = (mask: number, i: number): boolean => ((mask >> i) & 1) === 1;

export function stridedSlice(
  sizes: readonly number[],
  begins: readonly number[],
  ends: readonly number[],
  strides: readonly number[],
  masks: StridedMasks,
): StridedSlice {
  const axes: StridedAxis[] = [];
  const out: (number | null)[] = [];
  const taken = begins.filter((_, i) => !bit(masks.newAxis, i) && !bit(masks.ellipsis, i)).length;
  const whole = (): void => {
    out.push(axes.length);
    const count = sizes[axes.length] ?? 0;
    axes.push({ begin: 0, count, stride: 1, drop: false, whole: true });
  };
  begins.forEach((begin, i) => {
    if (bit(masks.ellipsis, i)) {
      for (let n = sizes.length - taken; n > 0; n--) whole();
      return;
    }
    if (bit(masks.newAxis, i)) {
      out.push(null);
      return;
    }
    const axis = along(sizes[axes.length] ?? 0, begin, ends[i] ?? 0, strides[i] ?? 1, {
      open: bit(masks.begin, i),
      endless: bit(masks.end, i),
      drop: bit(masks.shrink, i),
    });
    if (!axis.drop) out.push(axes.length);
    axes.push(axis);
  });
  while (axes.length < sizes.length) whole();
  return { axes, out };
}

function along(
  size: number,
  begin: number,
  end: number,
  stride: number,
  mask: { open: boolean; endless: boolean; drop: boolean },
): StridedAxis {
  const from = begin < 0 ? begin + size : begin;
  if (mask.drop) return { begin: from, count: 1, stride: 1, drop: true, whole: false };
  const [least, most] = stride > 0 ? [0, size] : [-1, size - 1];
  const limit = (at: number): number => Math.min(most, Math.max(least, at));
  const first = mask.open ? (stride > 0 ? 0 : size - 1) : limit(from);
  const last = mask.endless ? (stride > 0 ? size : -1) : limit(end < 0 ? end + size : end);
  const count = Math.max(0, Math.ceil((last - first) / stride));
  const whole = first === 0 && count === size && stride === 1;
  return { begin: first, count, stride, drop: false, whole };
}
