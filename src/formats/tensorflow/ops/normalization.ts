import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Operation, Rule, Rules } from "../operation.ts";
import { channelsFirst } from "./views.ts";

const ROLES = ["gamma", "beta", "moving_mean", "moving_variance"] as const;

/** Batch normalisation by the four parameters from input `from` on. */
export function batchNormed(op: Operation, x: lower.Value, from: number): lower.Value {
  const [scale, offset, mean, variance] = ROLES.map((role, i) => op.parameter(from + i, role)) as [lower.Value, lower.Value, lower.Value, lower.Value]; // prettier-ignore
  const epsilon = op.float("epsilon", 1e-4);
  return channelsFirst(op, x, (maps) =>
    lower.batchNorm(op.l, maps, scale, offset, mean, variance, epsilon),
  );
}

const fusedBatchNorm: Rule = (op) => {
  if (op.bool("is_training", true)) throw new Unsupported("it normalises by the batch itself");
  return activated(op, batchNormed(op, op.x, 1));
};

/** Grappler's `_FusedBatchNormEx` adds another tensor and applies a ReLU. */
function activated(op: Operation, x: lower.Value): lower.Value {
  const sum = op.int("num_side_inputs", 0) > 0 ? lower.binary(op.l, "add", x, op.value(5)) : x;
  const mode = op.text("activation_mode", "Identity");
  if (mode === "Identity" && sum === x) return x;
  op.note = "The exporter fused what follows the batch norm into it; it is shown apart.";
  if (mode === "Identity") return sum;
  if (mode !== "Relu") throw new Unsupported(`'${mode}' is fused to it, which is not known`);
  return lower.unary(op.l, "relu", sum);
}

/** x / (bias + alpha * sum of x^2 over 2 * radius + 1 channels)^beta; the shared function divides alpha by their number. */
const localResponse: Rule = (op) => {
  const size = 2 * op.int("depth_radius", 5) + 1;
  const alpha = op.float("alpha", 1) * size;
  const [beta, bias] = [op.float("beta", 0.5), op.float("bias", 1)];
  return channelsFirst(op, op.x, (x) => lower.localResponseNorm(op.l, x, size, alpha, beta, bias));
};

/** (x, scale, offset) over the last axis: what oneDNN's rewriting makes of a layer normalisation. */
const layerNorm: Rule = (op) => {
  const [scale, offset] = [op.parameter(1, "gamma"), op.parameter(2, "beta")];
  const epsilon = op.float("epsilon", 1e-3);
  return lower.layerNorm(op.l, op.x, op.x.shape.length - 1, scale, offset, epsilon);
};

/** Batch, layer and local response normalisation. */
export const normalization: Rules = [
  ["FusedBatchNorm", fusedBatchNorm],
  ["FusedBatchNormV2", fusedBatchNorm],
  ["FusedBatchNormV3", fusedBatchNorm],
  ["_FusedBatchNormEx", fusedBatchNorm],
  ["_MklLayerNorm", layerNorm],
  ["LRN", localResponse],
];
