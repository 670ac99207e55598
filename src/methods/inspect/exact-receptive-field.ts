import { at } from "../../base/at.ts";
import {
  boxesSeen,
  type GraphNode,
  type Interval,
  type NodeId,
  onePicture,
  type Pair,
  wholeBox,
} from "../../graph/index.ts";

/**
 * The exact theoretical receptive field of cell [y, x] of node `from` in node `to`, as rows and columns [first, last]; null when
 * it sees nothing. What is read is carried backwards along all paths, padding included, so that resizing, transposed
 * convolutions and branches are exact where the summary's stride is not. `rows` and `columns` say which axes of `from` are meant.
 */
export function seenBy(
  nodes: readonly GraphNode[],
  from: NodeId,
  cell: Pair,
  to: NodeId,
  [rows, columns]: Pair = [1, 2],
): readonly [Interval, Interval] | null {
  const one = onePicture(nodes);
  const start = wholeBox(one.shape(from)).map((whole, axis): Interval => {
    if (axis === rows) return [cell[0], cell[0]];
    return axis === columns ? [cell[1], cell[1]] : whole;
  });
  const boxes = boxesSeen(nodes, from, start, to);
  const box = boxes.get(to);
  return box ? [at(box, 1), at(box, 2)] : null;
}
