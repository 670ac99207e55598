import { append } from "../../base/append.ts";
import type { GraphNode, Made, NodeId, NodeOf } from "../../graph/index.ts";
import { wasmAttrs } from "../ops/convolution.ts";
import { operations } from "../ops/index.ts";
import type { Kernels, Tensor } from "./kernels.ts";

type Computing = Extract<GraphNode, { op: Made }>;

/** One call of the walk: gives the value of `node` from the values of `inputs`. */
export interface Step {
  readonly node: GraphNode;
  readonly inputs: readonly NodeId[];
  readonly compute: (k: Kernels, ...inputs: Tensor[]) => Tensor;
}

const FUSED = { conv2d: "FusedConv2D", depthwiseConv2d: "FusedDepthwiseConv2D" } as const;

/** The nodes as steps. A convolution, its bias and its ReLU become one step where nobody else needs what is between. */
export function fuse(nodes: readonly GraphNode[], targets: readonly GraphNode[]): Step[] {
  const users = new Map<NodeId, GraphNode[]>();
  for (const node of nodes) for (const id of node.inputs) append(users, id, node);
  const wanted = new Set(targets);
  /** The node after `node` when it is the only one to need it. */
  const next = (node: GraphNode): GraphNode | undefined => {
    const [only, ...others] = users.get(node.id) ?? [];
    return wanted.has(node) || others.length > 0 || only?.inputs[0] !== node.id ? undefined : only;
  };

  const absorbed = new Set<GraphNode>();
  const fused = new Map<GraphNode, Step>();
  for (const node of nodes) {
    if (node.op !== "conv2d" && node.op !== "depthwiseConv2d") continue;
    const bias = next(node);
    if (bias?.op !== "biasAdd") continue;
    const after = next(bias);
    const activation = after?.op === "relu" || after?.op === "relu6" ? after : null;
    const last = activation ?? bias;
    for (const part of [node, bias, last]) absorbed.add(part);
    fused.set(last, convolution(node, bias, last));
  }
  return nodes.flatMap((node) => {
    const step = fused.get(node);
    if (step) return [step];
    return isComputing(node) && !absorbed.has(node) ? [single(node)] : [];
  });
}

function convolution(
  conv: NodeOf<"conv2d"> | NodeOf<"depthwiseConv2d">,
  bias: GraphNode,
  last: GraphNode,
): Step {
  const activation = last === bias ? "linear" : last.op;
  return {
    node: last,
    inputs: [...conv.inputs, ...bias.inputs.slice(1)],
    compute: (k, x, filter, offset) =>
      k.run(FUSED[conv.op], { x, filter, bias: offset }, { ...wasmAttrs(conv), activation }),
  };
}

function single<K extends Made>(node: NodeOf<K> & GraphNode): Step {
  const rule = operations[node.op].wasm;
  if (rule === "lowered") throw new Error(`${node.op} was not lowered`);
  return { node, inputs: node.inputs, compute: (k, ...inputs) => rule(k, node, ...inputs) };
}
function isComputing(node: GraphNode): node is Computing {
  return !["input", "constant", "weight", "opaque"].includes(node.op);
}
