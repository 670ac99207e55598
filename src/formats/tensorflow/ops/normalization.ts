import type { NodeId } from "../../../graph/index.ts";
import type { Operation, Rule } from "../operation.ts";
import { Unsupported } from "../values.ts";
import { channelsLast, pointwise } from "./channels.ts";

const ROLES = ["gamma", "beta", "moving_mean", "moving_variance"] as const;

const fusedBatchNorm: Rule = (op) => {
  if (op.bool("is_training", true)) throw new Unsupported("it normalises by the batch itself");
  return channelsLast(op, op.tensor(0), (x) => {
    const [scale, offset, mean, variance] = ROLES.map((role, i) =>
      op.weight(op.value(i + 1), role, null),
    ) as [NodeId, NodeId, NodeId, NodeId];
    const epsilon = op.float("epsilon", 1e-4);
    const out = pointwise(op, x, (maps) =>
      op.make("batchNorm", [maps, scale, offset, mean, variance], { epsilon }),
    );
    return activated(op, out);
  });
};

/** Grappler's `_FusedBatchNormEx` adds another tensor and applies a ReLU. */
function activated(op: Operation, x: NodeId): NodeId {
  const sum = op.int("num_side_inputs", 0) > 0 ? op.make("add", [x, op.tensor(5)]) : x;
  const mode = op.text("activation_mode", "Identity");
  if (mode === "Identity" && sum === x) return x;
  op.note = "The exporter fused what follows the batch norm into it; it is shown apart.";
  if (mode === "Identity") return sum;
  if (mode !== "Relu") throw new Unsupported(`'${mode}' is fused to it, which is not known`);
  return op.make("relu", [sum]);
}

/** x / (bias + alpha * sum of x^2 over 2 * radius + 1 channels)^beta (Krizhevsky et al. 2012). */
const localResponse: Rule = (op) => {
  const x = op.tensor(0);
  const radius = op.int("depth_radius", 5);
  const shape = op.shape(x);
  const channels = op.dim(x, 3);
  const cells = op.dim(x, 1) * op.dim(x, 2);
  // channels as the columns of a picture: their sums are averages over a window
  const columns = op.reshape(op.make("square", [x]), [shape[0] ?? null, cells, channels, 1]);
  const padded = op.make("pad", [columns], {
    paddings: [[0, 0], [0, 0], [radius, radius], [0, 0]], // prettier-ignore
    value: 0,
  });
  const span = 2 * radius + 1;
  const mean = op.make("avgPool", [padded], {
    window: [1, span],
    strides: [1, 1],
    padding: "valid",
  });
  const energy = op.reshape(mean, shape);
  const scaled = op.make("mul", [energy, op.scalar(span * op.float("alpha", 1))]);
  const base = op.make("add", [scaled, op.scalar(op.float("bias", 1))]);
  return op.make("mul", [x, op.make("pow", [base, op.scalar(-op.float("beta", 0.5))])]);
};

/** (x, scale, offset) over the last axis: what oneDNN's rewriting makes of a layer normalisation. */
const layerNorm: Rule = (op) => {
  const x = op.tensor(0);
  const over = { axes: [op.shape(x).length - 1], keepDims: true };
  const centred = op.make("sub", [x, op.make("mean", [x], over)]);
  const variance = op.make("mean", [op.make("square", [centred])], over);
  const epsilon = op.scalar(op.float("epsilon", 1e-3));
  const unit = op.make("mul", [centred, op.make("rsqrt", [op.make("add", [variance, epsilon])])]);
  const scaled = op.make("mul", [unit, op.weight(op.value(1), "gamma", null)]);
  return op.make("add", [scaled, op.weight(op.value(2), "beta", null)]);
};

export const normalization: readonly (readonly [string, Rule])[] = [
  ["FusedBatchNorm", fusedBatchNorm],
  ["FusedBatchNormV2", fusedBatchNorm],
  ["FusedBatchNormV3", fusedBatchNorm],
  ["_FusedBatchNormEx", fusedBatchNorm],
  ["_MklLayerNorm", layerNorm],
  ["LRN", localResponse],
];

/** The other operand where one is what `test` looks for. */
function operands(
  op: Operation,
  id: NodeId,
  kind: "mul" | "add",
): readonly (readonly [NodeId, NodeId])[] {
  const node = op.get(id);
  const [a, b] = node.inputs;
  if (node.op !== kind || a === undefined || b === undefined) return [];
  return [
    [a, b],
    [b, a],
  ];
}
/** A vector of parameters of length `c`. */
const isVector = (op: Operation, id: NodeId, c: number): boolean => {
  const { op: kind, shape } = op.get(id);
  return (kind === "weight" || kind === "constant") && shape.length === 1 && shape[0] === c;
};

/** rsqrt(variance + epsilon) [* gamma] */
function gain(
  op: Operation,
  id: NodeId,
  c: number,
): { variance: NodeId; epsilon: number; gamma: NodeId | null } | null {
  for (const [root, gamma] of [[id, null] as const, ...operands(op, id, "mul")]) {
    const node = op.get(root);
    if (node.op !== "rsqrt" || (gamma !== null && !isVector(op, gamma, c))) continue;
    for (const [variance, value] of operands(op, node.inputs[0] ?? root, "add")) {
      const epsilon = op.get(value);
      if (isVector(op, variance, c) && epsilon.op === "constant" && epsilon.shape.length === 0)
        return { variance, gamma, epsilon: epsilon.value?.data[0] ?? 0 };
    }
  }
  return null;
}

/**
 * x * s + (beta - mean * s) with s = gamma / sqrt(variance + epsilon): batch normalisation as `tf.nn.batch_normalization` writes
 * it out. Null for any other sum.
 */
export function writtenOut(op: Operation, a: NodeId, b: NodeId): NodeId | null {
  for (const [scaled, shift] of [[a, b] as const, [b, a] as const])
    for (const [x, s] of operands(op, scaled, "mul")) {
      const c = op.shape(x).at(-1);
      const found = typeof c === "number" ? gain(op, s, c) : null;
      if (!found || typeof c !== "number") continue;
      const { mean, beta } = centre(op, shift, s, c);
      if (mean === null) continue;
      const ones = (): NodeId => op.floats(Array.from({ length: c }, () => 1));
      const zeros = (): NodeId => op.floats(Array.from({ length: c }, () => 0));
      return op.make(
        "batchNorm",
        [x, found.gamma ?? ones(), beta ?? zeros(), mean, found.variance],
        { epsilon: found.epsilon },
      );
    }
  return null;
}

/** beta - mean * s, or -mean * s */
function centre(
  op: Operation,
  id: NodeId,
  s: NodeId,
  c: number,
): { mean: NodeId | null; beta: NodeId | null } {
  const node = op.get(id);
  const [beta, product] = node.inputs;
  if (node.op === "sub" && beta !== undefined && product !== undefined && isVector(op, beta, c)) {
    const mean = operands(op, product, "mul").find(([, other]) => other === s)?.[0];
    return { mean: mean !== undefined && isVector(op, mean, c) ? mean : null, beta };
  }
  const negative = operands(op, id, "mul").find(([, other]) => other === s)?.[0];
  const inner = negative === undefined ? undefined : op.get(negative);
  const mean = inner?.op === "neg" ? inner.inputs[0] : undefined;
  return { mean: mean !== undefined && isVector(op, mean, c) ? mean : null, beta: null };
}
