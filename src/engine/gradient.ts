import { computeError, inputError } from "../base/errors.ts";
import {
  dependents,
  GraphBuilder,
  type GraphNode,
  type Made,
  type ModelGraph,
  type NodeId,
  type NodeOf,
  prune,
} from "../graph/index.ts";
import { Backward } from "./ops/compose.ts";
import { operations } from "./ops/index.ts";
import type { Contribution, GradientRule } from "./ops/types.ts";
import type { Differentiate } from "./types.ts";

/** Rules that replace those of the table, e.g. for guided backpropagation. */
export type RuleOverrides = { readonly [K in Made]?: GradientRule<K> };

/**
 * Reverse-mode differentiation as a transformation of graphs (see `Differentiate`). `of` may have any shape: its cells are
 * summed with the weights `seed`. Throws a ConvLensError of kind `input` when something opaque lies between `wrt` and `of`,
 * of kind `compute` when an operation on the way has no rule.
 */
export function differentiate(
  graph: ModelGraph,
  of: NodeId,
  wrt: readonly NodeId[],
  seed?: NodeId,
  overrides: RuleOverrides = {},
): ReturnType<Differentiate> {
  const builder = new GraphBuilder(graph.nodes);
  const path = between(graph, of, wrt);
  const onPath = new Set(path.map(({ id }) => id));
  const gradients = new Map<NodeId, NodeId>();
  if (onPath.has(of)) gradients.set(of, seed ?? ones(builder, of));

  for (const node of path.reverse()) {
    const dy = gradients.get(node.id);
    if (dy === undefined) continue;
    const wanted = node.inputs.map((input) => onPath.has(input));
    if (!wanted.includes(true)) continue;
    contributions(builder, node, dy, overrides).forEach((contribution, index) => {
      const input = node.inputs[index];
      if (input === undefined || !wanted[index] || contribution === "zero") return;
      if (contribution === "none")
        throw computeError(
          `'${node.id}' (${node.op}) cannot be differentiated with respect to '${input}'.`,
        );
      const passed = contribution();
      const sum = gradients.get(input);
      gradients.set(
        input,
        sum === undefined ? passed : builder.add("add", `grad/${input}/sum`, [sum, passed]),
      );
    });
  }
  return {
    graph: { ...graph, nodes: builder.nodes },
    grads: wrt.map((id) => gradients.get(id) ?? null),
  };
}

/** The nodes on a path from one of `wrt` to `of`, in topological order. */
function between(graph: ModelGraph, of: NodeId, wrt: readonly NodeId[]): GraphNode[] {
  const reached = new Set(wrt.flatMap((id) => [...dependents(graph.nodes, id)]));
  return prune(graph.nodes, new Set(), [of]).filter(({ id }) => reached.has(id));
}

function ones(builder: GraphBuilder, of: NodeId): NodeId {
  return builder.add("broadcastLike", `grad/${of}/seed`, [builder.scalar(1), of]);
}

function contributions(
  builder: GraphBuilder,
  node: GraphNode,
  dy: NodeId,
  overrides: RuleOverrides,
): readonly Contribution[] {
  switch (node.op) {
    case "opaque":
      throw inputError(`The gradient cannot pass through '${node.id}': ${node.attrs.reason}.`);
    case "input":
    case "constant":
    case "weight":
      return [];
    default:
      return applyRule(builder, node, dy, overrides);
  }
}
function applyRule<K extends Made>(
  builder: GraphBuilder,
  node: NodeOf<K>,
  dy: NodeId,
  overrides: RuleOverrides,
): readonly Contribution[] {
  const own: GradientRule<K> = operations[node.op].gradient;
  const rule = (overrides as { readonly [P in K]?: GradientRule<P> })[node.op] ?? own;
  return rule(new Backward(builder, node, dy), ...node.inputs);
}
