/**
 * Where in the picture the cells of a tensor are at home. Axes are written as digits, so that rows and columns are found again after
 * reshapes that regroup them: tokens, windows.
 */
import { at } from "../base/at.ts";
import { sizeOf } from "../base/tensor.ts";
import { axisGroups, type Interval } from "./boxes.ts";
import type { Pair } from "./ops/attributes.ts";
import type { AxisReads, Line } from "./ops/definition.ts";
import { ROUNDING } from "./ops/reading.ts";
import type { ReceptiveField } from "./types.ts";

/** One digit of an axis: from one to the next of its `size` values a cell's home moves by `steps` pixels, rows and columns. */
interface Digit {
  readonly size: number;
  readonly steps: Pair;
}
/** Cell i is digits that write i - offset in row-major order. */
interface Axis {
  readonly digits: readonly Digit[];
  readonly offset: number;
}
/**
 * Where in the picture the cells of a tensor are at home, and what they see: rows and columns from home + low to home + high; null:
 * everything.
 */
export interface Place {
  readonly axes: readonly Axis[];
  readonly sees: readonly [rows: Interval | null, columns: Interval | null];
}
const BOTH = [0, 1] as const;
type Side = 0 | 1;

const digit = (size: number, rows = 0, columns = 0): Digit => ({ size, steps: [rows, columns] });
const axisOf = (...digits: Digit[]): Axis => ({ digits, offset: 0 });
const both = <T>(of: (side: Side) => T): readonly [T, T] => [of(0), of(1)];
/** No cell is at home anywhere, and each may see everything. */
export const nowhere = (shape: readonly number[]): Place => ({
  axes: shape.map((size) => axisOf(digit(size))),
  sees: [null, null],
});
/** Maps [N, H, W, C] that cover a picture evenly; `sees`: what each cell knows of it. */
export const mapsOf = (shape: readonly number[], picture: Pair, sees: Interval | null): Place => ({
  axes: shape.map((size, axis) =>
    axisOf(digit(size, axis === 1 ? picture[0] / size : 0, axis === 2 ? picture[1] / size : 0)),
  ),
  sees: [sees, sees],
});

/** The digits along which a cell's home moves up and down (0) or to the side (1), with their axes. */
const moving = ({ axes }: Place, side: Side): { axis: number; digit: Digit }[] =>
  axes.flatMap(({ digits }, axis) =>
    digits.filter(({ steps }) => steps[side] !== 0).map((own) => ({ axis, digit: own })),
  );
/** How far home moves at the most while digits run through their values. */
function range(digits: readonly Digit[], side: Side): Interval {
  const ends = digits.map(({ size, steps }) => steps[side] * (size - 1));
  return [
    ends.reduce((sum, end) => sum + Math.min(0, end), 0),
    ends.reduce((sum, end) => sum + Math.max(0, end), 0),
  ];
}
const plus = (a: Interval | null, [low, high]: Interval): Interval | null =>
  a && [a[0] + low, a[1] + high];

/** Neighbouring digits that are one number are written as one; those that say nothing are left out. */
function joined(digits: readonly Digit[]): Digit[] {
  const result: Digit[] = [];
  for (const own of digits) {
    if (own.size === 1 && BOTH.every((side) => own.steps[side] === 0)) continue;
    const before = result.at(-1);
    const one = before && BOTH.every((side) => before.steps[side] === own.steps[side] * own.size);
    if (before && one) result[result.length - 1] = { ...own, size: before.size * own.size };
    else result.push(own);
  }
  return result.length > 0 ? result : [digit(1)];
}

/** The place of an operation's output (of a shape) by one of its inputs. */
export class Through {
  readonly axes: Axis[];
  private sees: Place["sees"];

  constructor(
    private readonly from: Place,
    shape: readonly number[],
  ) {
    this.axes = shape.map((size) => axisOf(digit(size)));
    this.sees = from.sees;
  }

