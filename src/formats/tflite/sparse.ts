/** Constants that are stored without their zeros (SparsityParameters in `schema.fbs`; the format of TACO, Kjolstad et al. 2017). */
import { at } from "../../base/at.ts";
import { sizeOf, type TensorData } from "../../base/tensor.ts";
import type { Table } from "./table.ts";

/** One level of the tree of coordinates: all positions of an axis, or those between `segments[i]` and `segments[i + 1]` of `indices`. */
type Level =
  | { readonly dense: number }
  | { readonly segments: readonly number[]; readonly indices: readonly number[] };

/** How the coordinates of what is not zero are stored; nothing in it is checked before `densified`. */
export interface Sparsity {
  /** Which axis each level stands for; from the tensor's rank on: axes inside blocks. */
  readonly order: readonly number[];
  /** The axis that each axis of a block divides. */
  readonly blocks: readonly number[];
  readonly levels: readonly Level[];
}

/** SparsityParameters of `schema.fbs`. */
export function sparsityOf(table: Table): Sparsity {
  const levels = table.tables(2).map((level): Level => {
    if (level.i8(0) === 0) return { dense: level.i32(1) };
    return { segments: numbers(level, 2), indices: numbers(level, 4) };
  });
  return { order: table.i32s(0) ?? [], blocks: table.i32s(1) ?? [], levels };
}

/** A union of vectors, its kind before it: of int32, uint16 or uint8. */
function numbers(level: Table, field: number): readonly number[] {
  const kind = level.u8(field);
  const vector = level.table(field + 1);
  if (kind === 2) return vector?.u16s(0) ?? [];
  return (kind === 3 ? vector?.u8s(0) : vector?.i32s(0)) ?? [];
}

/** A constant with more zeros than this for each number is none that anyone trained. */
const MOST_ZEROS = 1024;

/** The whole tensor of `shape`. Throws a RangeError where the stored coordinates do not fit it. */
export function densified(
  { dtype, data }: TensorData,
  shape: readonly number[],
  { order, blocks, levels }: Sparsity,
): TensorData {
  const rank = shape.length;
  const fits = order.length === levels.length && order.length === rank + blocks.length;
  const once = new Set(order).size === order.length && order.every((axis) => axis >= 0);
  if (!fits || !once || Math.max(-1, ...order) >= order.length || !levels.every(isOrdered))
    throw new RangeError("its sparse coordinates are none");
  if (!(sizeOf(shape) <= MOST_ZEROS * Math.max(1, data.length)))
    throw new RangeError(`it declares ${sizeOf(shape)} cells for ${data.length} numbers`);
  const out = new (data.constructor as Float32ArrayConstructor)(sizeOf(shape));
  const sizes = order.map((_, axis) => lengthOf(at(levels, order.indexOf(axis))));
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  // a step along an axis that is divided is a whole block of it
  const steps = sizes.map((_, axis) => {
    if (axis >= rank) return at(strides, at(blocks, axis - rank));
    const inside = blocks.flatMap((of, i) => (of === axis ? [at(sizes, rank + i)] : []));
    return at(strides, axis) * sizeOf(inside);
  });
  const visit = (depth: number, parent: number, place: number): void => {
    if (depth === levels.length) {
      if (place >= out.length) throw new RangeError("its sparse coordinates lie outside of it");
      out[place] = at(data, parent);
      return;
    }
    const level = at(levels, depth);
    const step = at(steps, at(order, depth));
    if ("dense" in level)
      for (let i = 0; i < level.dense; i++)
        visit(depth + 1, parent * level.dense + i, place + i * step);
    else
      for (let i = at(level.segments, parent); i < at(level.segments, parent + 1); i++)
        visit(depth + 1, i, place + at(level.indices, i) * step);
  };
  visit(0, 0, 0);
  return { dtype, shape, data: out };
}

const lengthOf = (level: Level): number => ("dense" in level ? level.dense : 0);
/** Segments follow one another, so that nothing is visited twice. */
const isOrdered = (level: Level): boolean =>
  "dense" in level
    ? level.dense >= 1
    : level.indices.every((i) => i >= 0) &&
      level.segments.every((n, i) => n >= (i === 0 ? 0 : at(level.segments, i - 1))) &&
      (level.segments.at(-1) ?? 0) <= level.indices.length;
