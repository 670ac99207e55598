/** Boxes of cells: which part of an input a part of an output reads. */
import { at } from "../base/at.ts";
import { sizeOf } from "../base/tensor.ts";
import type { Made } from "./ops/attributes.ts";
import type { AxisReads, Call, Line } from "./ops/definition.ts";
import { definitions } from "./ops/index.ts";
import { inside } from "./ops/moving.ts";
import { ROUNDING } from "./ops/reading.ts";

/** Cells `low` to `high` of an axis, both included; those outside the tensor are padding. */
export type Interval = readonly [low: number, high: number];
/** One interval per axis. */
export type Box = readonly Interval[];

/** All cells of a tensor. */
export const wholeBox = (shape: readonly number[]): Box => shape.map((size) => [0, size - 1]);
/** The smallest box around two of the same tensor. */
export const hull = (a: Box, b: Box): Box =>
  a.map(([low, high], axis) => [Math.min(low, at(b, axis)[0]), Math.max(high, at(b, axis)[1])]);

/** The part of input `index` that the cells of `box` read between them, at the most; null: none of its numbers. */
export function readBox<K extends Made>(op: K, call: Call<K>, index: number, box: Box): Box | null {
  const from = at(call.inputs, index).shape;
  const reads = definitions[op].reads(call, index);
  if (reads === "nothing") return null;
  if (reads === "in order") return regrouped(box, call.shape, from);
  const read = reads.map((axis, i) => readAlong(axis, box, at(from, i)));
  return read.every((interval) => interval !== null) ? read : null;
}

function readAlong(read: AxisReads, box: Box, size: number): Interval | null {
  if (read === "all") return [0, size - 1];
  const [first, last] = at(box, read.axis);
  const ends = [first * read.step, last * read.step];
  // zero is added so that none is negative
  const low = 0 + Math.ceil(Math.min(...ends) + read.low - ROUNDING);
  const high = 0 + Math.floor(Math.max(...ends) + read.high + ROUNDING);
  return low > high ? null : within([low, high], size, read);
}

/** The cells of an axis that stand for those of an interval that may reach beyond its ends. */
function within([low, high]: Interval, size: number, { beyond }: Line): Interval | null {
  if (low >= 0 && high < size) return [low, high];
  switch (beyond) {
    case "padding":
      return [low, high];
    case "nothing":
      return low >= size || high < 0 ? null : [Math.max(low, 0), Math.min(high, size - 1)];
    case "edge":
      return [inside(low, size, beyond), inside(high, size, beyond)];
    case "wrap": {
      const [from, to] = [inside(low, size, beyond), inside(high, size, beyond)];
      return high - low < size && from <= to ? [from, to] : [0, size - 1];
    }
    case "reflect":
    case "symmetric": {
      const turns = [low, Math.min(high, -1), 0, size - 1, Math.max(low, size), high];
      const cells = turns
        .filter((cell) => cell >= low && cell <= high)
        .map((cell) => inside(cell, size, beyond));
      return [Math.min(...cells), Math.max(...cells)];
    }
  }
}

/** Axes of one shape that hold the same cells as axes of another: [H, W, C] and [H * W, C] have two such groups. */
export interface AxisGroup {
  readonly left: readonly number[];
  readonly right: readonly number[];
}
/** The smallest groups of axes of two shapes of as many cells, in order. */
export function axisGroups(left: readonly number[], right: readonly number[]): AxisGroup[] {
  const groups: AxisGroup[] = [];
  const sizes = (shape: readonly number[], axes: readonly number[]): number =>
    sizeOf(axes.map((axis) => at(shape, axis)));
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const group = { left: i < left.length ? [i++] : [], right: j < right.length ? [j++] : [] };
    for (;;) {
      const [a, b] = [sizes(left, group.left), sizes(right, group.right)];
      if (a < b && i < left.length) group.left.push(i++);
      else if (b < a && j < right.length) group.right.push(j++);
      else break;
    }
    groups.push(group);
  }
  return groups;
}

/** The cells of `to` at the same places in row-major order as those of a box of `from`. */
function regrouped(box: Box, from: readonly number[], to: readonly number[]): Box {
  const read: Interval[] = to.map((size) => [0, size - 1]);
  for (const { left, right } of axisGroups(from, to)) {
    const [own, others] = [left, right].map((axes, side) =>
      axes.filter((axis) => at(side === 0 ? from : to, axis) !== 1),
    ) as [number[], number[]];
    const [only, other] = [own[0], others[0]];
    if (own.length === 1 && others.length === 1 && only !== undefined && other !== undefined)
      read[other] = at(box, only);
    else {
      const ends = ([0, 1] as const).map((end) =>
        left.reduce((place, axis) => {
          const size = at(from, axis);
          return place * size + inside(at(box, axis)[end], size, "edge");
        }, 0),
      );
      spreadOut(ends as [number, number], right, to, read);
    }
  }
  return read;
}
/** Writes the intervals of `axes` that cells `low` to `high` of them, counted through, lie in. */
function spreadOut(
  [low, high]: Interval,
  axes: readonly number[],
  shape: readonly number[],
  read: Interval[],
): void {
  let rest = sizeOf(axes.map((axis) => at(shape, axis)));
  let [from, to] = [low, high];
  for (const axis of axes) {
    rest /= at(shape, axis);
    const [first, last] = [Math.floor(from / rest), Math.floor(to / rest)];
    read[axis] = [first, last];
    if (first !== last) return; // the axes after it are gone through once at least
    [from, to] = [from % rest, to % rest];
  }
}
