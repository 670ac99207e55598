/** Which values are pictures: what leaves a reshape does not tell it by itself, what is done with it afterwards does. */
import type { Lowering } from "./lowering.ts";
import type { Shape } from "../../base/tensor.ts";
import { freed } from "./batch.ts";
import { transpose } from "./reshaping.ts";
import { Unsupported } from "./unsupported.ts";
import { channelsLast, isPlain, range, type Tensor, type Value } from "./value.ts";

/** One operation of the file. */
export interface Reading {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** `pictures`: its first input has its channels in axis 1. `cells`: cell by cell, so what its output is its inputs are. */
  readonly reads: "pictures" | "cells" | null;
}

/** Names of the values that reach an operation on pictures; `operations` are in the order of the file. */
export function picturesAmong(operations: readonly Reading[]): ReadonlySet<string> {
  const pictures = new Set<string>();
  for (const { inputs, outputs, reads } of operations.toReversed()) {
    const [first] = inputs;
    if (reads === "pictures" && first !== undefined) pictures.add(first);
    if (reads === "cells" && outputs.some((name) => pictures.has(name)))
      for (const name of inputs) pictures.add(name);
  }
  return pictures;
}

/** A picture that was left in the file's order of axes, brought into the graph's: lenses take the last axis for its channels. */
export const channelsAtEnd = (l: Lowering, value: Tensor): Tensor =>
  value.shape.length === 4 && isPlain(value.order)
    ? l.tensor(l.last(value), channelsLast(4))
    : value;

/** The shape as the file has it, where the node has its axes in another order: for what people are shown. */
export const fileShapeOf = ({
  shape,
  order,
}: Pick<Tensor, "shape" | "order">): { readonly fileShape: Shape } | null =>
  isPlain(order) ? null : { fileShape: shape.map(freed) };

/** Runs `body` on `x` seen with `axis` as axis 1, and sees what it gives (of the same rank) as `x` was: nothing is moved. */
export function withChannelsAt(
  l: Lowering,
  x: Value,
  axis: number,
  body: (x: Value) => Value,
): Value {
  if (axis === 0) throw new Unsupported("it takes the batch for channels");
  const rank = x.shape.length;
  const perm = [0, axis, ...range(rank - 1, 1).filter((other) => other !== axis)];
  const back = range(rank).map((other) => perm.indexOf(other));
  return transpose(l, body(transpose(l, x, perm)), back);
}
