import type { GraphNode, Layer, ModelGraph, NodeId } from "../../graph/index.ts";

/** The output of one layer on its way into another. */
export interface Wire {
  readonly from: Pick<Layer, "output">;
  readonly to: Pick<Layer, "nodes">;
}

/**
 * A graph in which each wire has a node of its own, so that what flows along it has a gradient of its own: `taps` are these, in the order
 * of `wires`; null where the wire is not found. Values stay as they are. A layer's only wire is its output itself.
 */
export function withTaps(
  graph: ModelGraph,
  wires: readonly Wire[],
  owned: ReadonlySet<NodeId>,
): { readonly graph: ModelGraph; readonly taps: readonly (NodeId | null)[] } {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const readers = new Map<NodeId, number>();
  for (const { inputs } of graph.nodes)
    for (const id of new Set(inputs)) readers.set(id, (readers.get(id) ?? 0) + 1);
  const leaving = new Map<Wire["from"], number>();
  for (const { from } of wires) leaving.set(from, (leaving.get(from) ?? 0) + 1);
  const taken = new Map<NodeId, Map<NodeId, NodeId>>();
  const made = new Map<NodeId, GraphNode[]>();
  const taps = wires.map(({ from, to }, i) => {
    const source = from.output === null ? undefined : byId.get(from.output);
    if (source?.dtype !== "float32") return null;
    const sites = readersIn(source.id, to.nodes, byId, owned);
    if (sites.length === 0) return null;
    if (readers.get(source.id) === sites.length && leaving.get(from) === 1) return source.id;
    const id = `wire/${i}/${source.id}`;
    const { shape, dtype } = source;
    made.set(source.id, [
      ...(made.get(source.id) ?? []),
      { id, op: "reshape", attrs: { shape }, inputs: [source.id], shape, dtype },
    ]);
    for (const site of sites) {
      const of = taken.get(site) ?? new Map<NodeId, NodeId>();
      if (!of.has(source.id)) of.set(source.id, id);
      taken.set(site, of);
    }
    return id;
  });
  const nodes = graph.nodes.flatMap((node) => {
    const other = taken.get(node.id);
    const own = other
      ? ({ ...node, inputs: node.inputs.map((id) => other.get(id) ?? id) } as GraphNode)
      : node;
    return [own, ...(made.get(node.id) ?? [])];
  });
  return { graph: { ...graph, nodes }, taps };
}

/** The nodes of a layer that read `source`, and those before it that belong to no layer. */
function readersIn(
  source: NodeId,
  nodes: readonly NodeId[],
  byId: ReadonlyMap<NodeId, GraphNode>,
  owned: ReadonlySet<NodeId>,
): NodeId[] {
  const seen = new Set(nodes);
  const found: NodeId[] = [];
  for (const id of seen) {
    const inputs = byId.get(id)?.inputs ?? [];
    if (inputs.includes(source)) found.push(id);
    for (const input of inputs) if (!owned.has(input)) seen.add(input);
  }
  return found;
}
