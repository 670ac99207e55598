import type { LayerSummary } from "../../shared/contract/model.ts";
import {
  type Layer,
  type ModelGraph,
  type NodeId,
  type Pair,
  type ReceptiveField,
  type WeightInfo,
} from "../../graph/index.ts";
import { sizeOf, type Shape } from "../../base/tensor.ts";
import { kernelWeight } from "../filters/kernel.ts";
import { activationOf } from "./activation-function.ts";
import { layerOp } from "./layer-op.ts";
import { multiplyAdds } from "./macs.ts";
import { receptiveFields } from "./receptive-field.ts";

/** Everything about the layers that follows from the graph alone. */
export function summariseLayers(graph: ModelGraph): LayerSummary[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const shapeOf = (id: NodeId): Shape => byId.get(id)?.shape ?? [];
  const fields = fieldsOf(graph);
  const opaqueAbove = opaqueAncestors(graph);
  return graph.layers.map((layer): LayerSummary => {
    const nodes = layer.nodes.flatMap((id) => byId.get(id) ?? []);
    const output = layer.output === null ? undefined : byId.get(layer.output);
    const activation = output ? activationOf(output, byId) : null;
    const blockedBy = layer.output === null ? [] : [...(opaqueAbove.get(layer.output) ?? [])];
    return {
      name: layer.name,
      className: layer.className,
      op: layerOp(layer, nodes),
      outputShape: layer.fileShape ?? output?.shape ?? null,
      mapShape: output?.shape ?? null,
      params: layer.weights.reduce((sum, weight) => sum + parametersIn(weight), 0),
      macs: nodes.reduce((sum, node) => sum + multiplyAdds(node, shapeOf), 0),
      receptiveField: (layer.output !== null && fields.get(layer.output)) || null,
      inputs: layer.inputs,
      weights: layer.weights.map(({ name, shape, fileShape, storedDType }) => ({
        name,
        shape: fileShape ?? shape,
        dtype: storedDType,
      })),
      hasKernel: kernelWeight(layer) !== null,
      spatial: output !== undefined && blockedBy.length === 0 && isSpatial(output.shape),
      activated: activation !== null,
      rectified: activation?.rectifies ?? false,
      opaque: layer.opaque,
      blockedBy,
      aliases: layer.aliases ?? [],
      source: layer.source ?? null,
      note: layer.note ?? null,
    };
  });
}

/** How many parameters a weight is. */
export const parametersIn = ({ shape, counter }: WeightInfo): number =>
  counter ? 0 : sizeOf(shape);

export const isSpatial = (shape: Shape): boolean =>
  shape.length === 4 && (shape[1] ?? 0) > 1 && (shape[2] ?? 0) > 1;

function fieldsOf(graph: ModelGraph): Map<NodeId, ReceptiveField> {
  const picture = graph.inputs.find(({ shape }) => shape.length === 4);
  if (!picture) return new Map();
  const size: Pair = [picture.shape[1] ?? 1, picture.shape[2] ?? 1];
  return receptiveFields(graph.nodes, picture.node, size);
}

/** For every node: the names of opaque layers it depends on. */
function opaqueAncestors(graph: ModelGraph): Map<NodeId, ReadonlySet<string>> {
  const ownerOf = new Map<NodeId, Layer>();
  for (const layer of graph.layers) for (const id of layer.nodes) ownerOf.set(id, layer);
  const above = new Map<NodeId, ReadonlySet<string>>();
  const none: ReadonlySet<string> = new Set();
  for (const node of graph.nodes) {
    const inherited = node.inputs.map((id) => above.get(id) ?? none).filter((set) => set.size > 0);
    const own = node.op === "opaque" ? [ownerOf.get(node.id)?.name ?? node.id] : [];
    const [first] = inherited;
    if (own.length === 0 && inherited.length === 1 && first) above.set(node.id, first);
    else if (own.length + inherited.length > 0)
      above.set(node.id, new Set([...own, ...inherited.flatMap((set) => [...set])]));
  }
  return above;
}
