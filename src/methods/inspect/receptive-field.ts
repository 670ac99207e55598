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
 * everything have stride 0. Of a volume there are none.
 */
export function receptiveFields(
  graph: Pick<ModelGraph, "nodes" | "inputs">,
): Map<NodeId, ReceptiveField> {
  const fields = pictureInputs(graph).map(({ node, slices }): [NodeId, ReceptiveField][] => {
    if (slices !== undefined) return []; // rows of slices that stand one below another are no place in one
    const { picture, places } = positionsOf(graph, node);
    return picture ? [...places].map(([id, place]) => [id, fieldOf(place, picture)]) : [];
  });
  return new Map(fields.toReversed().flat());
}
