import assert from "node:assert/strict";
import type { Program } from "../../../src/engine/types.ts";
import { rowsAtOnce, runRows } from "../../../src/methods/batching.ts";
import { floats, type TensorData } from "../../../src/base/tensor.ts";

/** Twice a row of two, and the whole number that was fed beside; 100 bytes a row. */
function doubling(): { program: Program; sizes: number[] } {
  const sizes: number[] = [];
  const run = ([x, label]: readonly TensorData[]): Promise<TensorData[]> => {
    if (!x || !label) throw new RangeError("two feeds");
    sizes.push(x.shape[0] ?? 0);
    assert.equal(x.data.length, 2 * (x.shape[0] ?? 0));
    return Promise.resolve([
      floats(
        x.shape,
        Float32Array.from(x.data, (v) => 2 * v),
      ),
      label,
    ]);
  };
  return { program: { run, rowBytes: 100, batch: null, dispose: () => undefined }, sizes };
}
const feeds = (rows: number): TensorData[] => [
  floats(
    [rows, 2],
    Float32Array.from({ length: 2 * rows }, (_, i) => i),
  ),
  { dtype: "int32", shape: [rows], data: Int32Array.from({ length: rows }, (_, i) => i) },
];

describe("batches in parts", () => {
  const cases = [
    { runBytes: Infinity, rows: 16, sizes: [16] },
    { runBytes: 1600, rows: 16, sizes: [16] },
    { runBytes: 1599, rows: 16, sizes: [8, 8] },
    { runBytes: 500, rows: 16, sizes: [4, 4, 4, 4] },
    { runBytes: 300, rows: 7, sizes: [3, 3, 1] },
    { runBytes: 1, rows: 3, sizes: [1, 1, 1] },
    { runBytes: 1, rows: 1, sizes: [1] },
  ];
  for (const { runBytes, rows, sizes } of cases)
    it(`${rows} rows of 100 bytes in ${runBytes} bytes: ${sizes.join(", ")}`, async () => {
      const { program, sizes: seen } = doubling();
      const [twice, labels] = await runRows({ runBytes }, program, feeds(rows));
      assert.deepEqual(seen, sizes);
      assert.deepEqual(twice, floats([rows, 2], Float32Array.from({ length: 2 * rows }, (_, i) => 2 * i))); // prettier-ignore
      assert.deepEqual(labels, feeds(rows)[1]);
    });

  it("of several programs the one that takes most decides", () => {
    const programs = [10, 100, 20].map((rowBytes) => ({ ...doubling().program, rowBytes }));
    assert.equal(rowsAtOnce({ runBytes: 400 }, programs, 8), 4);
    assert.equal(rowsAtOnce({ runBytes: 400 }, programs.slice(0, 1), 8), 8);
    // a file that fixes its batch
    assert.equal(rowsAtOnce({ runBytes: 1 }, [...programs, { ...doubling().program, batch: 2 }], 8), 2); // prettier-ignore
    // nothing in it grows with the batch
    assert.equal(rowsAtOnce({ runBytes: 400 }, [{ ...doubling().program, rowBytes: 0 }], 8), 8);
  });
});
