/** How operations see the axes of pictures: the shared functions take channels first, and a view costs nothing. */
import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Operation } from "../operation.ts";
import type { TfNode } from "../types.ts";

/** Whether the file's pictures have their channels in axis 1. Throws `Unsupported` for another order than these two. */
export function isFirst(op: Operation): boolean {
  const order = op.text("data_format", "NHWC");
  if (order !== "NHWC" && order !== "NCHW")
    throw new Unsupported(`its data_format '${order.slice(0, 40)}' is not known`);
  return order === "NCHW";
}

/** Applies `body` to `x` seen channels first; its result is seen as the file has it again. */
export function channelsFirst(
  op: Operation,
  x: lower.Value,
  body: (x: lower.Value) => lower.Value,
): lower.Value {
  const rank = x.shape.length;
  return isFirst(op) || rank < 3 ? body(x) : lower.withChannelsAt(op.l, x, rank - 1, body);
}
/** The axis of channels in the file's order. */
export const channelAxis = (op: Operation, x: lower.Value): number =>
  isFirst(op) && x.shape.length > 2 ? 1 : x.shape.length - 1;

const CELLS = new Set([...lower.operationsIn("tensorflow").keys(), "LeakyRelu", "Identity"]);

/** Whether an operation says that its input has channels in axis 1, or works cell by cell. */
export function readsOf({ op, attributes }: TfNode): lower.Reading["reads"] {
  if (attributes.get("data_format")?.text === "NCHW") return "pictures";
  return CELLS.has(op) ? "cells" : null;
}
