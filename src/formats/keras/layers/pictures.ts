/** Keras' layers on pictures and sequences, in either data format: the functions of `lower` take channels in axis 1. */
import { range, transpose, type Lowering, type Value } from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";

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
  const out = body(transpose(l, x, perm));
  return transpose(
    l,
    out,
    range(rank).map((other) => perm.indexOf(other)),
  );
}
