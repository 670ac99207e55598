import { at } from "../base/at.ts";
import type { GraphNode, ModelGraph, NodeId } from "./types.ts";

/** The nodes that `fetches` need, in topological order; the walk stops at `feeds`, which are included. */
export function prune(
  nodes: readonly GraphNode[],
  feeds: ReadonlySet<NodeId>,
  fetches: readonly NodeId[],
): GraphNode[] {
  const needed = new Set<NodeId>(fetches);
  // topological order: everything a node needs stands before it
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = at(nodes, i);
    if (needed.has(node.id) && !feeds.has(node.id))
      for (const input of node.inputs) needed.add(input);
  }
  return nodes.filter((node) => needed.has(node.id));
}

/** Every node that depends on `from`, itself included. */
export function dependents(nodes: readonly GraphNode[], from: NodeId): Set<NodeId> {
  const reached = new Set<NodeId>([from]);
  for (const node of nodes)
    if (node.inputs.some((input) => reached.has(input))) reached.add(node.id);
  return reached;
}

/** How many pictures a network takes at once where its file fixes that; null where the batch is free. */
export function fixedBatch({ inputs }: Pick<ModelGraph, "inputs">): number | null {
  const batches = inputs.map(({ shape }) => shape[0]);
  return batches.includes(null) ? null : (batches[0] ?? null);
}