  read(reads: readonly AxisReads[]): Place {
    reads.forEach((own, axis) => {
      const source = at(this.from.axes, axis);
      if (own === "all") this.mix(source.digits);
      else this.follow(source, own);
    });
    return this.place();
  }
  /** The same cells in another shape. */
  regroup(from: readonly number[]): Place {
    const shape = this.axes.map(sizeOfAxis);
    for (const { left, right } of axisGroups(from, shape)) {
      const sources = left.map((axis) => at(this.from.axes, axis));
      const digits = sources.flatMap((source) => source.digits);
      const sizes = right.map((axis) => at(shape, axis));
      const whole = left.every((axis, i) => isWhole(at(sources, i), at(from, axis)));
      const split = whole ? dealt(digits, sizes) : null;
      const [only, ...others] = sources.filter(({ digits: own }) => !isStill(own));
      const [to, ...more] = right.filter((axis) => at(shape, axis) !== 1);
      const same = to !== undefined && more.length === 0 && left.some((axis) => at(from, axis) === at(shape, to)); // prettier-ignore
      if (split) right.forEach((axis, i) => (this.axes[axis] = axisOf(...joined(at(split, i)))));
      else if (same && only && others.length === 0) this.axes[to] = only;
      else this.mix(digits);
    }
    return this.place();
  }

  /** Cells of all values of these digits are read at once. */
  private mix(digits: readonly Digit[]): void {
    this.sees = both((side) => plus(this.sees[side], range(digits, side)));
  }
  private follow({ digits, offset }: Axis, { axis, step, low, high }: Line): void {
    // one row or column that is written beside others leads nowhere
    const still = digits.length > 1 ? digits.filter((own) => own.size === 1) : [];
    const [only, other] = digits.filter((own) => !still.includes(own));
    const size = sizeOfAxis(at(this.axes, axis));
    if (only && other === undefined && Number.isFinite(high - low)) {
      const [first, last] = within(low - offset, high - offset);
      this.sees = both((side) => {
        const ends = [first * only.steps[side], last * only.steps[side]];
        return plus(this.sees[side], [Math.min(...ends), Math.max(...ends)]);
      });
      const moved = digit(size, only.steps[0] * step, only.steps[1] * step);
      this.axes[axis] = axisOf(...still, moved);
    } else if (step === 1 && low === high && size >= sizeOfAxis({ digits, offset }))
      this.axes[axis] = { digits, offset: offset - low };
    else this.mix(digits);
  }
  private place(): Place {
    const place = { axes: this.axes, sees: this.sees };
    // where no axis leads up and down any more, what was mixed was all there is
    return {
      ...place,
      sees: both((side) => (moving(place, side).length > 0 ? this.sees[side] : null)),
    };
  }
}
/** Real ends, drawn in as far as whole cells allow: a line of length 1.5 holds two of them at the most. */
function within(low: number, high: number): Interval {
  const slack = high - low - Math.floor(high - low + ROUNDING);
  const rounded = (end: number): number => Math.round(end * 1e6) / 1e6;
  return slack <= ROUNDING ? [low, high] : [rounded(low + slack / 2), rounded(high - slack / 2)];
}
const sizeOfAxis = ({ digits }: Axis): number => sizeOf(digits.map(({ size }) => size));
const isWhole = (axis: Axis, size: number): boolean =>
  axis.offset === 0 && sizeOfAxis(axis) === size;
/** Whether all cells of an axis are at home at the same place. */
const isStill = (digits: readonly Digit[]): boolean =>
  digits.every(({ steps }) => BOTH.every((side) => steps[side] === 0));

