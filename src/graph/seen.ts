import { at } from "../base/at.ts";
import { type Box, hull, wholeBox } from "./boxes.ts";
import { boxRead, isMade, onePicture } from "./one-picture.ts";
import type { GraphNode, NodeId } from "./types.ts";

/**
 * What a box of cells of node `from` reads of every node before it, along all paths, padding included; the walk stops at `until`. A
 * node of which no cell is read is left out.
 */
export function boxesSeen(
  nodes: readonly GraphNode[],
  from: NodeId,
  start: Box | null = null,
  until: NodeId | null = null,
): ReadonlyMap<NodeId, Box> {
  const one = onePicture(nodes);
  const boxes = new Map<NodeId, Box>([[from, start ?? wholeBox(one.shape(from))]]);
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = at(nodes, i);
    const box = boxes.get(node.id);
    if (!box || node.id === until) continue;
    node.inputs.forEach((id, index) => {
      const read = isMade(node) ? boxRead(one, node, index, box) : wholeBox(one.shape(id));
      const known = boxes.get(id);
      if (read) boxes.set(id, known ? hull(known, read) : read);
    });
  }
  return boxes;
}
