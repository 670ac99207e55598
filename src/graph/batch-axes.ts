import { at } from "../base/at.ts";
import { carried, inOrder } from "./homes.ts";
import { isMade, onePicture, readsOf } from "./one-picture.ts";
import type { Homes, ModelGraph, NodeId } from "./types.ts";
import { fixedBatch } from "./walk.ts";

/**
 * Along which axis of a node's tensor its pictures stand. A free batch is the free axis; where a file fixes it at several, it is followed
 * from the inputs, and null is said of a node in which pictures and something else (heads, tokens) stand along one axis.
 */
export function batchAxes(
  graph: Pick<ModelGraph, "nodes" | "inputs">,
): (node: NodeId) => number | null {
  const batch = fixedBatch(graph);
  const { nodes } = graph;
  if (batch === null || batch === 1) {
    const free = new Map(nodes.map(({ id, shape }) => [id, Math.max(0, shape.indexOf(null))]));
    return (node) => free.get(node) ?? null;
  }
  const one = onePicture(nodes);
  const pictures = new Map<NodeId, Homes>();
  for (const { node } of graph.inputs) {
    const [own] = inOrder(
      [1, batch],
      one.shape(node).map((size, axis) => (axis === 0 ? size : 1)),
    );
    if (own) pictures.set(node, own);
  }
  for (const node of nodes) {
    if (!isMade(node)) continue;
    for (const [index, id] of node.inputs.entries()) {
      const own = pictures.get(id);
      const moved =
        own && carried(own, readsOf(one, node, index), one.shape(id), one.shape(node.id));
      if (moved) pictures.set(node.id, moved);
    }
  }
  return (node) => {
    const own = pictures.get(node);
    const axis = own?.shape.findIndex((size) => size > 1) ?? -1;
    const alone = axis >= 0 && own?.cells.length === batch && at(one.shape(node), axis) === batch;
    return alone ? axis : null;
  };
}
