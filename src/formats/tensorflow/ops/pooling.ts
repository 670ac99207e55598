import { at } from "../../../base/at.ts";
import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Operation, Rules } from "../operation.ts";
import { geometryOf, spatial } from "./convolution.ts";
import { channelsFirst, isFirst } from "./views.ts";

function poolOf(op: Operation): lower.Pool {
  const window = spatial(op, "ksize");
  const all = op.ints("ksize");
  if (all.length > 0 && (at(all, 0) !== 1 || at(all, isFirst(op) ? 1 : 3) !== 1))
    throw new Unsupported("it pools over pictures or channels");
  return { ...geometryOf(op), dilations: [1, 1], window, ceil: false };
}
const maxPool = (op: Operation): lower.Value =>
  channelsFirst(op, op.x, (x) => lower.maxPool(op.l, x, poolOf(op)));

/** Maxima and means of windows. */
export const pooling: Rules = [
  ["MaxPool", maxPool],
  ["MaxPoolWithArgmax", maxPool],
  [
    "AvgPool",
    (op) => channelsFirst(op, op.x, (x) => lower.averagePool(op.l, x, poolOf(op), false)),
  ],
];
