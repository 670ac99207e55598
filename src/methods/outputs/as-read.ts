/** Outputs as they are read: the scores whose largest the file names, and steps behind the axis of pictures. */
import { at } from "../../base/at.ts";
import { onePicture, type GraphNode, type ModelGraph, type NodeId } from "../../graph/index.ts";
import { REARRANGES } from "./end.ts";
import { Picking } from "./picking.ts";

/** What is read in the place of an output, and why. */
interface Replaced {
  readonly node: NodeId;
  readonly why: string;
  /** It is class scores whose largest the file names. */
  readonly ranked: boolean;
}

/** The graph with what is read in the place of its outputs, by their indices; the graph itself where all are read as they are. */
export function asRead(graph: ModelGraph): {
  readonly graph: ModelGraph;
  readonly replaced: ReadonlyMap<number, Replaced>;
} {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const replaced = new Map<number, Replaced>();
  let { nodes } = graph;
  const outputs = graph.outputs.map((spec, index) => {
    const builder = new Picking(nodes, spec.name);
    const found = beforeLargest(byId, spec.node) ?? stepsBehind(builder, graph, spec.node);
    if (!found) return spec;
    replaced.set(index, found);
    ({ nodes } = builder);
    const shape = builder.shape(found.node);
    return { ...spec, node: found.node, shape, dtype: "float32" as const };
  });
  return { graph: replaced.size === 0 ? graph : { ...graph, nodes, outputs }, replaced };
}

/** The file ends at the number of the largest score: what it is the largest of says the same, and has gradients. */
function beforeLargest(byId: ReadonlyMap<NodeId, GraphNode>, from: NodeId): Replaced | null {
  let node = byId.get(from);
  while (node && REARRANGES.has(node.op)) node = byId.get(node.inputs[0] ?? "");
  const scores = byId.get(node?.inputs[0] ?? "");
  if (node?.op !== "argMax" || !scores || scores.shape.length < 2) return null;
  const why =
    "The file ends at the number of the largest; what these are the largest of is read in its place.";
  return { node: scores.id, why, ranked: true };
}

/** [T, N, C], as PyTorch's CTC loss takes it, with one picture. */
function stepsBehind(builder: Picking, graph: ModelGraph, from: NodeId): Replaced | null {
  const sizes = onePicture(graph.nodes).shape(from);
  if (sizes.length !== 3 || at(sizes, 0) < 2 || at(sizes, 1) !== 1 || at(sizes, 2) < 2) return null;
  const node = builder.add("transpose", "steps", [from], { perm: [1, 0, 2] });
  return { node, why: "Its first axis counts steps, the second pictures.", ranked: false };
}
