/**
 * What no batch normalization shows: what stands behind the last of them, and strides behind which no window is normalised (they take cells
 * away, which leaves mean and variance as they are).
 */
import { at } from "../../base/at.ts";
import { prune, type GraphNode, type ModelGraph, type NodeId, type Op } from "../../graph/index.ts";
import type { Norm } from "./norms.ts";

/** Operations of one value that are chosen and not trained. */
const CHOSEN: ReadonlySet<Op> = new Set<Op>([
  ...(["relu", "relu6", "leakyRelu", "elu", "sigmoid", "tanh", "softplus", "exp", "erf"] as const),
  ...(["clip", "abs", "square", "sqrt", "maximum", "minimum", "sin", "cos"] as const),
  ...(["maxPool", "avgPool", "max", "min"] as const),
]);
const MERGING: ReadonlySet<Op> = new Set<Op>(["add", "sub", "mul", "div", "concat", "maximum"]);

/** Names of layers with what of them is not shown, in words; empty where everything is shown, or is as in the part that is. */
export function unseen(graph: ModelGraph, norms: readonly Norm[]): string[] {
  const outputs = graph.outputs.map(({ node }) => node);
  const nodes = prune(graph.nodes, new Set(), outputs);
  const seen = new Set(
    prune(
      nodes,
      new Set(),
      norms.map(({ input }) => input),
    ).map(({ id }) => id),
  );
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const kindsAmong = (ids: ReadonlySet<NodeId>): ReadonlySet<string> =>
    new Set(nodes.filter(({ id }) => ids.has(id)).map((node) => kindOf(node, byId)));
  const layerOf = (id: NodeId): string =>
    graph.layers.find((layer) => layer.nodes.includes(id))?.name ?? id;
  const { shown, hidden } = strides(nodes, seen, byId);
  const [regular, stepping] = [kindsAmong(seen), kindsAmong(shown)];
  const found = nodes.flatMap((node): string[] => {
    const kind = kindOf(node, byId);
    const stride = hidden.get(node.id);
    if (stride && !(stride === "forced" && stepping.has(kind)))
      return [`the stride of '${layerOf(node.id)}'`];
    const isAnswer = outputs.includes(node.id);
    return !seen.has(node.id) && CHOSEN.has(node.op) && !regular.has(kind) && !isAnswer
      ? [`'${layerOf(node.id)}'`]
      : [];
  });
  return [...new Set(found)];
}

/** An operation with its settings and the size of its window: two of one kind do the same. */
function kindOf(node: GraphNode, byId: ReadonlyMap<NodeId, GraphNode>): string {
  const window = windowOf(node, byId);
  return `${node.op} ${JSON.stringify(node.attrs)} ${window?.join("x") ?? ""}`;
}

/** Rows and columns that a cell of the result reads; null where it is no convolution or pooling. */
function windowOf(
  node: GraphNode,
  byId: ReadonlyMap<NodeId, GraphNode>,
): readonly [number, number] | null {
  if (node.op === "maxPool" || node.op === "avgPool") return [...node.attrs.window];
  if (node.op !== "conv2d" && node.op !== "depthwiseConv2d") return null;
  const [rows, columns] = byId.get(at(node.inputs, 1))?.shape ?? [];
  return [rows ?? 1, columns ?? 1];
}

const hasPositions = ({ shape }: Pick<GraphNode, "shape">): boolean =>
  shape.length === 4 && (shape[1] ?? 1) * (shape[2] ?? 1) > 1;

/**
 * `shown`: what stands before a normalised window. `hidden`: convolutions and poolings that do not; `forced` where the shape of something else leaves only one
 * (a residual connection around it, a dense layer's number of inputs). Those that could hardly have another one are left out.
 */
function strides(
  nodes: readonly GraphNode[],
  seen: ReadonlySet<NodeId>,
  byId: ReadonlyMap<NodeId, GraphNode>,
): { shown: ReadonlySet<NodeId>; hidden: ReadonlyMap<NodeId, "forced" | "free"> } {
  const isWindow = (node: GraphNode): boolean =>
    (windowOf(node, byId) ?? []).some((size) => size > 1);
  const shown = before(nodes, (node) => seen.has(node.id) && isWindow(node));
  const others = nodes.filter((node) => windowOf(node, byId) && !shown.has(node.id));
  const from = new Set<NodeId>(others.map(({ id }) => id));
  for (const node of nodes) if (node.inputs.some((id) => from.has(id))) from.add(node.id);
  const fixing = (node: GraphNode): boolean => {
    const inputs = node.inputs.flatMap((id) => byId.get(id) ?? []);
    if (node.op === "reshape") return inputs.some(hasPositions) && node.shape.length === 2;
    return (
      MERGING.has(node.op) &&
      inputs.some((input) => hasPositions(input) && computes(input) && !from.has(input.id))
    );
  };
  const forced = before(nodes, fixing);
  const hidden = new Map(
    others
      .filter((node) => isWindow(node) || steps(node))
      .map(({ id }) => [id, forced.has(id) ? "forced" : "free"] as const),
  );
  return { shown, hidden };
}

const computes = ({ op }: GraphNode): boolean => op !== "weight" && op !== "constant";
const steps = ({ attrs }: GraphNode): boolean =>
  "strides" in attrs && attrs.strides.some((stride) => stride > 1);

/** Nodes from which one that `is` can be reached. */
function before(
  nodes: readonly GraphNode[],
  is: (node: GraphNode) => boolean,
): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  for (const node of nodes.toReversed())
    if (found.has(node.id) || is(node)) for (const id of node.inputs) found.add(id);
  return found;
}
