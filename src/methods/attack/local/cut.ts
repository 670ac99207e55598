/** Which part of a network is followed cell by cell, and where the rest begins. */
import {
  dependents,
  prune,
  type GraphNode,
  type ModelGraph,
  type NodeId,
} from "../../../graph/index.ts";
import { sizeOf, type Shape } from "../../../base/tensor.ts";
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
  const byId = new Map(needed.map((node) => [node.id, node]));
  const shapeOf = (id: NodeId): Shape => byId.get(id)?.shape ?? [];
  const { boxes, nodes, costs } = followAll(live, input, shapeOf, changing);
  const whole = live.reduce((sum, node) => sum + cells(node) * work(node, shapeOf), 0);
  return nodes.flatMap(({ node }) => {
    const inside = new Set(prune(live, new Set(), [node.id]).map(({ id }) => id));
    const outside = live.filter(({ id }) => !inside.has(id));
    const leaks = ({ inputs }: GraphNode): boolean =>
      inputs.some((id) => id !== node.id && inside.has(id));
    if (outside.some(leaks)) return [];
    const own = nodes.filter((other) => inside.has(other.node.id));
    const cost =
      own.reduce((sum, other) => sum + (costs.get(other.node.id) ?? 0), 0) +
      PER_NUMBER * cells(node) * (node.shape[3] ?? 1) +
      outside.reduce((sum, other) => sum + cells(other) * work(other, shapeOf), 0);
    return [{ input, cut: node.id, nodes: own, boxes, gain: whole / cost }];
  });
}

/** Follows a pixel as far as it can be followed, with what each node costs. */
function followAll(
  live: readonly GraphNode[],
  input: NodeId,
  shapeOf: (id: NodeId) => Shape,
  changing: ReadonlySet<NodeId>,
): { boxes: Map<NodeId, Box>; nodes: FollowedNode[]; costs: Map<NodeId, number> } {
  const [, height = 1, width = 1] = shapeOf(input);
  const boxes = new Map<NodeId, Box>([[input, [pixelTrack(height ?? 1), pixelTrack(width ?? 1)]]]);
  const nodes: FollowedNode[] = [];
  const costs = new Map<NodeId, number>();
  for (const node of live) {
    const sources = node.inputs.filter((id) => changing.has(id));
    const arrive = sources.map((id) => boxes.get(id)).filter((box) => box !== undefined);
    if (node.id === input || arrive.length < sources.length) continue;
    const window = windowOf(node, shapeOf, (id) => changing.has(id));
    if (!window) continue;
    const along = (axis: 0 | 1): Track =>
      arrive.map((box) => reached(box[axis], window, axis)).reduce(hull);
    const box: Box = [along(0), along(1)];
    const region: Box = [read(box[0], window, 0), read(box[1], window, 1)];
    boxes.set(node.id, box);
    nodes.push({ node, window });
    const numbers = region[0].size * region[1].size * (shapeOf(sources[0] ?? "")[3] ?? 1);
    const crops = window.reach[0] * window.reach[1] > 1 ? numbers : 0;
    const own = box[0].size * box[1].size * work(node, shapeOf);
    costs.set(node.id, own + PER_NUMBER * crops);
  }
  return { boxes, nodes, costs };
}

const cells = ({ shape }: GraphNode): number => sizeOf(shape.slice(1, -1).map((axis) => axis ?? 1));

/** Multiply-adds of one cell, roughly. */
function work(node: GraphNode, shapeOf: (id: NodeId) => Shape): number {
  const channels = node.shape.at(-1) ?? 1;
  const kernel = sizeOf(shapeOf(node.inputs[1] ?? "").map((axis) => axis ?? 1));
  if (node.op === "conv2d" || node.op === "matMul") return kernel;
  // a depthwise convolution waits for memory
  if (node.op === "depthwiseConv2d") return 4 * kernel;
  return 4 * channels * ("window" in node.attrs ? sizeOf(node.attrs.window) : 1);
}
