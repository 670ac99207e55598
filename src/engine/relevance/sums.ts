import { type GraphBuilder, type GraphNode, type NodeId } from "../../graph/index.ts";
import { at } from "../../base/at.ts";
import { Composer } from "../ops/compose.ts";
import { groupsOf } from "../ops/convolution-lowering.ts";
import { isParameterOnly } from "../ops/parameter-only.ts";

/** Operations that sum their first input with the weights of their second. */
export type SumOp = "conv2d" | "depthwiseConv2d" | "conv2dInputGrad" | "depthwiseConv2dInputGrad" | "matMul"; // prettier-ignore

/** A node of one of them. */
export type SumNode = Extract<GraphNode, { readonly op: SumOp }>;

/** A weighted sum with the bias, the batch normalization and the factors that follow it: one sum for what explains it. */
export interface Sum {
  readonly node: SumNode;
  readonly x: NodeId;
  /** Its weights, with all factors in them. */
  readonly kernel: NodeId;
  /** [F]; null: none. */
  readonly bias: NodeId | null;
  /** The last node of it: what the sum is. */
  readonly z: NodeId;
  /** The nodes after `node` that belong to it. */
  readonly tail: readonly NodeId[];
}

/** All of them. */
export const SUM_OPS = ["conv2d", "depthwiseConv2d", "conv2dInputGrad", "depthwiseConv2dInputGrad", "matMul"] as const satisfies readonly SumOp[]; // prettier-ignore
const isSum = (node: GraphNode): node is SumNode => SUM_OPS.some((op) => op === node.op);

/** Every sum of parameters among `nodes`, by the id of its operation. `builder` holds them, and gets what is worked out of parameters. */
export function sumsOf(
  builder: GraphBuilder,
  nodes: readonly GraphNode[],
): ReadonlyMap<NodeId, Sum> {
  const readers = new Map<NodeId, GraphNode[]>();
  for (const node of nodes)
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  const sums = nodes.filter(isSum).flatMap((node): [NodeId, Sum][] => {
    const [x, kernel] = node.inputs as [NodeId, NodeId];
    if (!isParameterOnly(builder, kernel) || isParameterOnly(builder, x)) return [];
    return [[node.id, withTail(builder, node, x, kernel, readers)]];
  });
  return new Map(sums);
}

function withTail(
  builder: GraphBuilder,
  node: SumNode,
  x: NodeId,
  kernel: NodeId,
  readers: ReadonlyMap<NodeId, readonly GraphNode[]>,
): Sum {
  const c = new Composer(builder, `sum/${node.id}`);
  const filters = node.shape.at(-1);
  let [z, factor, bias] = [node.id, null as NodeId | null, null as NodeId | null];
  const tail: NodeId[] = [];
  for (;;) {
    const [next, ...others] = readers.get(z) ?? [];
    if (!next || others.length > 0 || typeof filters !== "number") break;
    const change = changeOf(c, next, z, filters);
    if (!change || (change.factor !== null && !takesFactor(c, node))) break;
    if (change.factor !== null) {
      factor = factor === null ? change.factor : c.mul(factor, change.factor);
      bias = bias === null ? null : c.mul(bias, change.factor);
    }
    if (change.shift !== null) bias = bias === null ? change.shift : c.add(bias, change.shift);
    z = next.id;
    tail.push(z);
  }
  return {
    node,
    x,
    kernel: factor === null ? kernel : scaled(c, node, kernel, factor),
    bias,
    z,
    tail,
  };
}

/** What an operation multiplies each filter with, then adds, both [F]; null: nothing. None where it does something else. */
interface Change {
  readonly factor: NodeId | null;
  readonly shift: NodeId | null;
}

function changeOf(c: Composer, node: GraphNode, z: NodeId, filters: number): Change | null {
  const [a, b] = node.inputs;
  const other = a === z ? b : a;
  if (node.inputs.filter((id) => id === z).length !== 1 || node.shape.length !== c.shape(z).length)
    return null;
  const perFilter = (id: NodeId): NodeId | null => vector(c, id, filters);
  switch (node.op) {
    case "biasAdd":
    case "add": {
      const shift = other === undefined ? null : perFilter(other);
      return shift === null ? null : { factor: null, shift };
    }
    case "sub": {
      const shift = a === z && b !== undefined ? perFilter(b) : null;
      return shift === null ? null : { factor: null, shift: c.neg(shift) };
    }
    case "mul": {
      const factor = other === undefined ? null : perFilter(other);
      return factor === null ? null : { factor, shift: null };
    }
    case "div": {
      const divisor = a === z && b !== undefined ? perFilter(b) : null;
      return divisor === null ? null : { factor: c.op("reciprocal", [divisor]), shift: null };
    }
    case "batchNorm": {
      const parameters = node.inputs.slice(1).map(perFilter);
      if (a !== z || parameters.includes(null)) return null;
      const [scale, offset, mean, variance] = parameters as [NodeId, NodeId, NodeId, NodeId];
      const spread = c.op("rsqrt", [c.add(variance, c.scalar(node.attrs.epsilon))]);
      const factor = c.mul(scale, spread);
      return { factor, shift: c.sub(offset, c.mul(mean, factor)) };
    }
    default:
      return null;
  }
}

/** A parameter as one number for each filter, [F]; null where it is none, or differs between places. */
function vector(c: Composer, id: NodeId, filters: number): NodeId | null {
  if (!isParameterOnly(c.builder, id)) return null;
  const shape = c.shape(id);
  const cells = shape.reduce<number>((product, axis) => product * (axis ?? NaN), 1);
  if (cells === 1) return c.op("broadcastLike", [c.reshape(id, [1]), ones(c, filters)]);
  return cells === filters && shape.at(-1) === filters ? c.reshape(id, [filters]) : null;
}
const ones = (c: Composer, count: number): NodeId =>
  c.floats([count], new Float32Array(count).fill(1));

/** A transposed convolution in groups has its filters on two axes of its kernel: what follows stays apart there. */
const takesFactor = (c: Composer, node: SumNode): boolean =>
  node.op !== "conv2dInputGrad" || groupsOf(c, at(node.inputs, 1), node.attrs.inputSize[2]) === 1;

/** The kernel with the factor [F] of each filter in it. */
function scaled(c: Composer, node: SumNode, kernel: NodeId, factor: NodeId): NodeId {
  const filters = c.dim(factor, 0);
  switch (node.op) {
    case "conv2d":
      return c.mul(kernel, factor);
    case "depthwiseConv2d":
      return c.mul(kernel, c.reshape(factor, [c.dim(kernel, 2), c.dim(kernel, 3)]));
    case "conv2dInputGrad":
    case "depthwiseConv2dInputGrad":
      return c.mul(kernel, c.reshape(factor, [filters, 1]));
    case "matMul":
      return c.mul(kernel, node.attrs.transposeB ? c.reshape(factor, [filters, 1]) : factor);
  }
}
