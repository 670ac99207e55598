import type { GraphNode, NodeId } from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";

const perPicture = (shape: Shape): number =>
  shape.slice(1).reduce<number>((product, axis) => product * (axis ?? 1), 1);

/** Multiply-adds of one node for one picture; 0 for everything but convolutions and matrix products. */
export function multiplyAdds(node: GraphNode, shapeOf: (id: NodeId) => Shape): number {
  const [first, second] = node.inputs.map((id) => shapeOf(id));
  if (!first || !second) return 0;
  const area = (second[0] ?? 0) * (second[1] ?? 0);
  switch (node.op) {
    case "conv2d":
      return perPicture(node.shape) * area * (second[2] ?? 0);
    case "depthwiseConv2d":
      return perPicture(node.shape) * area;
    case "conv2dInputGrad":
      return perPicture(first) * area * (second[2] ?? 0);
    case "depthwiseConv2dInputGrad":
      return perPicture(first) * area;
    case "matMul":
      return perPicture(node.shape) * (first[node.attrs.transposeA ? 0 : 1] ?? 0);
    default:
      return 0;
  }
}
