import { at } from "../../base/at.ts";
import { sizeOf } from "../../base/tensor.ts";
import { BATCH, freed, isFree } from "./batch.ts";
import { Impossible, Unsupported } from "./unsupported.ts";
import { arrangedParameter } from "./arrange.ts";
import { transposeNumbers } from "./host.ts";
import type { Lowering } from "./lowering.ts";
import {
  axisOf,
  onceEach,
  range,
  show,
  type Arrangement,
  type Numbers,
  type Tensor,
  type Value,
} from "./value.ts";

/**
 * No axis is moved in the graph: only the order in which the node keeps the file's axes changes. Throws `Impossible` for an order that has not
 * each axis of the tensor once.
 */
export function transpose(l: Lowering, x: Value, perm: readonly number[]): Value {
  const rank = x.shape.length;
  if (perm.length !== rank || !range(rank).every((axis) => perm.includes(axis)))
    throw new Impossible(
      `'${l.name}' puts the ${rank} axes of its tensor in the order [${perm.join(", ")}]`,
    );
  if (x.kind === "numbers")
    return rearranged(l, x, transposeNumbers(x, perm), { shape: x.shape, perm });
  if (x.kind === "parameter") return arrangedParameter(x, { shape: x.shape, perm });
  return {
    ...x,
    shape: perm.map((axis) => at(x.shape, axis)),
    order: x.order.map((axis) => perm.indexOf(axis)),
  };
}

/** Old axes `from` (as indices) that become new axes `to`, in the file's order. */
interface Group {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** The finest way to see a reshape as groups of neighbouring axes that turn into groups of neighbouring axes. */
function grouped(from: readonly number[], to: readonly number[]): Group[] {
  const groups: Group[] = [];
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    const [start, target] = [i, j];
    let [a, b] = [from[i++] ?? 1, to[j++] ?? 1];
    while (a !== b) {
      if (a < b ? i >= from.length : j >= to.length)
        return [{ from: range(from.length), to: range(to.length) }];
      if (a < b) a *= from[i++] ?? 1;
      else b *= to[j++] ?? 1;
    }
    groups.push({
      from: range(Math.min(i, from.length) - start, start),
      to: range(Math.min(j, to.length) - target, target),
    });
  }
  return groups;
}

/** Numbers that the file stores stay a parameter of it. */
function rearranged(l: Lowering, x: Numbers, result: Numbers, how: Arrangement): Numbers {
  const stored = l.network.keptAs(x);
  return stored ? l.network.keep(result, arrangedParameter(stored, how)) : result;
}

/** Reshapes in the file's order of axes; -1 (once) takes the rest. Axes move only where groups of them would be torn apart. */
export function reshape(l: Lowering, x: Value, wanted: readonly number[]): Value {
  const target = completed(x.shape, wanted);
  const seen = { shape: target, perm: range(target.length) };
  if (x.kind === "numbers") return rearranged(l, x, { ...x, shape: target }, seen);
  if (x.kind === "parameter") return arrangedParameter(x, seen);
  const stepwise = byStep(l, x, target);
  if (stepwise) return stepwise;
  const groups = grouped(x.shape, target);
  const place = (axis: number): number => x.order.indexOf(axis);
  const firstLong = ({ from }: Group): number => {
    const long = from.filter((axis) => x.shape[axis] !== 1);
    return Math.min(...(long.length > 0 ? long : from).map(place), Infinity);
  };
  // groups stand where their first axis stands; new axes without an old one stay behind those in front of them
  const placed = groups.map((group, i) => ({ group, at: firstLong(group), i }));
  for (const [i, one] of placed.entries())
    if (one.at === Infinity) one.at = i === 0 ? -1 : (placed[i - 1]?.at ?? -1);
  placed.sort((a, b) => a.at - b.at || a.i - b.i);
  // axes of length 1 may stand anywhere in their group; at its end they never push the batch from the front
  const isLong = (axis: number): boolean => x.shape[axis] !== 1;
  const from = placed.flatMap(({ group }) => [
    ...group.from.filter(isLong),
    ...group.from.filter((axis) => !isLong(axis)),
  ]);
  const order = placed.flatMap(({ group }) => batchFirst(group.to, target));
  const node = l.reshape(
    l.node(x, from),
    order.map((axis) => freed(at(target, axis))),
  );
  return { kind: "tensor", node, shape: target, order };
}

/**
 * A sequence that comes before the batch, [T, N, ...], taken apart into rows [T N, ...] and put together again: between the two each row is
 * worked on alone, as a layer on every step is. null for all else.
 */
