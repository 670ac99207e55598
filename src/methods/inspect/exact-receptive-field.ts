/**
 * The exact theoretical receptive field of one cell: intervals are carried backwards from the cell to the input along
 * all paths, so that resizing, transposed convolutions and branches are exact where the summary's stride is not.
 */
import { slide, type GraphNode, type NodeId, type Pair } from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";

type Interval = readonly [low: number, high: number];
/** One interval per axis; cells outside the tensor are zero padding. */
type Box = readonly Interval[];

const hull = (a: Box, b: Box): Box =>
  a.map(([low, high], i) => [Math.min(low, b[i]?.[0] ?? low), Math.max(high, b[i]?.[1] ?? high)]);
const all = (shape: Shape): Box => shape.map((size) => [0, (size ?? 1) - 1]);

/**
 * What cell [y, x] of node `from` sees of node `to`, as rows and columns [first, last]; null when it sees nothing.
 * `rows` and `columns` say which axes of `from` are meant.
 */
export function seenBy(
  nodes: readonly GraphNode[],
  from: NodeId,
  cell: Pair,
  to: NodeId,
  [rows, columns]: Pair = [1, 2],
): readonly [Interval, Interval] | null {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const shapeOf = (id: NodeId): Shape => byId.get(id)?.shape ?? [];
  const boxes = new Map<NodeId, Box>();
  boxes.set(
    from,
    all(shapeOf(from)).map((whole, axis) =>
      axis === rows ? [cell[0], cell[0]] : axis === columns ? [cell[1], cell[1]] : whole,
    ),
  );
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    const box = node && boxes.get(node.id);
    if (!node || !box || node.id === to) continue;
    node.inputs.forEach((id, index) => {
      const needed = back(node, box, index, shapeOf);
      const known = boxes.get(id);
      boxes.set(id, known ? hull(known, needed) : needed);
    });
  }
  const box = boxes.get(to);
  return box?.[1] && box[2] ? [box[1], box[2]] : null;
}

/** The part of input `index` that `box` of the output needs. */
function back(node: GraphNode, box: Box, index: number, shapeOf: (id: NodeId) => Shape): Box {
  const shape = shapeOf(node.inputs[index] ?? "");
  const whole = all(shape);
  const spatial = (map: (interval: Interval, i: 0 | 1) => Interval): Box =>
    whole.map((interval, axis) => {
      const own = box[axis];
      if (axis === 0) return own ?? interval;
      return (axis === 1 || axis === 2) && own ? map(own, axis === 1 ? 0 : 1) : interval;
    });
  switch (node.op) {
    case "conv2d":
    case "depthwiseConv2d":
    case "maxPool":
    case "avgPool": {
      if (index > 0) return whole;
      const kernel = kernelSize(node, shapeOf);
      const dilations: Pair = "dilations" in node.attrs ? node.attrs.dilations : [1, 1];
      const { strides, padding } = node.attrs;
      const windows = slide([shape[1] ?? 1, shape[2] ?? 1], kernel, strides, dilations, padding);
      return spatial(([low, high], i) => [
        low * strides[i] - windows[i].before,
        high * strides[i] - windows[i].before + (kernel[i] - 1) * dilations[i],
      ]);
    }
    case "conv2dInputGrad":
    case "depthwiseConv2dInputGrad": {
      if (index > 0) return whole;
      const kernel = kernelSize(node, shapeOf);
      const { strides, padding, dilations, inputSize } = node.attrs;
      const windows = slide([inputSize[0], inputSize[1]], kernel, strides, dilations, padding);
      return spatial(([low, high], i) => [
        Math.ceil((low + windows[i].before - (kernel[i] - 1) * dilations[i]) / strides[i]),
        Math.floor((high + windows[i].before) / strides[i]),
      ]);
    }
    case "resizeBilinear":
    case "resizeNearest":
      return spatial((interval, i) => {
        const factor = (shape[i + 1] ?? 1) / node.attrs.size[i];
        const centre = (at: number): number =>
          node.attrs.centres === "half-pixel" ? (at + 0.5) * factor - 0.5 : at * factor;
        const limit = (at: number): number => Math.min((shape[i + 1] ?? 1) - 1, Math.max(0, at));
        return node.op === "resizeNearest"
          ? [limit(Math.floor(interval[0] * factor)), limit(Math.ceil(interval[1] * factor))]
          : [limit(Math.floor(centre(interval[0]))), limit(Math.floor(centre(interval[1])) + 1)];
      });
    case "pad":
    case "mirrorPad":
      return box.map(([low, high], axis) => {
        const before = node.attrs.paddings[axis]?.[0] ?? 0;
        return [low - before, high - before];
      });
    case "slice":
      return box.map(([low, high], axis) => {
        const begin = node.attrs.begin[axis] ?? 0;
        return [low + begin, high + begin];
      });
    case "transpose":
      return whole.map((interval, axis) => box[node.attrs.perm.indexOf(axis)] ?? interval);
    case "reshape":
    case "matMul":
    case "tile":
    case "opaque":
    case "sum":
    case "mean":
    case "max":
    case "min":
      return whole;
    case "concat":
      return whole.map((interval, axis) =>
        axis === node.attrs.axis ? interval : (box[axis] ?? interval),
      );
    default:
      // elementwise: an axis of length 1 is broadcast, missing leading axes too
      return whole.map((interval, axis) =>
        shape[axis] === 1 ? interval : (box[axis + box.length - whole.length] ?? interval),
      );
  }
}

function kernelSize(node: GraphNode, shapeOf: (id: NodeId) => Shape): Pair {
  if ("window" in node.attrs) return node.attrs.window;
  const kernel = shapeOf(node.inputs[1] ?? "");
  return [kernel[0] ?? 1, kernel[1] ?? 1];
}
