/** What shape rules share. */
import { at } from "../../base/at.ts";
import type { Shape } from "../../base/tensor.ts";
import type { Pair } from "./attributes.ts";
import type { Typed } from "./definition.ts";

/** A float32 tensor of this shape. */
export const float = (shape: Shape): Typed => ({ shape, dtype: "float32" });
/** Shape and type of the first input. */
export const same = (inputs: readonly Typed[]): Typed => at(inputs, 0);
/** How many cells a shape has; a free axis counts once. */
export const count = (shape: Shape): number =>
  shape.reduce<number>((product, axis) => product * (axis ?? 1), 1);

/** The length of an axis that may not be free; throws a RangeError when it is. */
export function dim(shape: Shape, axis: number): number {
  const value = at(shape, axis);
  if (value === null) throw new RangeError(`axis ${axis} of [${shape.join(", ")}] must be known`);
  return value;
}
/** The parts of [N, H, W, C]; throws a RangeError for another rank. */
export function maps({ shape }: Typed): { batch: number | null; size: Pair; channels: number } {
  if (shape.length !== 4) throw new RangeError(`expected [N, H, W, C], got [${shape.join(", ")}]`);
  return { batch: at(shape, 0), size: [dim(shape, 1), dim(shape, 2)], channels: dim(shape, 3) };
}

/** The shape that two shapes broadcast to, as in NumPy; throws a RangeError when they do not. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const sizeOf = (shape: Shape, axis: number): number | null =>
    axis < rank - shape.length ? 1 : at(shape, axis - rank + shape.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [sizeOf(a, axis), sizeOf(b, axis)];
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    if (left === null || right === null) return null;
    throw new RangeError(`[${a.join(", ")}] and [${b.join(", ")}] do not broadcast`);
  });
}
/** Broadcast shape of all inputs, with the type of the one at `typed`. */
export const broadcastAll =
  (typed = 0) =>
  (inputs: readonly Typed[]): Typed => ({
    shape: inputs.map(({ shape }) => shape).reduce(broadcast, []),
    dtype: at(inputs, typed).dtype,
  });
