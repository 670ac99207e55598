import type { GraphNode, ModelGraph, NodeId, Op } from "../../graph/index.ts";

/** Operations after which a channel still is the picture's own: scaled, shifted, of another size, with a border. */
const KEEP_CHANNELS: ReadonlySet<Op> = new Set<Op>([
  ...(["cast", "pad", "resizeBilinear", "resizeNearest"] as const),
  ...(["add", "sub", "mul", "div", "batchNorm", "biasAdd"] as const),
]);

/** Whether the channels of `id` are those of an input of the network, in their order: what red, green and blue may be said of. */
export function readsPicture(graph: ModelGraph, id: NodeId): boolean {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  let node = byId.get(id);
  while (node && node.op !== "input") {
    const next = source(node, byId);
    if (!next || !KEEP_CHANNELS.has(node.op) || next.shape.at(-1) !== node.shape.at(-1))
      return false;
    node = next;
  }
  return node?.shape.length === 4;
}

/** The only operand that is no constant; none where two are, or where a constant is divided or subtracted from. */
function source(node: GraphNode, byId: ReadonlyMap<NodeId, GraphNode>): GraphNode | undefined {
  const operands = node.inputs.map((input) => byId.get(input));
  const computed = operands.filter((one) => one?.op !== "weight" && one?.op !== "constant");
  return computed.length === 1 ? computed[0] : undefined;
}
