/** Positions of a grid inside a polygon. */
import { at } from "../base/at.ts";
import type { Pair } from "../graph/ops/attributes.ts";

/**
 * [rows * columns]: 1 inside of a polygon (by the even-odd rule, Foley et al. 1996) and where its sides pass, 0 elsewhere. Corners
 * are positions, row before column.
 */
export function positionsInside(
  corners: readonly Pair[],
  [rows, columns]: readonly [number, number],
): Float32Array {
  const inside = new Float32Array(rows * columns);
  const mark = (row: number, column: number): void => {
    if (row >= 0 && row < rows && column >= 0 && column < columns)
      inside[row * columns + column] = 1;
  };
  const sides = corners.map((to, i) => [at(corners, (i || corners.length) - 1), to] as const);
  for (let row = 0; row < rows; row++) {
    const crossings = sides
      .filter(([[a], [b]]) => a > row !== b > row)
      .map(([[a, left], [b, right]]) => left + ((row - a) * (right - left)) / (b - a))
      .sort((a, b) => a - b);
    for (let i = 1; i < crossings.length; i += 2) {
      const last = Math.min(columns - 1, Math.floor(at(crossings, i)));
      for (let column = Math.ceil(at(crossings, i - 1)); column <= last; column++)
        mark(row, column);
    }
  }
  for (const [[top, left], [bottom, right]] of sides) {
    const steps = Math.max(1, Math.abs(bottom - top), Math.abs(right - left));
    for (let step = 0; step <= steps; step++)
      mark(
        Math.round(top + ((bottom - top) * step) / steps),
        Math.round(left + ((right - left) * step) / steps),
      );
  }
  return inside;
}
