import type { NodeId } from "../../../graph/index.ts";
import type { Operation } from "../operation.ts";
import { TO_NCHW, TO_NHWC } from "../rearranged.ts";

export const isFirst = (op: Operation): boolean => op.text("data_format", "NHWC") === "NCHW";

/** Channels-first operations compute in NHWC and give back NCHW; of two one after the other nothing is left. */
export function channelsLast(op: Operation, x: NodeId, body: (x: NodeId) => NodeId): NodeId {
  if (!isFirst(op) || op.shape(x).length !== 4) return body(x);
  return op.transpose(body(op.transpose(x, TO_NHWC)), TO_NCHW);
}

/** The channels-last tensor behind a channels-first one; null for any other. */
export const behind = (op: Operation, x: NodeId): NodeId | null => op.channelsLast(x);

/**
 * An operation that does not care how axes are laid out: done on the channels-last tensor, so that maps stay in one order, and
 * on the phases of a dilated convolution as if they were its picture.
 */
export function pointwise(op: Operation, x: NodeId, body: (x: NodeId) => NodeId): NodeId {
  const last = behind(op, x);
  if (last !== null) return op.transpose(body(last), TO_NCHW);
  const maps = flattened(op, x);
  if (maps !== null) return op.reshape(body(maps), op.shape(x));
  const out = body(x);
  const phases = op.phases.get(x);
  if (phases && out !== x) op.phases.set(out, { ...phases, source: out });
  return out;
}

/** The maps [N, H, W, C] that a matrix [N * H * W, C] was made of; null for any other tensor. */
function flattened(op: Operation, x: NodeId): NodeId | null {
  const node = op.get(x);
  const maps = node.op === "reshape" && node.shape.length === 2 ? node.inputs[0] : undefined;
  const shape = maps === undefined ? [] : op.shape(maps);
  return maps !== undefined && shape.length === 4 && shape[3] === node.shape[1] ? maps : null;
}
