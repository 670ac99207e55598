/** Batch normalisation as `tf.nn.batch_normalization` writes it out, recognised in the graph so far. */
import { at } from "../../../base/at.ts";
import type { GraphNode, NodeId } from "../../../graph/index.ts";
import { aligned, type Value } from "../../lower/index.ts";
import type { Operation } from "../operation.ts";

type Get = (id: NodeId) => GraphNode;
/** A vector of parameters with `c` numbers. */
const isVector = ({ op, shape }: GraphNode, c: number): boolean =>
  (op === "weight" || op === "constant") && shape.length === 1 && shape[0] === c;

/** Both ways to see the operands of a product or sum. */
function operands(
  get: Get,
  id: NodeId,
  kind: "mul" | "add",
): readonly (readonly [NodeId, NodeId])[] {
  const { op, inputs } = get(id);
  if (op !== kind) return [];
  const [a, b] = [at(inputs, 0), at(inputs, 1)];
  return [[a, b], [b, a]]; // prettier-ignore
}

/** rsqrt(variance + epsilon) [* gamma] */
interface Gain {
  readonly variance: NodeId;
  readonly epsilon: number;
  readonly gamma: NodeId | null;
}
function gain(get: Get, id: NodeId, c: number): Gain | null {
  for (const [root, gamma] of [[id, null] as const, ...operands(get, id, "mul")]) {
    const { op, inputs } = get(root);
    if (op !== "rsqrt" || (gamma !== null && !isVector(get(gamma), c))) continue;
    for (const [variance, value] of operands(get, at(inputs, 0), "add")) {
      const epsilon = get(value);
      if (isVector(get(variance), c) && epsilon.op === "constant" && epsilon.shape.length === 0)
        return { variance, gamma, epsilon: at(epsilon.value?.data ?? [], 0) };
    }
  }
  return null;
}

/** beta - mean * s, or -mean * s */
function centre(
  get: Get,
  id: NodeId,
  s: NodeId,
  c: number,
): { mean: NodeId; beta: NodeId | null } | null {
  // prettier-ignore
  const { op, inputs } = get(id);
  const by = (product: NodeId): NodeId | undefined =>
    operands(get, product, "mul").find(([, other]) => other === s)?.[0];
  if (op === "sub") {
    const [beta, mean] = [at(inputs, 0), by(at(inputs, 1))];
    const known = mean !== undefined && isVector(get(mean), c) && isVector(get(beta), c);
    return known ? { mean, beta } : null;
  }
  const negative = by(id);
  const inner = negative === undefined ? undefined : get(negative);
  const mean = inner?.op === "neg" ? inner.inputs[0] : undefined;
  return mean !== undefined && isVector(get(mean), c) ? { mean, beta: null } : null;
}

/** x * s + (beta - mean * s) with s = gamma / sqrt(variance + epsilon) as one operation; null for any other sum. */
export function writtenOut(op: Operation): Value | null {
  const { l, x: first } = op;
  const second = op.value(1);
  if (first.kind !== "tensor" || second.kind !== "tensor") return null;
  const get: Get = (id) => l.network.builder.get(id);
  if (![first, second].some(({ node }) => get(node).op === "mul")) return null;
  const { nodes, order } = aligned(l, [first, second]);
  const [a, b] = [at(nodes, 0), at(nodes, 1)];
  for (const [scaled, shift] of [
    [a, b],
    [b, a],
  ] as const)
    for (const [x, s] of operands(get, scaled, "mul")) {
      const c = get(x).shape.at(-1);
      const found = typeof c === "number" ? gain(get, s, c) : null;
      const around = found && typeof c === "number" ? centre(get, shift, s, c) : null;
      if (!found || !around || typeof c !== "number") continue;
      const filled = (value: number): NodeId =>
        l.node({
          kind: "numbers",
          type: "float",
          shape: [c],
          data: new Array<number>(c).fill(value),
        });
      const parameters = [
        found.gamma ?? filled(1),
        around.beta ?? filled(0),
        around.mean,
        found.variance,
      ];
      const { epsilon } = found;
      return l.tensor(l.op("batchNorm", [x, ...parameters], { epsilon }), order);
    }
  return null;
}