function byStep(l: Lowering, x: Tensor, target: readonly number[]): Tensor | null {
  const [first = 0, second = 0, ...rest] = target;
  const { network, name } = l;
  const steps = network.stepsOf(x.node);
  if (steps > 0) {
    if (x.order[0] !== 0 || first !== steps || second !== BATCH) return null;
    const node = network.picturesFirst(l.node(x), rest, name);
    return { kind: "tensor", node, shape: target, order: [1, 0, ...range(rest.length, 2)] };
  }
  const [count = 0, batch = 0, ...own] = x.shape;
  const isBefore = batch === BATCH && !isFree(count) && count > 1 && x.order[0] === 1;
  if (!isBefore || first !== count * BATCH || sizeOf(own) !== sizeOf(target.slice(1))) return null;
  const rows = network.stepsFirst(l.node(x, [1, 0, ...range(own.length, 2)]), name);
  const node = l.reshape(rows, [null, ...target.slice(1)]);
  return { kind: "tensor", node, shape: target, order: range(target.length) };
}

/** Axes that a group turns into, as the node keeps them: the free one stands before those of length 1 in front of it. */
function batchFirst(to: readonly number[], target: readonly number[]): readonly number[] {
  const free = to.findIndex((axis) => isFree(at(target, axis)));
  if (free <= 0) return to;
  if (to.slice(0, free).some((axis) => target[axis] !== 1))
    throw new Unsupported("it deals the pictures of a batch out to several rows");
  return [...to.slice(free, free + 1), ...to.slice(0, free), ...to.slice(free + 1)];
}

/** The target of a reshape, with sizes for -1 and with the batch as BATCH. */
function completed(shape: readonly number[], wanted: readonly number[]): number[] {
  const cells = sizeOf(shape);
  const rest = cells / wanted.reduce((product, size) => product * (size === -1 ? 1 : size), 1);
  const target = wanted.map((size) => (size === -1 ? rest : size));
  const fits = target.every((size) => Number.isInteger(size) && size >= 0);
  if (!fits || sizeOf(target) !== cells)
    throw new Unsupported(`${show(shape)} does not reshape to ${show(wanted)}`);
  return target;
}

/** Axes `first` to `last` (inclusive) become one. */
export function flatten(l: Lowering, x: Value, first: number, last = -1): Value {
  const all = x.shape;
  if (all.length === 0) return reshape(l, x, [1]);
  const [from, to] = [axisOf(first, all.length), axisOf(last, all.length)];
  return reshape(l, x, [
    ...all.slice(0, from),
    sizeOf(all.slice(from, to + 1)),
    ...all.slice(to + 1),
  ]);
}

/** Takes axes of length 1 out; all of them when none are named. */
export function squeeze(l: Lowering, x: Value, axes: readonly number[] | null): Value {
  const all = x.shape;
  const gone = axes
    ? onceEach(l.name, axes, all.length)
    : range(all.length).filter((i) => all[i] === 1);
  if (gone.some((axis) => all[axis] !== 1))
    throw new Unsupported("it removes an axis that is longer than 1");
  return reshape(
    l,
    x,
    all.filter((_, axis) => !gone.includes(axis)),
  );
}

/** Puts axes of length 1 in; positions count in the result. */
export function unsqueeze(l: Lowering, x: Value, axes: readonly number[]): Value {
  const rank = x.shape.length + axes.length;
  const added = onceEach(l.name, axes, rank);
  const old = x.shape;
  let next = 0;
  return reshape(
    l,
    x,
    range(rank).map((axis) => (added.includes(axis) ? 1 : at(old, next++))),
  );
}

/** `x` with the node's axes in `order`: moved here, they need not be moved later. */
const kept = (l: Lowering, x: Value, order: readonly number[]): Value =>
  x.kind === "tensor" ? l.tensor(l.node(x, order), order) : x;

/** [N, C * b * b, H, W] -> [N, C, H * b, W * b]; `first`: the blocks stand before the channels (depth, column, row). */
export function depthToSpace(l: Lowering, x: Value, block: number, first: boolean): Value {
  const [n, c, h, w] = picture(x);
  const depth = c / (block * block);
  const apart = reshape(
    l,
    x,
    first ? [n, block, block, depth, h, w] : [n, depth, block, block, h, w],
  );
  const moved = transpose(l, apart, first ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]);
  return reshape(l, kept(l, moved, [0, 2, 3, 4, 5, 1]), [n, depth, h * block, w * block]);
}

/** [N, C, H * b, W * b] -> [N, b * b * C, H, W]; `channelsFirst`: C * b * b as PyTorch's pixel_unshuffle. */
export function spaceToDepth(l: Lowering, x: Value, block: number, channelsFirst: boolean): Value {
  const [n, c, h, w] = picture(x);
  const [rows, columns] = [h / block, w / block];
  const apart = reshape(l, x, [n, c, rows, block, columns, block]);
  const moved = transpose(l, apart, channelsFirst ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]);
  return reshape(l, kept(l, moved, [0, 4, 5, 1, 2, 3]), [n, c * block * block, rows, columns]);
}
function picture({ shape }: Value): [n: number, c: number, h: number, w: number] {
  if (shape.length !== 4) throw new Unsupported(`${show(shape)} is no picture`);
  return shape as unknown as [number, number, number, number];
}
