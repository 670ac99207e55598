/** Inputs that are series (sound, sensors) or pictures without channels, as pictures: a series is one row. */
import { at } from "../base/at.ts";
import { GraphBuilder } from "./builder.ts";
import { carried, inOrder } from "./homes.ts";
import { isMade, onePicture, readsOf } from "./one-picture.ts";
import type { Op } from "./ops/attributes.ts";
import type { GraphNode, ModelGraph, NodeId, TensorSpec } from "./types.ts";

/** Where windows slide along rows and columns, the axes 1 and 2 of their first input. */
const SLIDES: ReadonlySet<Op> = new Set([
  "conv2d",
  "depthwiseConv2d",
  "maxPool",
  "avgPool",
] as const);

/**
 * The graph with an input [N, H, W, C] in place of each of rank 2 or 3 along whose axes windows slide: [N, 1, L, C] along one of them,
 * [N, H, W, 1] along both. What the file has is worked out of it.
 */
export function withSeries(graph: ModelGraph): ModelGraph {
  const known = graph.inputs.map((spec) => ({ spec, along: slidAlong(graph.nodes, spec) }));
  const series = known.filter(({ along }) => along.length > 0);
  if (series.length === 0) return graph;
  const builder = new GraphBuilder();
  const made = new Map<NodeId, { node: NodeId; nodes: GraphNode[] }>();
  for (const { spec, along } of series) made.set(spec.node, pictureFor(builder, spec, along));
  return {
    ...graph,
    nodes: graph.nodes.flatMap((node) => made.get(node.id)?.nodes ?? node),
    inputs: known.map(({ spec, along }): TensorSpec => {
      const node = made.get(spec.node)?.node;
      if (node === undefined) return spec;
      const fileShape = spec.fileShape ?? spec.shape;
      return { ...spec, node, shape: builder.shape(node), fileShape, along };
    }),
  };
}

/** Whether an input is one row, which no picture file can be fed to. */
export const isSeries = ({ along }: Pick<TensorSpec, "along">): boolean => along?.length === 1;

/** Whether an input is rows and columns of a picture; series and volumes come as arrays alone. */
export const isPicture = ({ shape, along }: Pick<TensorSpec, "shape" | "along">): boolean =>
  shape.length === 4 && (along === undefined || along.length === 2);

/** The axes of an input of rank 2 or 3 that windows slide along. */
function slidAlong(nodes: readonly GraphNode[], { node, shape, dtype }: TensorSpec): number[] {
  if (dtype !== "float32" || shape.length < 2 || shape.length > 3) return [];
  const axes = shape.slice(1).map((_, i) => i + 1);
  return axes.filter((axis) => (shape[axis] ?? 1) > 1 && isSlidAlong(nodes, node, axis));
}
function isSlidAlong(nodes: readonly GraphNode[], input: NodeId, axis: number): boolean {
  const one = onePicture(nodes);
  const size = at(one.shape(input), axis);
  const shape = one.shape(input).map((_, i) => (i === axis ? size : 1));
  const homes = new Map(inOrder([1, size], shape).map((start) => [input, start] as const));
  for (const node of nodes) {
    if (!isMade(node)) continue;
    for (const [index, id] of node.inputs.entries()) {
      const own = homes.get(id);
      if (!own) continue;
      if (index === 0 && SLIDES.has(node.op) && own.shape.slice(1, 3).some((n) => n > 1))
        return true;
      const moved = carried(own, readsOf(one, node, index), one.shape(id), one.shape(node.id));
      if (moved) homes.set(node.id, moved);
    }
  }
  return false;
}

/** The picture's node, and all nodes down to the one of the file's input, which keeps its name. */
function pictureFor(
  builder: GraphBuilder,
  { name, node: id, shape, dtype }: TensorSpec,
  along: readonly number[],
): { node: NodeId; nodes: GraphNode[] } {
  const [batch = null, first = 1, second = 1] = shape;
  const before = builder.nodes.length;
  const channelsFirst = String(along) === "2";
  const inOrder = along.length === 2 ? [batch, first, second, 1] : [batch, 1, first, second];
  const own = channelsFirst ? [batch, 1, second, first] : inOrder;
  const node = builder.input(`${name}/picture`, own, dtype);
  const row = channelsFirst ? builder.add("reshape", `${id}/row`, [node], { shape: [null, second, first] }) : node; // prettier-ignore
  if (channelsFirst) builder.add("transpose", id, [row], { perm: [0, 2, 1] });
  else builder.add("reshape", id, [node], { shape });
  return { node, nodes: builder.nodes.slice(before) };
}
