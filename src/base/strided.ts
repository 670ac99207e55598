import { at } from "./at.ts";

/** An array that numbers are written to. */
export type Cells = Float32Array | Int32Array | Uint8Array | number[];

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
  // the last axis, which is most of the work, in a loop of its own
  const [inner, step] = [lengths.at(-1) ?? 1, steps.at(-1) ?? 1];
  const index = lengths.slice(0, -1).fill(0);
  let place = 0;
  for (let i = 0; inner > 0 && i < to.length;) {
    for (let k = 0; k < inner; k++) to[i++] = from[place + k * step] as number;
    for (let axis = index.length - 1; axis >= 0; axis--) {
      const [next, stride] = [at(index, axis) + 1, at(steps, axis)];
      place += stride;
      index[axis] = next;
      if (next < at(lengths, axis)) break;
      place -= next * stride;
      index[axis] = 0;
    }
  }
  return to;
}
