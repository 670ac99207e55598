/** Whether a network scales pixels itself: arithmetic with a few constants right behind its input. */
import { append } from "../../base/append.ts";
import type { GraphNode, ModelGraph, NodeId, Op } from "../../graph/index.ts";
import { sizeOf } from "../../base/tensor.ts";

/** A network's own preprocessing, inside its graph. */
export interface OwnScaling {
  /** The layer that does it. */
  readonly layer: string;
  /** What it expects: bytes as they are, or 0..1. */
  readonly takes: "pixels" | "unit";
}

/** Operations that leave the values of pixels as they are. */
const MOVES: ReadonlySet<Op> = new Set<Op>([
  ...(["cast", "reshape", "transpose", "pad", "slice", "stridedSlice", "reverse"] as const),
  ...(["gather", "resizeBilinear", "resizeNearest"] as const),
]);
const MOST_STEPS = 12;
/** One number, or one per channel. */
const MOST_NUMBERS = 4;

/** Null when the first thing that happens to a picture is no such arithmetic. */
export async function ownScaling(graph: ModelGraph): Promise<OwnScaling | null> {
  const [input] = graph.inputs;
  const consumers = new Map<NodeId, GraphNode[]>();
  for (const node of graph.nodes)
    for (const id of new Set(node.inputs)) append(consumers, id, node);
  let current = input?.node ?? "";
  let first: NodeId | null = null;
  // x * gain + offset so far
  let [gain, offset] = [1, 0];
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = consumers.get(current) ?? [];
    const [node] = next;
    if (!node || next.length > 1) break;
    if (!MOVES.has(node.op)) {
      const value = await operand(graph, node, current);
      const left = node.inputs[0] === current;
      if (value === null) break;
      if (node.op === "mul") [gain, offset] = [gain * value, offset * value];
      else if (node.op === "div" && left) [gain, offset] = [gain / value, offset / value];
      else if (node.op === "add") offset += value;
      else if (node.op === "sub" && left) offset -= value;
      else break;
      first ??= node.id;
    }
    current = node.id;
  }
  if (first === null) return null;
  const scaling: NodeId = first;
  const owner = graph.layers.find(({ nodes }) => nodes.includes(scaling));
  // a factor below 1/10, or a mean above 2, is meant for bytes
  const pixels = Math.abs(gain) < 0.1 || Math.abs(offset / gain) > 2;
  return { layer: owner?.name ?? first, takes: pixels ? "pixels" : "unit" };
}

/** The mean of the other operand's numbers; null when it is no constant of a few numbers. */
async function operand(graph: ModelGraph, node: GraphNode, x: NodeId): Promise<number | null> {
  const id = node.inputs.find((one) => one !== x);
  const other = graph.nodes.find((one) => one.id === id);
  if (node.inputs.length !== 2 || !other || sizeOf(other.shape.map(Number)) > MOST_NUMBERS)
    return null;
  const value =
    other.op === "weight" ? await graph.weights.read(other.attrs.ref) : (other.value ?? null);
  if (!value || value.data.length === 0) return null;
  return Array.from(value.data).reduce((sum, one) => sum + one, 0) / value.data.length;
}