/** Digits dealt out to axes of `sizes` in order; null where an axis would begin within a digit that does not divide. */
function dealt(digits: readonly Digit[], sizes: readonly number[]): Digit[][] | null {
  const rest = [...digits];
  const result: Digit[][] = [];
  for (const wanted of sizes.toReversed()) {
    const own: Digit[] = [];
    for (let size = wanted; size > 1 || (own.length === 0 && rest.at(-1)?.size === 1);) {
      const last = rest.pop();
      if (!last) return null;
      if (size % last.size === 0) own.unshift(last);
      else if (last.size % size === 0) {
        const steps = both((side) => last.steps[side] * size);
        rest.push({ size: last.size / size, steps });
        own.unshift({ size, steps: last.steps });
      } else return null;
      size = Math.max(1, size / last.size);
    }
    result.unshift(own.length > 0 ? own : [digit(1)]);
  }
  // what is left over has one value
  if (rest.length > 0 && result[0]) result[0].unshift(...rest);
  return result;
}

/** What a cell sees that reads cells of both at the same place: at home where `a` is, or `b` where that leads further. */
export function union(a: Place, b: Place, picture: Pair): Place {
  const count = (place: Place): number =>
    BOTH.filter((side) => moving(place, side).length > 0).length;
  if (count(b) > count(a)) return union(b, a, picture);
  return {
    axes: a.axes,
    sees: both((side): Interval | null => {
      const [own, other] = [a.sees[side], b.sees[side]];
      if (!own || !other) return null;
      const apart = distance(a, b, side);
      const [low, high] = [
        Math.min(own[0], other[0] + apart[0]),
        Math.max(own[1], other[1] + apart[1]),
      ];
      const everything = apart[0] !== apart[1] && high - low + 1 >= picture[side];
      return everything ? null : [low, high];
    }),
  };
}
/** How far the home of a cell in `b` may be from its home in `a`. */
function distance(a: Place, b: Place, side: Side): Interval {
  const apart = a.axes.map((own, axis): Interval => {
    const other = at(b.axes, axis);
    const alike =
      own.offset === other.offset &&
      own.digits.length === other.digits.length &&
      own.digits.every(({ size }, i) => size === at(other.digits, i).size);
    const [low, high] = range(own.digits, side);
    if (!alike) return plus(range(other.digits, side), [-high, -low]) ?? [0, 0];
    const differences = own.digits.map(({ size, steps }, i) => {
      const step = at(other.digits, i).steps[side] - steps[side];
      // sums of fractions
      return digit(
        size,
        ...(Math.abs(step) > ROUNDING ? both((s) => (s === side ? step : 0)) : []),
      );
    });
    return range(differences, side);
  });
  return apart.reduce((sum, own) => plus(sum, own) ?? sum, [0, 0]);
}

/** Whether the cells of [N, H, W, C] are places side by side: rows along axis 1 alone, columns along axis 2 alone, and not just one. */
export function isMap(place: Place): boolean {
  const [, rows, columns] = place.axes;
  if (place.axes.length !== 4 || !rows || !columns) return false;
  const alone = (side: Side, axis: number): boolean => {
    // one row or column leads nowhere, wherever it is written
    const own = moving(place, side).filter(({ digit: { size } }) => size > 1);
    if (own.length === 0) return sizeOfAxis(at(place.axes, axis)) === 1;
    return (
      own.length === 1 &&
      own[0]?.axis === axis &&
      at(place.axes, axis).digits.every((one) => one.size === 1 || one === own[0]?.digit)
    );
  };
  const cells = sizeOf([rows, columns].flatMap(({ digits }) => digits.map(({ size }) => size)));
  return alone(0, 1) && alone(1, 2) && cells > 1;
}

/** The theoretical receptive field of the cells at a place. */
export function fieldOf(place: Place, picture: Pair): ReceptiveField {
  const along = both((side) => {
    const [sees, steps] = [place.sees[side], moving(place, side).map(({ digit: own }) => own)];
    if (!sees || steps.length === 0) return { start: 0, stride: 0, size: picture[side] };
    const stride = Math.min(...steps.map((own) => Math.abs(own.steps[side])));
    // where cells are counted from the other end, the first is the one that is first in the picture
    const [turned] = range(steps, side);
    return { start: sees[0] + turned, stride, size: sees[1] - sees[0] + 1 };
  });
  return {
    size: both((side) => along[side].size),
    stride: both((side) => along[side].stride),
    start: both((side) => along[side].start),
  };
}
