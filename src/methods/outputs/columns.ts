/** What makes single numbers of a detector's rows: by that two corners are told from a centre and a size, and a head of its own from a shared one. */
import { boxesSeen, onePicture, type Box, type GraphNode, type NodeId } from "../../graph/index.ts";
import { CONVOLVES, ownInputs } from "./end.ts";
import { axisBefore } from "./pieces.ts";
import type { BoxForm, Facts } from "./types.ts";

type Nodes = ReadonlyMap<NodeId, GraphNode>;

/** The node that makes a cell of an axis, behind what only rearranges, cuts, joins, limits or multiplies with constants; null: it is not told. */
export function makerOf(byId: Nodes, from: NodeId, axis: number, column: number): GraphNode | null {
  const node = byId.get(from);
  if (!node) return null;
  const own = ownInputs(byId, node);
  const [next] = own;
  if (next === undefined) return node;
  switch (node.op) {
    case "concat": {
      if (node.attrs.axis !== axis) return makerOf(byId, next, axis, column);
      let first = 0;
      for (const id of node.inputs) {
        const size = byId.get(id)?.shape[axis] ?? 0;
        if (column < first + size) return makerOf(byId, id, axis, column - first);
        first += size;
      }
      return null;
    }
    case "slice":
      return makerOf(byId, next, axis, column + (node.attrs.begin[axis] ?? 0));
    case "stridedSlice": {
      const { begin, strides } = node.attrs;
      return makerOf(byId, next, axis, (begin[axis] ?? 0) + column * (strides[axis] ?? 1));
    }
    case "transpose":
      return makerOf(byId, next, node.attrs.perm[axis] ?? axis, column);
    case "reshape": {
      const source = axisBefore(byId.get(next)?.shape ?? [], node.shape, axis);
      return source === null ? node : makerOf(byId, next, source, column);
    }
    case "gather":
      return node.attrs.axis === axis ? node : makerOf(byId, next, axis, column);
    case "cast":
    case "clip":
      return makerOf(byId, next, axis, column);
    case "mul":
    case "div":
    case "minimum":
    case "maximum": {
      const same = byId.get(next)?.shape.length === node.shape.length;
      return own.length === 1 && same ? makerOf(byId, next, axis, column) : node;
    }
    default:
      return node;
  }
}

/** How four numbers from column `from` on are told, by what makes the first and the third; null: they do not tell. */
export function formByColumns({ byId, spec }: Facts, axis: number, from = 0): BoxForm | null {
  const [first, third] = [0, 2].map((column) => makerOf(byId, spec.node, axis, from + column));
  if (!first || !third) return null;
  const own = [first, third].map((node) => ownInputs(byId, node));
  const both = own[1]?.length === 2;
  const [, subtracted] = first.inputs;
  const leftOf = first.op === "sub" && own[0]?.includes(subtracted ?? "") === true;
  // a point less one distance, and more another; or the middle of two, and what lies between them
  if (leftOf && third.op === "add") return "corners";
  if (!leftOf && third.op === "sub" && both) return "centre";
  if (third.op === "exp" && first.op === "add") return "centre";
  // distances to four sides: of which points is not told
  return first === third && RECTIFIES.has(first.op) ? "not decoded" : null;
}
const RECTIFIES: ReadonlySet<string> = new Set(["exp", "relu", "softplus"]);

/** Whether a layer with weights gives both coordinates and scores, [from, to) of an axis each: an objectness stands between them then. */
export function shareLayer(
  { graph, byId, spec }: Facts,
  axis: number,
  coordinates: readonly [number, number],
  scores: readonly [number, number],
): boolean {
  const sizes = onePicture(graph.nodes).shape(spec.node);
  const seen = ([from, to]: readonly [number, number]): ReadonlyMap<NodeId, Box> =>
    boxesSeen(
      graph.nodes,
      spec.node,
      sizes.map((size, i) => (i === axis ? [from, to - 1] : [0, size - 1])),
    );
  const weighted = (node: GraphNode): boolean =>
    CONVOLVES.has(node.op) || (node.op === "matMul" && ownInputs(byId, node).length === 1);
  const [boxes, own] = [seen(coordinates), seen(scores)];
  const last = graph.nodes.findLast((node) => own.has(node.id) && weighted(node));
  return last === undefined || boxes.has(last.id);
}
