/** Cells that are put elsewhere unchanged: where each comes from follows from what the operation reads. */
import { at } from "../../base/at.ts";
import { sizeOf } from "../../base/tensor.ts";
import type { AxisReads, Beyond, Definition, Known, Line, Numbers } from "./definition.ts";
import type { Made } from "./attributes.ts";
import { cellwise } from "./reading.ts";

/** The cell that stands for `cell` on an axis of `size` cells; -1: none of them. */
export function inside(cell: number, size: number, beyond: Beyond): number {
  if (cell >= 0 && cell < size) return cell;
  switch (beyond) {
    case "padding":
    case "nothing":
      return -1;
    case "edge":
      return Math.min(Math.max(cell, 0), size - 1);
    case "wrap":
      return ((cell % size) + size) % size;
    case "reflect":
      return cell < 0 ? -cell : 2 * size - 2 - cell;
    case "symmetric":
      return cell < 0 ? -cell - 1 : 2 * size - 1 - cell;
  }
}

/**
 * For each cell of `shape` in row-major order, the place in `from` of the one cell that it reads; -1: it reads none. Throws a
 * RangeError where a cell reads several.
 */
export function places(
  reads: readonly AxisReads[],
  from: readonly number[],
  shape: readonly number[],
): Int32Array {
  const steps = shape.map((size) => new Int32Array(size));
  reads.forEach((read, axis) => {
    const size = at(from, axis);
    if (read === "all") {
      if (size !== 1) throw new RangeError(`all ${size} cells of axis ${axis} are read at once`);
    } else addSteps(at(steps, read.axis), read, size, sizeOf(from.slice(axis + 1)));
  });
  let index = Int32Array.of(0);
  for (const own of steps) {
    const next = new Int32Array(index.length * own.length);
    let to = 0;
    for (const before of index)
      for (const step of own) next[to++] = before < 0 || step < 0 ? -1 : before + step;
    index = next;
  }
  return index;
}
function addSteps(steps: Int32Array, read: Line, size: number, stride: number): void {
  steps.forEach((before, i) => {
    const cell = inside(Math.round(i * read.step + read.low), size, read.beyond);
    steps[i] = before < 0 || cell < 0 ? -1 : before + cell * stride;
  });
}

/** `x` broadcast to `shape`, as NumPy does. */
export function spread(x: Known, shape: readonly number[]): ArrayLike<number> {
  if (x.data.length === sizeOf(shape)) return x.data;
  const out = new Float64Array(sizeOf(shape));
  put(out, x, places(cellwise({ inputs: [x], shape }, 0), x.shape, shape));
  return out;
}

/** Copies the cells of each input to where they are read; `outside` stands where none is. */
export const moved =
  <K extends Made>(
    reads: Definition<K>["reads"],
    outside: (attrs: Parameters<Definition<K>["cells"]>[2]["attrs"]) => number = () => NaN,
  ): Definition<K>["cells"] =>
  (out, inputs, call) => {
    out.fill(outside(call.attrs));
    inputs.forEach((x, index) => {
      const read = reads(call, index);
      if (read === "in order") out.set(x.data);
      else if (read !== "nothing") put(out, x, places(read, x.shape, call.shape));
    });
  };
function put(out: Numbers, { data }: Known, from: Int32Array): void {
  for (let i = 0; i < out.length; i++) {
    const place = from[i] ?? -1;
    if (place >= 0) out[i] = data[place] ?? NaN;
  }
}
