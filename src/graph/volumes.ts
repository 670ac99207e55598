/** Inputs that are volumes (scans, video) as pictures: their slices, one below another. */
import { sizeOf } from "../base/tensor.ts";
import { GraphBuilder } from "./builder.ts";
import type { GraphNode, Homes, Layer, ModelGraph, NodeId, TensorSpec } from "./types.ts";

/** [N, D, H, W, C] */
const RANK = 5;

/**
 * The graph with an input [N, D H, W, C] in the place of each volume [N, D, H, W, C], outputs likewise, and layers whose maps are laid out
 * so: what knows pictures knows volumes, but for how many slices there are. A graph without volumes is left as it is.
 */
export function withVolumes(graph: ModelGraph): ModelGraph {
  const volumes = graph.inputs.filter(isWhole);
  const [first] = volumes;
  if (!first) return graph;
  const inputs = new Map(volumes.map((spec) => [spec.node, asPicture(graph, spec)]));
  const nodes = graph.nodes.flatMap((node) => {
    const spec = inputs.get(node.id);
    return spec ? inputNodes(spec, node) : [node];
  });
  const whole = new GraphBuilder(nodes);
  const stacked = (node: NodeId): { node: NodeId; slices: number } | null => {
    const [, slices, rows, columns, channels] = whole.shape(node);
    const known = slices && rows && columns && channels;
    if (!known || whole.shape(node).length !== RANK) return null;
    const shape = [null, slices * rows, columns, channels];
    return { node: whole.add("reshape", `${node}/slices`, [node], { shape }), slices };
  };
  const homes = new Map<string, Homes>();
  const layers = graph.layers.map((layer): Layer => {
    // a file that has its channels first says where the graph has them
    const isLast = first.fileShape === undefined || layer.fileShape !== undefined;
    const maps = layer.output !== null && isLast ? stacked(layer.output) : null;
    if (!maps) return layer;
    const { node, slices } = maps;
    const own = homesOf(homes, whole.shape(node), slices);
    return { ...layer, maps: [{ input: first.name, maps: node, homes: own, slices }] };
  });
  const outputs = graph.outputs.map((spec): TensorSpec => {
    const isLast = first.fileShape === undefined || spec.fileShape !== undefined;
    const made = isLast ? stacked(spec.node) : null;
    if (!made) return spec;
    const fileShape = spec.fileShape ?? spec.shape;
    return { ...spec, ...made, shape: whole.shape(made.node), fileShape };
  });
  const all = graph.inputs.map((spec) => inputs.get(spec.node) ?? spec);
  return { ...graph, nodes: whole.nodes, inputs: all, outputs, layers };
}

const isWhole = ({ shape, dtype }: TensorSpec): boolean =>
  shape.length === RANK && dtype === "float32" && !shape.slice(1).includes(null);

/** The input as a picture; its node is named after the file's. */
function asPicture({ nodes }: ModelGraph, spec: TensorSpec): TensorSpec {
  const [batch = null, slices = 1, rows = 1, columns = 1, channels = 1] = spec.shape;
  const names = new Set(nodes.map(({ id }) => id));
  let node = `${spec.name}/volume`;
  while (names.has(node)) node += "'";
  return {
    ...spec,
    node,
    shape: [batch, Number(slices) * Number(rows), columns, channels],
    fileShape: spec.fileShape ?? spec.shape,
    along: spec.fileShape === undefined ? [1, 2, 3] : [2, 3, 4],
    slices: Number(slices),
  };
}
function inputNodes({ name, node, shape, dtype }: TensorSpec, own: GraphNode): GraphNode[] {
  const { id, shape: whole } = own;
  const picture = { id: node, op: "input", attrs: { name }, inputs: [], shape, dtype } as const;
  const attrs = { shape: whole };
  return [picture, { id, op: "reshape", attrs, inputs: [node], shape: whole, dtype }];
}

/** Cells in their order, once for all maps of one size. */
function homesOf(
  known: Map<string, Homes>,
  [, rows, columns]: readonly (number | null)[],
  slices: number,
): Homes {
  const grid = [Number(rows), Number(columns)] as const;
  const key = `${slices} ${grid.join(" ")}`;
  const cells = new Int32Array(sizeOf(grid)).map((_, cell) => cell);
  const own = known.get(key) ?? { grid, shape: [1, slices, grid[0] / slices, grid[1], 1], cells };
  known.set(key, own);
  return own;
}
