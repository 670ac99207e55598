import { createHash } from "node:crypto";
import { sizeOf, type TensorData } from "../../base/tensor.ts";
import {
  evaluateNode,
  macsOfCall,
  type GraphNode,
  isMade,
  type NodeId,
} from "../../graph/index.ts";

/**
 * What a plan makes of parameters alone and is worked out here, once, instead of with every run: kernels with their batch
 * normalization in them. What would take more room than it is made of, and products of matrices, stay in the graph.
 */
export class FoldedParameters {
  private readonly byId: ReadonlyMap<NodeId, GraphNode>;
  private readonly known = new Set<NodeId>();

  constructor(
    nodes: readonly GraphNode[],
    private readonly read: (ref: string) => Promise<TensorData>,
  ) {
    this.byId = new Map(nodes.map((node) => [node.id, node]));
    for (const node of nodes)
      if (node.op === "weight" || node.op === "constant" || this.folds(node))
        this.known.add(node.id);
  }

  has(id: NodeId): boolean {
    return this.known.has(id);
  }
  /** Equal for values that are made in the same way of the same parameters. */
  key(id: NodeId): string {
    const { op, inputs, attrs, shape, value } = this.node(id);
    if (op === "weight") return `weight ${attrs.ref}`;
    const own = value ? createHash("sha1").update(value.data).digest("base64") : "";
    return JSON.stringify([op, attrs, shape, own, ...inputs.map((input) => this.key(input))]);
  }
  async value(id: NodeId): Promise<TensorData> {
    const node = this.node(id);
    if (node.value) return node.value;
    if (node.op === "weight") return this.read(node.attrs.ref);
    if (!isMade(node)) throw new RangeError(`'${id}' is not made of parameters`);
    const inputs = await Promise.all(node.inputs.map((input) => this.value(input)));
    const value = evaluateNode(node, inputs, Infinity);
    if (!value) throw new RangeError(`'${id}' has no value`);
    return value;
  }

  /** What it is the product of, one behind the other; null where it is none. */
  factors(id: NodeId): readonly [NodeId, NodeId] | null {
    const { op, inputs, dtype, value } = this.node(id);
    const [a, b, ...others] = inputs;
    const isProduct = op === "mul" && dtype === "float32" && value === undefined;
    return isProduct && a !== undefined && b !== undefined && others.length === 0 ? [a, b] : null;
  }

  private folds(node: GraphNode): boolean {
    if (!isMade(node) || node.dtype !== "float32" || node.shape.includes(null)) return false;
    if (!node.inputs.every((id) => this.known.has(id))) return false;
    const shape = node.shape.map(Number);
    const inputs = node.inputs.map((id) => ({ shape: this.node(id).shape.map(Number) }));
    const room = inputs.reduce((sum, input) => sum + sizeOf(input.shape), 0);
    return sizeOf(shape) <= room && macsOfCall(node, inputs, shape) === 0;
  }
  private node(id: NodeId): GraphNode {
    const node = this.byId.get(id);
    if (!node) throw new RangeError(`the plan has no node '${id}'`);
    return node;
  }
}
