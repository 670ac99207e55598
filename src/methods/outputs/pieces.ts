/** What an axis of an output was put together from: a detector's coordinates, objectness and class scores, side by side. */
import { at } from "../../base/at.ts";
import type { GraphNode, NodeId } from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";
import { endOf, ownInputs } from "./end.ts";
import type { End } from "./types.ts";

/** One of the pieces: how many numbers, and what they come from. */
export interface Piece {
  readonly size: number;
  readonly end: End;
}

const ELEMENTWISE = new Set(["mul", "add", "sub", "div", "cast"]);

/** The pieces of an axis, in order; null where it was made in one. */
export function piecesOf(
  byId: ReadonlyMap<NodeId, GraphNode>,
  from: NodeId,
  axis: number,
): Piece[] | null {
  const node = byId.get(from);
  if (!node) return null;
  const own = ownInputs(byId, node);
  const [next] = own;
  if (next === undefined) return null;
  if (node.op === "concat" && node.attrs.axis === axis)
    return node.inputs.map((id) => ({
      size: byId.get(id)?.shape[axis] ?? 0,
      end: endOf(byId, id),
    }));
  if (node.op === "concat" || (ELEMENTWISE.has(node.op) && own.length === 1))
    return piecesOf(byId, next, axis);
  if (node.op === "transpose") return piecesOf(byId, next, at(node.attrs.perm, axis));
  if (node.op !== "reshape") return null;
  const source = axisBefore(byId.get(next)?.shape ?? [], node.shape, axis);
  return source === null ? null : piecesOf(byId, next, source);
}

/** The axis that a reshape leaves as it is; null where it splits or joins it. */
export function axisBefore(source: Shape, shape: Shape, axis: number): number | null {
  const before = cells(shape, axis);
  const found = source.findIndex(
    (size, index) => index > 0 && size === shape[axis] && cells(source, index) === before,
  );
  return found < 0 ? null : found;
}
const cells = (shape: Shape, axis: number): number =>
  shape.slice(1, axis).reduce<number>((product, size) => product * (size ?? 1), 1);
