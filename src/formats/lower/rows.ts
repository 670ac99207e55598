/** Whether the pictures of a free batch, which stand along axis 0, stay apart in an operation. */
import type { GraphNode } from "../../graph/index.ts";
import { at } from "../../base/at.ts";
import type { Shape } from "../../base/tensor.ts";

const first = (axes: readonly number[]): boolean => axes.includes(0);

/**
 * Whether a row of `node` depends on other rows of its inputs, or counts on how many there are. `shapes` are those of the inputs; a
 * free axis 0 is null. What this lets through gives each picture what it would get alone.
 */
export function mixesRows(node: GraphNode, shapes: readonly Shape[]): boolean {
  const free = shapes.map((shape) => shape[0] === null);
  if (!free.includes(true)) return false;
  if (node.shape.slice(1).includes(null)) return true;
  switch (node.op) {
    case "sum":
    case "mean":
    case "max":
    case "min":
    case "reverse":
      return first(node.attrs.axes);
    case "argMax":
    case "cumSum":
    case "concat":
      return node.attrs.axis === 0;
    case "gather":
      // rows of a table by indices, or cells of each row by indices that are the same for all
      return free[0] === true && (node.attrs.axis === 0 || free[1] === true);
    case "softmax":
    case "logSoftmax":
      return node.shape.length === 1;
    case "matMul": {
      const [a, b] = [at(shapes, 0), at(shapes, 1)];
      const { transposeA } = node.attrs;
      return (
        (a.length === 2 && free[0] === true && transposeA) || (b.length === 2 && free[1] === true)
      );
    }
    case "transpose":
      return node.attrs.perm[0] !== 0;
    case "slice":
    case "stridedSlice":
      return node.attrs.begin[0] !== 0 || node.attrs.size[0] !== null;
    case "pad":
    case "mirrorPad":
      return at(node.attrs.paddings, 0).some((cells) => cells !== 0);
    case "tile":
      return node.attrs.multiples[0] !== 1;
    default:
      return false;
  }
}
