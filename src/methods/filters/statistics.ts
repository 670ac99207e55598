import { at } from "../../base/at.ts";
import type { Kernel } from "./kernel.ts";

/** Per filter over its own weights, without the bias: all are [filters]. */
export interface FilterStatistics {
  /** L2 norm per filter. */
  readonly norms: Float32Array;
  /** Fraction of exact zeros per filter, 0..1. */
  readonly sparsity: Float32Array;
  readonly means: Float32Array;
}

/** Per filter of a [h, w, in, filters] kernel, in one pass over memory. */
export function filterStatistics({ shape, data }: Kernel): FilterStatistics {
  const filters = shape[3];
  const size = data.length / filters;
  // float64 sums: a large kernel has thousands of addends per filter
  const squares = new Float64Array(filters);
  const sums = new Float64Array(filters);
  const zeros = new Float64Array(filters);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    const filter = i % filters;
    squares[filter] = (squares[filter] ?? 0) + value * value;
    sums[filter] = (sums[filter] ?? 0) + value;
    if (value === 0) zeros[filter] = (zeros[filter] ?? 0) + 1;
  }
  return {
    norms: Float32Array.from(squares, Math.sqrt),
    sparsity: Float32Array.from(zeros, (count) => count / size),
    means: Float32Array.from(sums, (sum) => sum / size),
  };
}

/** Below this share of the median norm of its layer a filter is as good as zero. */
const NOTHING_BESIDE = 1e-3;

/** Filters whose norm is below a thousandth of the median of `norms`, or zero; ascending. */
export function nearZero(norms: Float32Array): number[] {
  if (norms.length === 0) return [];
  const least = NOTHING_BESIDE * at(norms.toSorted(), Math.floor(norms.length / 2));
  return [...norms.keys()].filter((filter) => at(norms, filter) === 0 || at(norms, filter) < least);
}
