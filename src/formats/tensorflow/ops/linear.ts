/** Matrix products and what is added to them. */
import { at } from "../../../base/at.ts";
import * as lower from "../../lower/index.ts";
import type { Operation, Rule, Rules } from "../operation.ts";
import { fused } from "./fused.ts";
import { channelAxis } from "./views.ts";

/**
 * The pictures [N, H, W, C] of which a matrix [N * H * W, C] was made, as `tf.tensordot` does for a product over channels; any
 * other value is given back. On them positions stay positions.
 */
function unflattened({ l }: Operation, x: lower.Value): lower.Value {
  if (x.kind !== "tensor" || x.shape.length !== 2 || !lower.isPlain(x.order)) return x;
  const { builder } = l.network;
  const { op, inputs } = builder.get(x.node);
  if (op !== "reshape") return x;
  const maps = at(inputs, 0);
  const shape = builder.shape(maps);
  return shape.length === 4 && shape[3] === x.shape[1] ? l.tensor(maps) : x;
}

function product(op: Operation, transposeA: boolean, transposeB: boolean): lower.Value {
  const [a, b] = [op.parameter(0, "kernel"), op.parameter(1, "kernel")];
  const maps = b.shape.length === 2 && !transposeA ? unflattened(op, a) : a;
  return lower.matMul(op.l, maps, b, { transposeA, transposeB });
}

/** What is fused to a product is done where its positions still are, too. */
const matMul: Rule = (op) => {
  const [transposeA, transposeB] = [op.bool("transpose_a", false), op.bool("transpose_b", false)];
  const out = fused(op, product(op, transposeA, transposeB));
  return lower.reshape(op.l, out, [-1, at(out.shape, -1)]);
};
const batchMatMul: Rule = (op) => {
  const out = product(op, op.bool("adj_x", false), op.bool("adj_y", false));
  const rank = Math.max(op.x.shape.length, op.value(1).shape.length);
  return out.shape.length === rank ? out : lower.reshape(op.l, out, [-1, at(out.shape, -1)]);
};

const biasAdd: Rule = (op) =>
  lower.addBias(op.l, op.x, op.parameter(1, "bias"), channelAxis(op, op.x));

const einsum: Rule = (op) => {
  const operands = op.edges.map((_, i) => op.parameter(i, "kernel"));
  return lower.einsum(op.l, op.text("equation", ""), operands);
};

/** Matrix products, biases and Einstein's sums. */
export const linear: Rules = [
  ["MatMul", matMul],
  ["_FusedMatMul", matMul],
  ["BatchMatMul", batchMatMul],
  ["BatchMatMulV2", batchMatMul],
  ["BatchMatMulV3", batchMatMul],
  ["BiasAdd", biasAdd],
  ["BiasAddV1", biasAdd],
  ["Einsum", einsum],
];
