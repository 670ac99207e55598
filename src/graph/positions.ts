/**
 * Which cells are positions of the picture, and how much of it each sees: what each operation reads, laid over what its inputs see (for
 * convolutions: Araujo, Norris, Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks").
 */
import { at } from "../base/at.ts";
import { isMade, type OnePicture, onePicture, readsOf } from "./one-picture.ts";
import type { Op, Pair } from "./ops/attributes.ts";
import { isMap, mapsOf, nowhere, type Place, Through, union } from "./places.ts";
import type { GraphNode, ModelGraph, NodeId, TensorSpec } from "./types.ts";

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
/** What is known of a list of nodes, by the picture: the nodes of a builder grow. */
interface Known {
  readonly count: number;
  readonly of: Map<NodeId | null, Positions>;
}
const known = new WeakMap<readonly GraphNode[], Known>();

/** The inputs that are pictures: [N, H, W, C]. */
export const pictureInputs = ({ inputs }: Pick<ModelGraph, "inputs">): TensorSpec[] =>
  inputs.filter(({ shape }) => shape.length === 4);

/** With regard to one picture, the first where none is named. Worked out once for a list of nodes. */
export function positionsOf(
  graph: Pick<ModelGraph, "nodes" | "inputs">,
  picture: NodeId | null = pictureInputs(graph)[0]?.node ?? null,
): Positions {
  const { nodes } = graph;
  const before = known.get(nodes);
  const { of } =
    before?.count === nodes.length ? before : { of: new Map<NodeId | null, Positions>() };
  const result = of.get(picture) ?? placed(nodes, picture);
  of.set(picture, result);
  known.set(nodes, { count: nodes.length, of });
  return result;
}

function placed(nodes: readonly GraphNode[], from: NodeId | null): Positions {
  const one = onePicture(nodes);
  const picture: Pair | null = from === null ? null : mapSize(one.shape(from));
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
    if (node.id === from) places.set(node.id, mapsOf(shape, size, [0, 0]));
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
