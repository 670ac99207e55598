import type { GraphNode, NodeId, Op } from "../../shared/graph/index.ts";

const NONLINEAR: ReadonlySet<Op> = new Set([
  "relu",
  "relu6",
  "leakyRelu",
  "elu",
  "sigmoid",
  "tanh",
  "softplus",
  "clip",
]);

/**
 * Whether a node is the output of an activation function. Only such maps can be dead: a linear output that stays below 0 is
 * shifted by the batch norm after it.
 */
export function isActivation(node: GraphNode, byId: ReadonlyMap<NodeId, GraphNode>): boolean {
  if (NONLINEAR.has(node.op)) return true;
  // x * sigmoid(x); the gate of squeeze and excitation multiplies another tensor
  return (
    node.op === "mul" &&
    node.inputs.some((id) => {
      const gate = byId.get(id);
      return gate?.op === "sigmoid" && node.inputs.includes(gate.inputs[0] ?? "");
    })
  );
}
