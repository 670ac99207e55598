/** The batch normalizations of a network, with the statistics that they kept of training. */
import { at } from "../../base/at.ts";
import type { ModelGraph, NodeId, NodeOf } from "../../graph/index.ts";

/** One of them; `mean` and `variance` have a number for each channel. */
export interface Norm {
  readonly node: NodeId;
  /** What it normalises, [N, ..., C]. */
  readonly input: NodeId;
  readonly layer: string;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
}

/** In the order of execution. Statistics that are computed in the graph, not stored, are left out. */
export async function normsOf(graph: ModelGraph): Promise<Norm[]> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const numbers = async (id: NodeId): Promise<Float32Array | null> => {
    const node = byId.get(id);
    const value =
      node?.op === "weight"
        ? await graph.weights.read(node.attrs.ref)
        : node?.op === "constant"
          ? node.value
          : undefined;
    return value ? Float32Array.from(value.data) : null;
  };
  const layerOf = (id: NodeId): string =>
    graph.layers.find(({ nodes }) => nodes.includes(id))?.name ?? id;
  const found: Norm[] = [];
  for (const node of graph.nodes) {
    if (!isNorm(node)) continue;
    const [input, , , meanNode, varianceNode] = node.inputs;
    if (input === undefined || meanNode === undefined || varianceNode === undefined) continue;
    const [mean, variance] = [await numbers(meanNode), await numbers(varianceNode)];
    if (!mean || !variance || variance.length !== mean.length) continue;
    const { epsilon } = node.attrs;
    found.push({ node: node.id, input, layer: layerOf(node.id), mean, variance, epsilon });
  }
  return found;
}

const isNorm = (node: ModelGraph["nodes"][number]): node is NodeOf<"batchNorm"> =>
  node.op === "batchNorm";

/** The same network with another epsilon in every batch normalization. */
export const withEpsilon = (graph: ModelGraph, epsilon: number): ModelGraph => ({
  ...graph,
  nodes: graph.nodes.map((node) => (isNorm(node) ? { ...node, attrs: { epsilon } } : node)),
});

/** The epsilon of most of them. */
export function usualEpsilon(norms: readonly Norm[]): number {
  const sorted = norms.map(({ epsilon }) => epsilon).sort((a, b) => a - b);
  return at(sorted, Math.floor(sorted.length / 2));
}
