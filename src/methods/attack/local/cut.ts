/** Which part of a network is followed cell by cell, and where the rest begins. */
import { at } from "../../../base/at.ts";
import {
  dependents,
  type GraphNode,
  macsOf,
  type ModelGraph,
  type NodeId,
  type OnePicture,
  onePicture,
  prune,
} from "../../../graph/index.ts";
import { sizeOf } from "../../../base/tensor.ts";
import { hull, pixelTrack, reached, read, windowOf } from "./geometry.ts";
import type { Track, Window } from "./geometry.ts";

/** Rows and columns. */
export type Box = readonly [Track, Track];

/** The part of a network that is followed, from the input to `cut`; nothing but `cut` leads from it to the rest. */
export interface Followed {
  readonly input: NodeId;
  readonly cut: NodeId;
  /** In topological order, without the input. */
  readonly nodes: readonly FollowedNode[];
  /** Where a changed pixel arrives. */
  readonly boxes: ReadonlyMap<NodeId, Box>;
  /** How many times less work than a whole pass, by estimate. */
  readonly gain: number;
}
interface FollowedNode {
  readonly node: GraphNode;
  readonly window: Window;
  /** Of its patches, in multiply-adds. */
  readonly cost: number;
}

/** What handling one number costs, in multiply-adds: cropping and pasting against arithmetic that runs at full speed. */
const PER_NUMBER = 40;
const WORTH_IT = 1.4;

/** The best place to cut; null where following a pixel does not pay. */
export function chooseCut(graph: ModelGraph, input: NodeId, target: NodeId): Followed | null {
  return possibleCuts(graph, input, target).reduce<Followed | null>(
    (better, own) => (own.gain > (better?.gain ?? WORTH_IT) ? own : better),
    null,
  );
}

/** Every node up to which a pixel can be followed and through which all that follows goes. */
export function possibleCuts(graph: ModelGraph, input: NodeId, target: NodeId): Followed[] {
  const needed = prune(graph.nodes, new Set(), [target]);
  const changing = dependents(needed, input);
  const live = needed.filter(({ id }) => changing.has(id));
  const one = onePicture(graph.nodes);
  const { boxes, nodes } = followAll(live, input, one, changing);
  const whole = live.reduce((sum, node) => sum + cells(node, one) * work(node, one), 0);
  return nodes.flatMap(({ node }) => {
    const inside = new Set(prune(live, new Set(), [node.id]).map(({ id }) => id));
    const outside = live.filter(({ id }) => !inside.has(id));
    const leaks = ({ inputs }: GraphNode): boolean =>
      inputs.some((id) => id !== node.id && inside.has(id));
    if (outside.some(leaks)) return [];
    const own = nodes.filter((other) => inside.has(other.node.id));
    const cost =
      own.reduce((sum, other) => sum + other.cost, 0) +
      PER_NUMBER * sizeOf(one.shape(node.id).slice(1)) +
      outside.reduce((sum, other) => sum + cells(other, one) * work(other, one), 0);
    return [{ input, cut: node.id, nodes: own, boxes, gain: whole / cost }];
  });
}

/** Follows a pixel as far as it can be followed. */
function followAll(
  live: readonly GraphNode[],
  input: NodeId,
  one: OnePicture,
  changing: ReadonlySet<NodeId>,
): { boxes: Map<NodeId, Box>; nodes: FollowedNode[] } {
  const shape = one.shape(input);
  const boxes = new Map<NodeId, Box>([
    [input, [pixelTrack(at(shape, 1)), pixelTrack(at(shape, 2))]],
  ]);
  const nodes: FollowedNode[] = [];
  for (const node of live) {
    const sources = node.inputs.filter((id) => changing.has(id));
    const arrive = sources.map((id) => boxes.get(id)).filter((box) => box !== undefined);
    if (node.id === input || arrive.length < sources.length) continue;
    const window = windowOf(node, one, (id) => changing.has(id));
    if (!window) continue;
    const along = (axis: 0 | 1): Track =>
      arrive.map((box) => reached(box[axis], window.along[axis])).reduce(hull);
    const box: Box = [along(0), along(1)];
    const region = regionOf(box, window);
    boxes.set(node.id, box);
    const numbers = region[0].size * region[1].size * at(one.shape(at(sources, 0)), 3);
    const crops = window.along.some(({ low, high }) => high > low) ? numbers : 0;
    const own = box[0].size * box[1].size * work(node, one);
    nodes.push({ node, window, cost: own + PER_NUMBER * crops });
  }
  return { boxes, nodes };
}
/** What the cells of `box` read. */
export const regionOf = (box: Box, { along }: Window): Box => [
  read(box[0], along[0]),
  read(box[1], along[1]),
];

const cells = (node: GraphNode, one: OnePicture): number => sizeOf(one.shape(node.id).slice(1, -1));

/** What one cell takes, roughly, in multiply-adds. */
function work(node: GraphNode, one: OnePicture): number {
  const macs = macsOf(one, node) / cells(node, one);
  // a depthwise convolution waits for memory
  if (macs > 0) return node.op === "depthwiseConv2d" ? 4 * macs : macs;
  const channels = at(one.shape(node.id), -1);
  return 4 * channels * ("window" in node.attrs ? sizeOf(node.attrs.window) : 1);
}
