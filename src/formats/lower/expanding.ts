import type { NodeId } from "../../graph/index.ts";
import { at } from "../../base/at.ts";
import { BATCH, isFree } from "./batch.ts";
import { Unsupported } from "./unsupported.ts";
import { fold } from "./host.ts";
import type { Lowering } from "./lowering.ts";
import { reshape } from "./reshaping.ts";
import { broadcastShape, orderOf, range, type Value } from "./value.ts";

/**
 * `x` broadcast to `wanted`, where the batch is BATCH. What is repeated for each picture takes their number from `like`, a node
 * with the batch in its first axis; from the network's input where it is left out.
 */
export function expand(l: Lowering, x: Value, wanted: readonly number[], like?: NodeId): Value {
  const shape = broadcastShape([x.shape, wanted]);
  const own = [...range(shape.length - x.shape.length).map(() => 1), ...x.shape];
  const times = shape.map((size, axis) => (at(own, axis) === 1 ? size : 1));
  const free = times.findIndex(isFree);
  const part = times.map((n, axis) => (axis === free ? n / BATCH : n));
  const whole = tile(l, reshape(l, x, own), part);
  return free < 0 ? whole : forEachPicture(l, whole, free, like);
}

/** `x` so many times along each axis. */
export function tile(l: Lowering, x: Value, times: readonly number[]): Value {
  if (times.every((n) => n === 1)) return x;
  const order = orderOf(x);
  const numbers = l.known(x);
  if (numbers) return fold("tile", { multiples: times }, [numbers]);
  const multiples = order.map((axis) => at(times, axis));
  return l.tensor(l.op("tile", [l.node(x, order)], { multiples }), order);
}

/** `x` once for each picture, along an axis of which it has the part of one picture: [.., m, ..] -> [.., m N, ..]. */
function forEachPicture(l: Lowering, x: Value, axis: number, like?: NodeId): Value {
  const source = like ?? l.network.freeInput();
  if (source === null) throw new Unsupported("it repeats something for each picture of the batch");
  const rank = x.shape.length;
  const order = [axis, ...range(rank).filter((other) => other !== axis)];
  const one = l.node(x, order);
  const own = l.nodeShape(one).map(Number);
  const rows = l.nodeShape(source).map((_, i) => (i === 0 ? null : 1));
  const cell = l.op("slice", [source], { begin: rows.map(() => 0), size: rows });
  const pictures = l.reshape(cell, [null, ...own.map(() => 1)]);
  const shaped = l.op("tile", [pictures], { multiples: [1, ...own] });
  const stacked = l.op("broadcastLike", [l.reshape(one, [1, ...own]), shaped]);
  const [, ...rest] = own;
  return l.tensor(l.reshape(stacked, [null, ...rest]), order);
}
