import {
  fieldOf,
  type ModelGraph,
  type NodeId,
  positionsOf,
  type ReceptiveField,
} from "../../graph/index.ts";

/** Theoretical receptive fields of every node that depends on the picture. Cells that see everything have stride 0. */
export function receptiveFields(
  graph: Pick<ModelGraph, "nodes" | "inputs">,
): Map<NodeId, ReceptiveField> {
  const { picture, places } = positionsOf(graph);
  if (!picture) return new Map();
  return new Map([...places].map(([id, place]) => [id, fieldOf(place, picture)]));
}
