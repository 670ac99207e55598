import type { PoolAttrs } from "../../../graph/index.ts";
import type { Operation, Rule } from "../operation.ts";
import { Unsupported } from "../values.ts";
import { channelsLast, isFirst } from "./channels.ts";
import { paddingOf, spatial } from "./convolution.ts";

function attributes(op: Operation): PoolAttrs {
  const [batch, channels] = [op.ints("ksize")[0], op.ints("ksize")[isFirst(op) ? 1 : 3]];
  if (batch !== 1 || channels !== 1) throw new Unsupported("it pools over pictures or channels");
  return {
    window: spatial(op, "ksize"),
    strides: spatial(op, "strides"),
    padding: paddingOf(op),
  };
}
const pool =
  (kind: "maxPool" | "avgPool"): Rule =>
  (op) =>
    channelsLast(op, op.tensor(0), (x) => op.make(kind, [x], attributes(op)));

export const pooling: readonly (readonly [string, Rule])[] = [
  ["MaxPool", pool("maxPool")],
  ["MaxPoolWithArgmax", pool("maxPool")],
  ["AvgPool", pool("avgPool")],
];
