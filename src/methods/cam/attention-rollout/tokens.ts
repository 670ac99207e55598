import { at } from "../../../base/at.ts";
import { sizeOf } from "../../../base/tensor.ts";
import type { Homes } from "../../../graph/index.ts";

/** The tokens along a side of a matrix of attention. */
export interface Tokens {
  /** How many there are: the places of the grid first, then class tokens and registers. */
  readonly count: number;
  /** The token of each cell of the side; -1: none (what fills up windows at the edge of a picture). */
  readonly ids: Int32Array;
  /** How far the side's cells are apart along each axis of the matrix. */
  readonly steps: readonly number[];
}

/** The queries of a matrix, or its keys. */
export function tokensAlong({ grid, shape, cells }: Homes): Tokens {
  const places = sizeOf(grid);
  const isOneRow = shape.filter((size) => size > 1).length === 1;
  let count = places;
  const ids = cells.map((home) => (home < 0 && isOneRow ? count++ : home));
  const steps = shape.map((size, axis) => (size === 1 ? 0 : sizeOf(shape.slice(axis + 1))));
  return { count, ids, steps };
}

/** Calls `visit` for each cell of a tensor in row-major order, with where that is in two others that it moves through by steps along each axis. */
export function alongBoth(
  shape: readonly number[],
  [first, second]: readonly [Tokens["steps"], Tokens["steps"]],
  visit: (cell: number, first: number, second: number) => void,
): void {
  const index = new Int32Array(shape.length);
  const count = sizeOf(shape);
  let [a, b] = [0, 0];
  for (let cell = 0; cell < count; cell++) {
    visit(cell, a, b);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = at(shape, axis);
      const next = at(index, axis) + 1;
      const turns = next === size;
      index[axis] = turns ? 0 : next;
      a += at(first, axis) * (turns ? 1 - size : 1);
      b += at(second, axis) * (turns ? 1 - size : 1);
      if (!turns) break;
    }
  }
}
