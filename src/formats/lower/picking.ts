/** Single cells picked by indices that the file knows. */
import { at } from "../../base/at.ts";
import { sizeOf } from "../../base/tensor.ts";
import { Unsupported } from "./unsupported.ts";
import { gather } from "./indexing.ts";
import type { Lowering } from "./lowering.ts";
import { reshape } from "./reshaping.ts";
import { axisOf, ints, known, range, type Numbers, type Value } from "./value.ts";

/** Cells of `x`, seen as rows behind its first `lead` axes, by their numbers. */
function pick(
  l: Lowering,
  x: Value,
  lead: number,
  cells: readonly number[],
  shape: readonly number[],
): Value {
  const rows = sizeOf(x.shape.slice(0, lead));
  if (cells.some((cell) => cell < 0 || cell >= rows))
    throw new Unsupported("it picks cells that are not there");
  const list = reshape(l, x, [rows, ...x.shape.slice(lead)]);
  return reshape(l, gather(l, list, ints(cells), 0), shape);
}

/** The index along an axis, which may count from the end. */
const wrapped = (index: number, size: number): number => (index < 0 ? index + size : index);

/** The place along `axis` of cell number `cell` in a tensor of `shape`. */
const along = (shape: readonly number[], axis: number, cell: number): number =>
  Math.floor(cell / sizeOf(shape.slice(axis + 1))) % at(shape, axis);

/**
 * `where` [..., k] holds tuples of k indices, each of them a cell of `x` or what is behind it; in the first `batch` axes of both
 * they stay.
 */
export function gatherTuples(l: Lowering, x: Value, where: Numbers, batch: number): Value {
  const tuple = where.shape.at(-1) ?? 0;
  if (batch + tuple > x.shape.length) throw new Unsupported("its indices are too long");
  const outer = where.shape.slice(0, -1);
  const sizes = range(batch + tuple).map((axis) => known(x.shape, axis));
  const cells = range(sizeOf(outer)).map((row) =>
    sizes.reduce((place, size, i) => {
      if (i < batch) return place * size + along(outer, i, row);
      return place * size + wrapped(at(where.data, row * tuple + i - batch), size);
    }, 0),
  );
  return pick(l, x, batch + tuple, cells, [...outer, ...x.shape.slice(batch + tuple)]);
}

/** For each cell of the indices the cell of `x` that is elsewhere along `axis` only. */
export function gatherElements(l: Lowering, x: Value, where: Numbers, axis: number): Value {
  const sizes = range(x.shape.length).map((each) => known(x.shape, each));
  const own = axisOf(axis, sizes.length);
  const cells = where.data.map((index, cell) =>
    sizes.reduce((place, size, i) => {
      return place * size + (i === own ? wrapped(index, size) : along(where.shape, i, cell));
    }, 0),
  );
  return pick(l, x, sizes.length, cells, where.shape);
}

/** The rows of `updates` put where tuples of indices say, of numbers that the file knows: a mask that is painted part by part. */
export function scatterTuples(l: Lowering, x: Value, where: Numbers, updates: Value): Numbers {
  const [before, given] = [l.known(x), l.known(updates)];
  if (!before || !given) throw new Unsupported("it writes into what the network computes");
  const tuple = where.shape.at(-1) ?? 0;
  const width = sizeOf(before.shape.slice(tuple));
  const data = [...before.data];
  for (const row of range(sizeOf(where.shape.slice(0, -1)))) {
    const start = range(tuple).reduce((from, axis) => {
      const size = at(before.shape, axis);
      const place = wrapped(at(where.data, row * tuple + axis), size);
      if (place < 0 || place >= size) throw new Unsupported("it writes where no cell is");
      return from * size + place;
    }, 0);
    for (const i of range(width)) data[start * width + i] = at(given.data, row * width + i);
  }
  return { ...before, data };
}
