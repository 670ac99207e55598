import { at } from "../../base/at.ts";
import { Unsupported } from "./unsupported.ts";
import { concat, slice } from "./indexing.ts";
import type { Lowering } from "./lowering.ts";
import { expand } from "./expanding.ts";
import { known, range, type Value } from "./value.ts";

/**
 * What is in the border, in NumPy's words: one value, the cells mirrored without (`reflect`) or
 * with the last one (`symmetric`), the last one again and again (`edge`), or the cells of the other
 * side (`wrap`).
 */
export type PadMode = "constant" | "reflect" | "symmetric" | "edge" | "wrap";

/** `before` and `after` cells per axis of the file; below zero they are cut off. */
export function pad(
  l: Lowering,
  x: Value,
  before: readonly number[],
  after: readonly number[],
  mode: PadMode,
  value = 0,
): Value {
  const shape = x.shape;
  const axes = range(shape.length);
  if (before.length !== axes.length || after.length !== axes.length)
    throw new Unsupported("its borders are not as many as its axes");
  const cut = axes.filter((axis) => at(before, axis) < 0 || at(after, axis) < 0);
  const kept = slice(
    l,
    x,
    cut,
    cut.map((axis) => Math.max(0, -at(before, axis))),
    cut.map((axis) => at(shape, axis) - Math.max(0, -at(after, axis))),
    cut.map(() => 1),
  );
  const grow = axes.map((axis): [number, number] => [
    Math.max(0, at(before, axis)),
    Math.max(0, at(after, axis)),
  ]);
  if (grow.every(([a, b]) => a === 0 && b === 0)) return kept;
  if (mode === "edge" || mode === "wrap")
    return grow.reduce((out, sides, axis) => continued(l, out, axis, sides, mode), kept);
  if (mode !== "constant") checkMirrored(kept, grow, mode);
  const order = kept.kind === "tensor" ? kept.order : axes;
  const paddings = order.map((axis) => at(grow, axis));
  const node = l.node(kept, order);
  if (l.nodeShape(node)[0] === null && paddings[0]?.some((n) => n > 0))
    throw new Unsupported("it pads the batch");
  return l.tensor(
    mode === "constant"
      ? l.op("pad", [node], { paddings, value })
      : l.op("mirrorPad", [node], { paddings, mode }),
    order,
  );
}

/** Throws `Unsupported` for a border that is wider than what it mirrors. */
function checkMirrored(
  { shape }: Value,
  grow: readonly (readonly [number, number])[],
  mode: "reflect" | "symmetric",
): void {
  const own = mode === "reflect" ? 1 : 0;
  grow.forEach((sides, axis) => {
    const widest = Math.max(...sides);
    if (widest > 0 && widest > known(shape, axis) - own)
      throw new Unsupported(`it mirrors ${at(shape, axis)} cells into a border of ${widest}`);
  });
}

/** The border cell repeated, or the other side of the picture. */
function continued(
  l: Lowering,
  x: Value,
  axis: number,
  [before, after]: readonly [number, number],
  mode: "edge" | "wrap",
): Value {
  if (before === 0 && after === 0) return x;
  const size = known(x.shape, axis);
  if (mode === "wrap" && Math.max(before, after) > size)
    throw new Unsupported(`it wraps ${size} cells into a border of ${Math.max(before, after)}`);
  const part = (from: number, to: number): Value => slice(l, x, [axis], [from], [to], [1]);
  const repeated = (at: number, times: number): Value =>
    expand(
      l,
      part(at, at + 1),
      x.shape.map((n, i) => (i === axis ? times : n)),
    );
  const front = mode === "edge" ? () => repeated(0, before) : () => part(size - before, size);
  const back = mode === "edge" ? () => repeated(size - 1, after) : () => part(0, after);
  return concat(l, [...(before > 0 ? [front()] : []), x, ...(after > 0 ? [back()] : [])], axis);
}
