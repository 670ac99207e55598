import {
  fieldOf,
  type ModelGraph,
  type NodeId,
  pictureInputs,
  positionsOf,
  type ReceptiveField,
} from "../../graph/index.ts";

/**
 * Theoretical receptive fields of every node that depends on a picture, in the first picture that it depends on. Cells that see
 * everything have stride 0.
 */
export function receptiveFields(
  graph: Pick<ModelGraph, "nodes" | "inputs">,
): Map<NodeId, ReceptiveField> {
  const fields = pictureInputs(graph).map(({ node }): [NodeId, ReceptiveField][] => {
    const { picture, places } = positionsOf(graph, node);
    return picture ? [...places].map(([id, place]) => [id, fieldOf(place, picture)]) : [];
  });
  return new Map(fields.toReversed().flat());
}
