import type { GraphNode, Layer, ModelGraph, NodeId } from "../../graph/index.ts";
import { activationOf } from "../inspect/activation-function.ts";

/** A layer whose units can die: its output is an activation with channels. */
export interface CensusLayer {
  readonly layer: Layer;
  readonly node: NodeId;
  readonly filters: number;
  /** A unit that is never above 0 is dead, and one that always is is never off. */
  readonly rectifies: boolean;
  /** The largest value the activation can give (6 for ReLU6); null where it has none. */
  readonly limit: number | null;
}

/**
 * The layers of a census: those whose output comes straight out of an activation function, whichever layer of the file holds it.
 * Convolutions without one are left out: a unit of theirs is never dead.
 */
export function censusLayers(graph: ModelGraph): CensusLayer[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.layers.flatMap((layer): CensusLayer[] => {
    const node = layer.output === null ? undefined : byId.get(layer.output);
    const channels = node?.shape.at(-1);
    const activation = node && activationOf(node, byId);
    if (!activation || !layer.nodes.includes(node.id)) return [];
    if (typeof channels !== "number" || node.shape.length !== 4) return [];
    return [{ layer, node: node.id, filters: channels, ...activation, limit: limitOf(node) }];
  });
}

function limitOf(node: GraphNode): number | null {
  if (node.op === "relu6") return 6;
  if (node.op === "sigmoid" || node.op === "tanh") return 1;
  return node.op === "clip" && Number.isFinite(node.attrs.max) ? node.attrs.max : null;
}
