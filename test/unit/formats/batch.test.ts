import assert from "node:assert/strict";
import {
  BATCH as N,
  exact,
  exactly,
  freeAgain,
  freeBatch,
  freed,
  sizeFor,
  timesAfter,
  type Exact,
} from "../../../src/formats/lower/batch.ts";
import { Unsupported } from "../../../src/formats/lower/unsupported.ts";

describe("the free batch", () => {
  it("is a multiple of itself, and nothing else is", () => {
    assert.deepEqual([N, 4 * N, 0, 4, N + 1].map(freed), [null, null, 0, 4, N + 1]);
    assert.deepEqual([sizeFor(7 * N, 2), sizeFor(7, 2)], [14, 7]);
    assert.deepEqual([freeAgain(14, 2), freeAgain(7, 2), freeAgain(7, 0)], [7 * N, null, null]);
  });

  it("stands where as many cells are before it, in sizes that were written for another batch", () => {
    const told: [shape: number[], wanted: number[], batch: number, free: number[]][] = [
      // windows out of the batch: not the windows are the batch
      [[64 * N, 49, 96], [1, 64, 49, 96], 1, [N, 64, 49, 96]],
      [[N, 8, 7, 8, 7, 96], [64, 49, 96], 1, [64 * N, 49, 96]],
      [[64 * N, 49, 96], [3, 64, 49, 96], 3, [N, 64, 49, 96]],
      [[7, N, 64], [7, 1, 64], 1, [7, N, 64]],
      [[7, N, 64], [14, 8, 8], 2, [14, 8, 8]],
      [[7, N, 4, 16], [7, 8, 16], 2, [7, 4 * N, 16]],
      [[N, 196, 64], [2, -1], 2, [N, 196 * 64]],
      [[N, 196], [-1], 1, [196 * N]],
      [[49, 96], [1, 49, 96], 1, [1, 49, 96]],
    ];
    for (const [shape, wanted, batch, free] of told)
      assert.deepEqual(freeBatch(shape, wanted, batch), free, String(wanted));
  });

  it("is computed with where the result holds for every batch", () => {
    const told: [Exact, number, number, number][] = [
      ["add", N, 3 * N, 4 * N],
      ["add", N, 0, N],
      ["sub", N, N, 0],
      ["mul", N, 7, 7 * N],
      ["div", 8 * N, 4, 2 * N],
      ["div", 8 * N, 4 * N, 2],
      ["maximum", N, 1, N],
      ["minimum", N, 1, 1],
      ["maximum", 2 * N, 3 * N, 3 * N],
      ["greater", N, 0, 1],
      ["less", N, 1, 0],
      ["equal", N, -1, 0],
      ["equal", 4 * N, 3, 0],
      ["notEqual", 2 * N, 2 * N, 0],
      ["logicalAnd", N, 1, 1],
    ];
    for (const [op, a, b, wanted] of told) assert.equal(exact(op, a, b), wanted, `${op} ${a} ${b}`);
    assert.equal(
      exactly((x) => -x, N),
      -N,
    );
  });

  it("is refused where it would become a number", () => {
    const refused: [Exact, number, number][] = [
      ["add", N, 1],
      ["sub", N, 1],
      ["mul", N, 0.5],
      ["mul", N, N],
      ["div", N, 2],
      ["div", 5, N],
      ["pow", N, 2],
      ["maximum", N, 3],
      ["minimum", 3, N],
      ["greater", N, 3],
      ["equal", N, 1],
      ["notEqual", 4 * N, 8],
    ];
    for (const [op, a, b] of refused)
      assert.throws(() => exact(op, a, b), Unsupported, `${op} ${a} ${b}`);
    assert.throws(() => exactly(Math.sqrt, N), Unsupported);
  });

  it("counts whole rows when axes go into the first one or come out of it", () => {
    assert.equal(timesAfter(1, 49 * 96, 96), 49);
    assert.equal(timesAfter(49, 96, 49 * 96), 1);
    // 28 / 3 * 12 and the like: the factors do not divide one another, the product does
    assert.equal(timesAfter(3, 4, 6), 2);
    assert.throws(() => timesAfter(1, 3, 2), Unsupported);
  });
});
