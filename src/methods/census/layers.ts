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
    const activation = node && activationOf(node, byId);
    if (!activation || !layer.nodes.includes(node.id)) return [];
    const maps = byId.get(rowOf(layer) ?? node.id) ?? node;
    const channels = maps.shape.at(-1);
    if (typeof channels !== "number" || maps.shape.length !== 4) return [];
    return [{ layer, node: maps.id, filters: channels, ...activation, limit: limitOf(node) }];
  });
}
/** The maps of a layer over a series, which are one row; null where it has none, or rows and columns. */
const rowOf = ({ maps: [only, ...others] = [] }: Layer): NodeId | null =>
  only && others.length === 0 && only.homes.grid[0] === 1 ? only.maps : null;

function limitOf(node: GraphNode): number | null {
  if (node.op === "relu6") return 6;
  if (node.op === "sigmoid" || node.op === "tanh") return 1;
  return node.op === "clip" && Number.isFinite(node.attrs.max) ? node.attrs.max : null;
}
