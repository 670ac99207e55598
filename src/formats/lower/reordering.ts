/** The same cells in another order along an axis. */
import { at } from "../../base/at.ts";
import { concat, slice, split } from "./indexing.ts";
import type { Lowering } from "./lowering.ts";
import { Unsupported } from "./unsupported.ts";
import { axisOf, known, type Value } from "./value.ts";

/** The cells of `axes` from the last to the first. */
export function flip(l: Lowering, x: Value, axes: readonly number[]): Value {
  const sizes = axes.map((axis) => known(x.shape, axisOf(axis, x.shape.length)));
  return slice(l, x, axes, sizes, sizes.map((n) => -n - 1), sizes.map(() => -1)); // prettier-ignore
}

/** Cells moved on by `shifts` along each of `axes`; those that leave come in again at the other end. */
export function roll(
  l: Lowering,
  x: Value,
  axes: readonly number[],
  shifts: readonly number[],
): Value {
  if (axes.length !== shifts.length) throw new Unsupported("its shifts do not fit its axes");
  return axes.reduce((value, axis, i) => {
    const along = axisOf(axis, value.shape.length);
    const size = known(value.shape, along);
    const shift = ((at(shifts, i) % size) + size) % size;
    if (shift === 0) return value;
    return concat(l, split(l, value, along, [size - shift, shift]).reverse(), along);
  }, x);
}
