/**
 * Which cells are positions of the picture, and how much of it each sees: what each operation reads, laid over what its inputs see (for
 * convolutions: Araujo, Norris, Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks").
 */
import { at } from "../base/at.ts";
import { isMade, type OnePicture, onePicture, readsOf } from "./one-picture.ts";
import type { Op, Pair } from "./ops/attributes.ts";
import { isMap, mapsOf, nowhere, type Place, Through, union } from "./places.ts";
import type { GraphNode, ModelGraph, NodeId } from "./types.ts";

/** What makes maps larger begins a picture of its own where it is given what has no positions: the decoder of a bottleneck. */
const ENLARGES: ReadonlySet<Op> = new Set([
  "conv2dInputGrad",
  "depthwiseConv2dInputGrad",
  "resizeBilinear",
  "resizeNearest",
] as const);

/** Where the cells of every node are that depends on the picture. */
export interface Positions {
  /** Rows and columns of the picture; null where the network takes none. */
  readonly picture: Pair | null;
  readonly places: ReadonlyMap<NodeId, Place>;
}
const known = new WeakMap<readonly GraphNode[], Positions & { readonly count: number }>();

/** With regard to the first input [N, H, W, C], and to others of its size. Worked out once for a list of nodes. */
export function positionsOf({ nodes, inputs }: Pick<ModelGraph, "nodes" | "inputs">): Positions {
  const before = known.get(nodes);
  if (before?.count === nodes.length) return before;
  const result = placed(nodes, inputs.find(({ shape }) => shape.length === 4)?.node ?? null);
  known.set(nodes, { ...result, count: nodes.length });
  return result;
}

function placed(nodes: readonly GraphNode[], first: NodeId | null): Positions {
  const one = onePicture(nodes);
  const picture: Pair | null = first === null ? null : mapSize(one.shape(first));
  const size = picture ?? [1, 1];
  const places = new Map<NodeId, Place>();
  for (const node of nodes) {
    const shape = one.shape(node.id);
    const merged = node.inputs
      .flatMap((id, index) => {
        const place = places.get(id);
        return (place && through(one, node, index, place)) ?? [];
      })
      .reduce<Place | null>((a, b) => (a ? union(a, b, size) : b), null);
    const maps = shape.length === 4 ? mapSize(shape) : null;
    if (node.op === "input" && picture && maps && String(maps) === String(picture))
      places.set(node.id, mapsOf(shape, size, [0, 0]));
    else if (ENLARGES.has(node.op) && (merged ? !isMap(merged) : picture === null))
      places.set(node.id, mapsOf(shape, size, null));
    else if (merged) places.set(node.id, merged);
  }
  return { picture, places };
}
const mapSize = (shape: readonly number[]): Pair => [at(shape, 1), at(shape, 2)];

/** Where the cells of a node are by one of its inputs; null where it does not depend on that one's numbers. */
function through(one: OnePicture, node: GraphNode, index: number, place: Place): Place | null {
  if (!isMade(node)) return nowhere(one.shape(node.id));
  const { inputs, shape } = one.call(node);
  const reads = readsOf(one, node, index);
  if (reads === "nothing") return null;
  const result = new Through(place, shape);
  return reads === "in order" ? result.regroup(at(inputs, index).shape) : result.read(reads);
}
