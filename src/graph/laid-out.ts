/** Maps [N, H, W, C] of layers whose cells are positions of a picture in another order: tokens, windows, axes in the file's order. */
import { at } from "../base/at.ts";
import { sizeOf } from "../base/tensor.ts";
import { attended, attentionOf, queryAxes, readByAnswer } from "./attention.ts";
import { batchAxes } from "./batch-axes.ts";
import type { Box, Interval } from "./boxes.ts";
import { GraphBuilder } from "./builder.ts";
import { cellsByPlace, homesOf } from "./homes.ts";
import { onePicture } from "./one-picture.ts";
import { isMap } from "./places.ts";
import { pictureInputs, positionsOf } from "./positions.ts";
import { fixedBatch } from "./walk.ts";
import type {
  GraphNode,
  Homes,
  Layer,
  LayerMaps,
  ModelGraph,
  NodeId,
  TensorSpec,
} from "./types.ts";

/**
 * The graph with nodes that lay out what is not laid out yet, and layers that name them. A matrix of attention becomes one map for each
 * head: what the class token attends to or, where the answer is read from none, what all positions attend to on average. Where it is
 * inside of a layer it becomes a layer of its own.
 */
export function withMaps(graph: ModelGraph): ModelGraph {
  const pictures = pictureInputs(graph);
  if (pictures.length === 0) return graph;
  const builder = new GraphBuilder(graph.nodes);
  const found = new Map<NodeId, LayerMaps[]>();
  const outputs = new Set(graph.layers.map(({ output }) => output));
  const one = onePicture(graph.nodes);
  const batchOf = batchAxes(graph);
  const count = fixedBatch(graph) ?? 1;
  for (const picture of pictures) {
    const homes = homesOf(graph, picture.node);
    const { places } = positionsOf(graph, picture.node);
    const read = readByAnswer(graph, homes);
    for (const node of graph.nodes) {
      const kinds = homes.get(node.id);
      const place = places.get(node.id);
      const wanted = outputs.has(node.id) || node.op === "softmax";
      if (!kinds || !place || !wanted || (isMap(place) && !isShifted(kinds))) continue;
      const batch = batchOf(node.id);
      if (batch === null) continue;
      const own = { node, shape: one.shape(node.id), batch, pictures: count };
      const maps = laidOut(builder, own, kinds, picture, read);
      if (maps) found.set(node.id, [...(found.get(node.id) ?? []), maps]);
    }
  }
  // the same nodes, of which all is worked out by now
  if (found.size === 0) return graph;
  const maps = (id: NodeId | null): readonly LayerMaps[] | undefined =>
    id === null ? undefined : found.get(id);
  const layers = graph.layers.flatMap((layer): Layer[] => {
    const own = maps(layer.output);
    const within = layer.nodes
      .filter((id) => !outputs.has(id) && found.has(id))
      .map((id, i) => attentionIn(layer, id, maps(id) ?? [], i));
    return [...within, own ? { ...layer, maps: own } : layer];
  });
  return { ...graph, nodes: builder.nodes, layers };
}

/** The matrix of attention within a layer, as a layer. */
const attentionIn = (
  layer: Layer,
  output: NodeId,
  maps: readonly LayerMaps[],
  count: number,
): Layer => ({
  ...{
    name: `${layer.name}:attention${count > 0 ? count + 1 : ""}`,
    className: "AttentionWeights",
  },
  ...{ nodes: [], output, preActivation: null, inputs: layer.inputs, weights: [], opaque: null },
  maps,
});

const known = new WeakMap<Homes, boolean>();

/**
 * Whether maps [N, H, W, C] hold the cells of their grid in another order: windows that were shifted around the picture's edge. Worked out
 * once for homes that many layers share.
 */
function isShifted([only, other]: readonly Homes[]): boolean {
  if (!only || other) return false;
  const shifted = known.get(only) ?? isReordered(only);
  known.set(only, shifted);
  return shifted;
}
function isReordered(homes: Homes): boolean {
  const { shape, cells } = homes;
  if (sizeOf(shape) !== cells.length || cells.every((cell, place) => cell === place)) return false;
  return cellsByPlace(homes)?.length === cells.length;
}

