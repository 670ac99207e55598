import { at } from "./at.ts";

/** An array that numbers are written to. */
export type Cells = Float32Array | Int32Array | Uint8Array | number[];

/**
 * As many cells of the last axis are copied at once along all others: where kernels are turned round, each lies in a row of its own, and
 * the rows of more would not stay in the processor's caches until their next cell is read.
 */
const BLOCK = 32;

/**
 * Fills `to`, row-major, with cells of `from`: along axis i `lengths[i]` of them, which stand `steps[i]` apart. `to` has as many cells
 * as the lengths say; what lies outside of `from` is the caller's fault.
 */
export function copyStrided<T extends Cells>(
  from: ArrayLike<number>,
  to: T,
  lengths: readonly number[],
  steps: readonly number[],
): T {
  const [inner, step] = [lengths.at(-1) ?? 1, steps.at(-1) ?? 1];
  const index = lengths.slice(0, -1).fill(0);
  for (let first = 0; first < inner; first += BLOCK) {
    const end = Math.min(first + BLOCK, inner);
    let place = 0;
    for (let row = 0; row < to.length; row += inner) {
      for (let k = first; k < end; k++) to[row + k] = from[place + k * step] as number;
      for (let axis = index.length - 1; axis >= 0; axis--) {
        const [next, stride] = [at(index, axis) + 1, at(steps, axis)];
        place += stride;
        index[axis] = next;
        if (next < at(lengths, axis)) break;
        place -= next * stride;
        index[axis] = 0;
      }
    }
  }
  return to;
}
