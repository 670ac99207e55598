/** What a structure may have got wrong without any size telling: the same network with another setting that is common. */
import type { GraphNode, ModelGraph } from "../../graph/index.ts";
import { usualEpsilon, withEpsilon, type Norm } from "./norms.ts";

/** A network that could be meant as well. */
export interface Alternative {
  /** `epsilon 0.001`, in words. */
  readonly what: string;
  readonly graph: ModelGraph;
}

/** PyTorch's epsilon, and that of TensorFlow's networks. */
const EPSILONS = [1e-5, 1e-3];

/** Those that are near enough that pictures may not tell: others show as jumps. */
export function alternatives(graph: ModelGraph, norms: readonly Norm[]): Alternative[] {
  const epsilon = usualEpsilon(norms);
  const others = EPSILONS.filter((other) => other !== epsilon).map((other) => ({
    what: `epsilon ${other} in place of ${epsilon}`,
    graph: withEpsilon(graph, other),
  }));
  // a hard swish is made of it: there it is no activation that somebody chose
  const inside = new Set(graph.nodes.flatMap(({ op, inputs }) => (op === "mul" ? inputs : [])));
  const ops = new Set(graph.nodes.flatMap(({ op, id }) => (inside.has(id) ? [] : [op])));
  const swapped = (
    [
      ["relu", "relu6"],
      ["relu6", "relu"],
    ] as const
  )
    .filter(([from, to]) => ops.has(from) && !ops.has(to))
    .map(([from, to]) => ({ what: `${to} in place of ${from}`, graph: swap(graph, from, to) }));
  return [...others, ...swapped];
}

/** Both operations have no settings. */
const swap = (graph: ModelGraph, from: "relu" | "relu6", to: "relu" | "relu6"): ModelGraph => ({
  ...graph,
  nodes: graph.nodes.map((node): GraphNode => (node.op === from ? { ...node, op: to } : node)),
});
