import { createHash } from "node:crypto";
import type { GraphNode, NodeId } from "../../graph/index.ts";
import { asFloats, floats, sizeOf, type TensorData } from "../../base/tensor.ts";

/**
 * Fill `out` from numbers of `x` and `y`, each from its start again at its end. A loop each: called through a variable, the operation
 * would make an object of every number.
 */
type InTurn = (x: Float32Array, y: Float32Array, out: Float32Array) => void;
const BINARY: Readonly<Record<"add" | "sub" | "mul", InTurn>> = {
  add(x, y, out) {
    for (let i = 0, p = 0, q = 0; i < out.length; i++) {
      out[i] = (x[p] ?? NaN) + (y[q] ?? NaN);
      if (++p === x.length) p = 0;
      if (++q === y.length) q = 0;
    }
  },
  sub(x, y, out) {
    for (let i = 0, p = 0, q = 0; i < out.length; i++) {
      out[i] = (x[p] ?? NaN) - (y[q] ?? NaN);
      if (++p === x.length) p = 0;
      if (++q === y.length) q = 0;
    }
  },
  mul(x, y, out) {
    for (let i = 0, p = 0, q = 0; i < out.length; i++) {
      out[i] = (x[p] ?? NaN) * (y[q] ?? NaN);
      if (++p === x.length) p = 0;
      if (++q === y.length) q = 0;
    }
  },
};
const isBinary = (op: string): op is keyof typeof BINARY => Object.hasOwn(BINARY, op);

/**
 * What a plan makes of parameters alone and is worked out here, once, instead of with every run: kernels with their batch
 * normalization in them. Anything but the few operations that takes stays in the graph.
 */
export class Still {
  private readonly byId: ReadonlyMap<NodeId, GraphNode>;
  private readonly known = new Set<NodeId>();

  constructor(
    nodes: readonly GraphNode[],
    private readonly read: (ref: string) => Promise<TensorData>,
  ) {
    this.byId = new Map(nodes.map((node) => [node.id, node]));
    for (const node of nodes)
      if (node.op === "weight" || node.op === "constant" || this.computes(node))
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
    return JSON.stringify([op, shape, own, ...inputs.map((input) => this.key(input))]);
  }
  async value(id: NodeId): Promise<TensorData> {
    const node = this.node(id);
    if (node.value) return node.value;
    if (node.op === "weight") return this.read(node.attrs.ref);
    const shape = node.shape.map(Number);
    const [a, b] = await Promise.all(node.inputs.map((input) => this.value(input)));
    if (!a) throw new RangeError(`'${id}' has no input`);
    if (node.op === "reshape") return { ...a, shape };
    const out = new Float32Array(sizeOf(shape));
    if (isBinary(node.op) && b) BINARY[node.op](asFloats(a).data, asFloats(b).data, out);
    else for (let i = 0; i < out.length; i++) out[i] = 1 / Math.sqrt(a.data[i] ?? NaN);
    return floats(shape, out);
  }

  private computes({ op, inputs, shape, dtype }: GraphNode): boolean {
    if (dtype !== "float32" || !inputs.every((id) => this.known.has(id))) return false;
    return op === "reshape" || op === "rsqrt"
      ? true
      : isBinary(op) && inputs.every((id) => repeats(this.node(id).shape, shape));
  }
  private node(id: NodeId): GraphNode {
    const node = this.byId.get(id);
    if (!node) throw new RangeError(`the plan has no node '${id}'`);
    return node;
  }
}

/** Whether a value is the same at every place of the axes that it lacks, so that its numbers follow each other again and again. */
function repeats(shape: GraphNode["shape"], whole: GraphNode["shape"]): boolean {
  const own = shape.slice(shape.findIndex((size) => size !== 1));
  if (sizeOf(shape.map(Number)) === 1) return true;
  return own.every((size, i) => size === whole[whole.length - own.length + i]);
}
