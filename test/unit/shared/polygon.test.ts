import assert from "node:assert/strict";
import type { Pair } from "../../../src/graph/index.ts";
import { positionsInside } from "../../../src/shared/polygon.ts";

const drawn = (corners: readonly Pair[], size: Pair): string[] => {
  const cells = positionsInside(corners, size);
  return Array.from({ length: size[0] }, (_, row) =>
    [...cells.subarray(row * size[1], (row + 1) * size[1])].map((on) => (on ? "#" : ".")).join(""),
  );
};

describe("positions inside a polygon", () => {
  it("a rectangle has its corners and sides", () =>
    assert.deepEqual(
      drawn(
        [
          [1, 1],
          [1, 4],
          [3, 4],
          [3, 1],
        ],
        [5, 6],
      ),
      ["......", ".####.", ".####.", ".####.", "......"],
    ));

  it("a concave one leaves its notch out, and what is thinner than a position is seen", () => {
    assert.deepEqual(
      drawn(
        [
          [0, 0],
          [0, 6],
          [4, 6],
          [1, 3],
          [4, 0],
        ],
        [5, 7],
      ),
      ["#######", "#######", "###.###", "##...##", "#.....#"],
    );
    assert.deepEqual(
      drawn(
        [
          [2, 0],
          [2, 3],
          [2, 0],
        ],
        [3, 5],
      ),
      [".....", ".....", "####."],
    );
  });

  it("a sum over the polygon is that over the same region of a picture", () => {
    const cells = positionsInside(
      [
        [2, 3],
        [5, 9],
        [7, 2],
      ],
      [9, 12],
    );
    // every centre by the winding of the three sides
    const side = ([a, b]: Pair, [c, d]: Pair, row: number, column: number): number =>
      (c - a) * (column - b) - (d - b) * (row - a);
    for (let row = 0; row < 9; row++)
      for (let column = 0; column < 12; column++) {
        const signs = [
          side([2, 3], [5, 9], row, column),
          side([5, 9], [7, 2], row, column),
          side([7, 2], [2, 3], row, column),
        ];
        const within = signs.every((v) => v > 0) || signs.every((v) => v < 0);
        if (within) assert.equal(cells[row * 12 + column], 1, `${row}, ${column}`);
      }
  });
});