/** The shape of a tensor for one picture, and the axis that pictures stand along; several where a file fixes their number. */
interface Sized {
  readonly shape: readonly number[];
  readonly batch: number;
  readonly pictures: number;
}

function laidOut(
  builder: GraphBuilder,
  { node, ...sizes }: Sized & { readonly node: GraphNode },
  kinds: readonly Homes[],
  { name: input }: TensorSpec,
  read: (node: NodeId) => Box | null,
): LayerMaps | null {
  const [first, second, third] = kinds;
  if (!first || third) return null;
  if (!second) {
    const maps = byHomes(builder, node.id, sizes, first);
    return maps === null ? null : { input, maps, homes: first };
  }
  const attention = attentionOf(node, kinds, read);
  if (!attention) return null;
  const axes = queryAxes(attention);
  const shape = sizes.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const maps = byHomes(builder, attended(builder, attention), { ...sizes, shape }, attention.keys);
  return maps === null ? null : { input, maps, homes: attention.keys, attention };
}

/** Maps [N, rows, columns, channels] of a tensor by its homes; null where a place has no cell, or several. */
function byHomes(builder: GraphBuilder, id: NodeId, sizes: Sized, homes: Homes): NodeId | null {
  const cells = cellsByPlace(homes);
  if (!cells) return null;
  const hint = `${id}/maps`;
  const { x: start, shape, batch, homed } = withoutPicture(builder, id, sizes, homes);
  const others = [...shape.keys()].filter((axis) => axis !== batch && !homed.includes(axis));
  const perm = [batch, ...homed, ...others];
  let x = perm.every((axis, i) => axis === i)
    ? start
    : builder.add("transpose", hint, [start], { perm });
  const [count, channels] = [homed, others].map((axes) =>
    sizeOf(axes.map((axis) => at(shape, axis))),
  ) as [number, number];
  x = builder.add("reshape", hint, [x], { shape: [null, count, channels] });
  const [first = 0] = cells;
  if (!cells.every((cell, i) => cell === first + i)) {
    const indices = { dtype: "int32", shape: [cells.length], data: cells } as const;
    x = builder.add("gather", hint, [x, builder.constant(indices)], { axis: 1 });
  } else if (cells.length < count)
    x = builder.add("slice", hint, [x], {
      begin: [0, first, 0],
      size: [null, cells.length, channels],
    });
  return builder.add("reshape", hint, [x], { shape: [null, ...homes.grid, channels] });
}

/** A tensor with an axis for pictures alone: windows and heads of one may stand along it. `homed`: the axes along which homes change. */
function withoutPicture(
  builder: GraphBuilder,
  id: NodeId,
  { shape, batch, pictures }: Sized,
  homes: Homes,
): Omit<Sized, "pictures"> & { x: NodeId; homed: number[] } {
  const homed = [...homes.shape.keys()].filter((axis) => at(homes.shape, axis) > 1);
  if (shape[batch] === pictures) return { x: id, shape, batch, homed };
  const split = [...shape.slice(0, batch), 1, ...shape.slice(batch)];
  const open = split.map((size, axis) => (axis === batch ? null : size));
  return {
    x: builder.add("reshape", `${id}/maps`, [id], { shape: open }),
    ...{ shape: split, batch, homed: homed.map((axis) => (axis >= batch ? axis + 1 : axis)) },
  };
}

/** Whether any cell of a box of a tensor is at home somewhere. */
export function isHomeIn({ shape, cells }: Homes, box: Box): boolean {
  const own = shape.map((size, axis): Interval => (size === 1 ? [0, 0] : at(box, axis)));
  return cells.some((home, cell) => {
    if (home < 0) return false;
    let rest = cell;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = at(shape, axis);
      const [low, high] = at(own, axis);
      if (rest % size < low || rest % size > high) return false;
      rest = Math.floor(rest / size);
    }
    return true;
  });
}
