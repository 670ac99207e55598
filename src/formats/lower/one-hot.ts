import { binary, cast, number, select } from "./elementwise.ts";
import type { Lowering } from "./lowering.ts";
import { transpose } from "./reshaping.ts";
import { axisOf, ints, orderOf, range, type Value } from "./value.ts";

/** By default 1 where the index is and 0 elsewhere, along a new last axis. */
export interface OneHotSettings {
  /** Where the new axis stands; -1: at the end. */
  readonly axis?: number;
  readonly on?: number;
  readonly off?: number;
  /** Whether indices below zero count from the end; otherwise they are on nowhere. */
  readonly fromEnd?: boolean;
}

/**
 * `on` where the new axis of `depth` cells is the index, else `off` (numbers of any shape [], as float32). Indices below zero
 * count from the end; those that are out of range are nowhere.
 */
export function oneHot(
  l: Lowering,
  indices: Value,
  depth: number,
  { axis = -1, on = 1, off = 0, fromEnd = true }: OneHotSettings = {},
): Value {
  const whole = cast(l, indices, "int32");
  const behind = binary(l, "less", whole, ints([0], []));
  const counted = fromEnd
    ? select(l, behind, binary(l, "add", whole, ints([depth], [])), whole)
    : whole;
  const order = orderOf(counted);
  const rank = counted.shape.length;
  const node = l.op("oneHot", [l.node(counted, order)], { depth });
  const hot = l.tensor(node, [...order, rank]);
  const scaled = on - off === 1 ? hot : binary(l, "mul", hot, number(on - off));
  const moved = off === 0 ? scaled : binary(l, "add", scaled, number(off));
  const at = axisOf(axis, rank + 1);
  return transpose(l, moved, range(rank).toSpliced(at, 0, rank));
}
