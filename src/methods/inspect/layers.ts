import type { LayerSummary } from "../../shared/contract/model.ts";
import {
  fixedBatch,
  isMap,
  type Layer,
  macsOf,
  type ModelGraph,
  type NodeId,
  onePicture,
  pictureInputs,
  positionsOf,
  type WeightInfo,
} from "../../graph/index.ts";
import { sizeOf } from "../../base/tensor.ts";
import { kernelWeight } from "../filters/kernel.ts";
import { activationOf } from "./activation-function.ts";
import { layerOp } from "./layer-op.ts";
import { receptiveFields } from "./receptive-field.ts";

/** Everything about the layers that follows from the graph alone. */
export function summariseLayers(graph: ModelGraph): LayerSummary[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const one = onePicture(graph.nodes);
  const batch = fixedBatch(graph) ?? 1;
  const fields = receptiveFields(graph);
  const pictures = picturesUnder(graph);
  const opaqueAbove = opaqueAncestors(graph);
  return graph.layers.map((layer): LayerSummary => {
    const nodes = layer.nodes.flatMap((id) => byId.get(id) ?? []);
    const output = layer.output === null ? undefined : byId.get(layer.output);
    const activation = output ? activationOf(output, byId) : null;
    const blockedBy = layer.output === null ? [] : [...(opaqueAbove.get(layer.output) ?? [])];
    const over = (layer.output !== null && pictures.get(layer.output)) || [];
    const laidOut = layer.maps ?? [];
    const under = [...new Set([...over, ...laidOut.map(({ input }) => input)])];
    const maps = laidOut[0] && byId.get(laidOut[0].maps);
    return {
      name: layer.name,
      className: layer.className,
      op: layerOp(layer, nodes),
      outputShape: layer.fileShape ?? output?.shape ?? null,
      mapShape: (maps ?? output)?.shape ?? null,
      ...(laidOut[0]?.slices !== undefined && { slices: laidOut[0].slices }),
      params: layer.weights.reduce((sum, weight) => sum + parametersIn(weight), 0),
      macs: nodes.reduce((sum, node) => sum + macsOf(one, node), 0) / batch,
      receptiveField: (layer.output !== null && fields.get(layer.output)) || null,
      inputs: layer.inputs,
      weights: layer.weights.map(({ name, shape, fileShape, storedDType }) => ({
        name,
        shape: fileShape ?? shape,
        dtype: storedDType,
      })),
      hasKernel: kernelWeight(layer) !== null,
      pictures: blockedBy.length === 0 ? under : [],
      spatial: blockedBy.length === 0 && under.length > 0,
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

/** For every node whose cells are positions of pictures: the names of these inputs. */
function picturesUnder(graph: ModelGraph): Map<NodeId, readonly string[]> {
  const under = new Map<NodeId, readonly string[]>();
  for (const { name, node, slices } of pictureInputs(graph)) {
    if (slices !== undefined) continue; // its layers say what their maps are
    for (const [id, place] of positionsOf(graph, node).places)
      if (isMap(place)) under.set(id, [...(under.get(id) ?? []), name]);
  }
  return under;
}

/** How many parameters a weight is. */
export const parametersIn = ({ shape, counter }: WeightInfo): number =>
  counter ? 0 : sizeOf(shape);

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
