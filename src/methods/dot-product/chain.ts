import { append } from "../../base/append.ts";
import type { GraphNode, ModelGraph, NodeId } from "../../graph/index.ts";
import type { Op } from "../../graph/index.ts";
import { scalarFunctions } from "./scalar.ts";

/** One step after the convolution: what it is called, the node that holds its value, and what it does to one number. */
export interface Step {
  readonly name: string;
  /** Its own numbers of this filter: bias `b`; batch norm's `γ`, `β`, `μ`, `σ²`, `ε`. */
  readonly numbers: readonly { readonly name: string; readonly value: number }[];
  readonly node: NodeId;
  readonly apply: (value: number) => number;
}

/**
 * The steps that a convolution's number goes through alone: bias, batch norm, activation. The chain ends where the
 * network branches or mixes cells. `filter` is the channel that is followed.
 */
export async function chainAfter(graph: ModelGraph, from: NodeId, filter: number): Promise<Step[]> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const consumers = new Map<NodeId, GraphNode[]>();
  for (const node of graph.nodes)
    for (const id of new Set(node.inputs)) append(consumers, id, node);
  const parameter = async (id: NodeId | undefined): Promise<number | null> => {
    const node = byId.get(id ?? "");
    if (node?.op === "weight")
      return (await graph.weights.read(node.attrs.ref)).data[filter] ?? null;
    return node?.op === "constant" ? (node.value?.data[filter] ?? null) : null;
  };

  const steps: Step[] = [];
  let current = from;
  for (;;) {
    const next = consumers.get(current) ?? [];
    const step =
      gated(next, current) ?? (next.length === 1 ? await single(next[0], parameter) : null);
    if (!step) return steps;
    steps.push(step);
    current = step.node;
  }
}

/** x * sigmoid(x) is read as one activation. */
function gated(next: readonly GraphNode[], current: NodeId): Step | null {
  const gate = next.find(({ op }) => op === "sigmoid");
  const product = next.find(({ op }) => op === "mul");
  if (next.length !== 2 || !gate || !product) return null;
  const closes = product.inputs.includes(current) && product.inputs.includes(gate.id);
  return closes
    ? { name: "SiLU", numbers: [], node: product.id, apply: (v) => v / (1 + Math.exp(-v)) }
    : null;
}

type Parameter = (id: NodeId | undefined) => Promise<number | null>;

async function single(node: GraphNode | undefined, parameter: Parameter): Promise<Step | null> {
  if (!node) return null;
  if (node.op === "biasAdd") {
    const bias = await parameter(node.inputs[1]);
    if (bias === null) return null;
    const numbers = [{ name: "b", value: bias }];
    return { name: "bias", numbers, node: node.id, apply: (v) => v + bias };
  }
  if (node.op === "batchNorm") {
    const [scale, offset, mean, variance] = await Promise.all(node.inputs.slice(1).map(parameter));
    if (!isNumber(scale) || !isNumber(offset) || !isNumber(mean) || !isNumber(variance))
      return null;
    const { epsilon } = node.attrs;
    const gain = scale / Math.sqrt(variance + epsilon);
    const numbers = [
      { name: "γ", value: scale },
      { name: "β", value: offset },
      { name: "μ", value: mean },
      { name: "σ²", value: variance },
      { name: "ε", value: epsilon },
    ];
    const apply = (v: number): number => (v - mean) * gain + offset;
    return { name: "batch norm", numbers, node: node.id, apply };
  }
  const known = scalarFunctions[node.op as Op];
  return known ? { name: known.name, numbers: [], node: node.id, apply: known.of(node) } : null;
}

const isNumber = (value: number | null | undefined): value is number => typeof value === "number";
