/** Matrix products and what is added to them. */
import type { NodeId } from "../../../graph/index.ts";
import type { Operation, Rule } from "../operation.ts";
import { Unsupported, type Value } from "../values.ts";
import { behind, isFirst, pointwise } from "./channels.ts";
import { fused } from "./fused.ts";
import { TO_NCHW } from "../rearranged.ts";

const kernelOf = (op: Operation, value: Value): NodeId => op.weight(value, "kernel", null);

/**
 * A product over the last axis. Maps that were only flattened for it go through a convolution of one cell, so that positions
 * stay positions.
 */
function product(op: Operation, x: NodeId, kernel: NodeId, transposeB: boolean): NodeId {
  const source = op.get(x);
  const maps = source.op === "reshape" ? source.inputs[0] : undefined;
  const shape = maps === undefined ? [] : op.shape(maps);
  const channels = op.shape(x)[1];
  if (maps === undefined || shape.length !== 4 || shape[3] !== channels || transposeB)
    return op.make("matMul", [x, kernel], { transposeA: false, transposeB });
  const units = op.dim(kernel, 1);
  const cell = op.reshape(kernel, [1, 1, op.dim(kernel, 0), units]);
  const out = op.make("conv2d", [maps, cell], {
    strides: [1, 1],
    padding: "valid",
    dilations: [1, 1],
  });
  return op.reshape(out, [null, units]);
}

function matrices(op: Operation, transposeA: boolean, transposeB: boolean): NodeId {
  const [a, b] = [op.tensor(0), kernelOf(op, op.value(1))];
  const [left, right] = [op.shape(a), op.shape(b)];
  if (right.length === 2 && left.length === 2)
    return transposeA
      ? op.make("matMul", [a, b], { transposeA, transposeB })
      : product(op, a, b, transposeB);
  if (right.length !== 2 || transposeA || left.length < 3)
    throw new Unsupported(`it multiplies tensors of rank ${left.length} and ${right.length}`);
  return overLast(op, a, b, transposeB);
}

/** [N, ..., C] times [C, F]. */
export function overLast(op: Operation, a: NodeId, b: NodeId, transposeB: boolean): NodeId {
  const left = op.shape(a);
  const units = op.dim(b, transposeB ? 0 : 1);
  const flat = op.reshape(a, [null, op.dim(a, -1)]);
  return op.reshape(product(op, flat, b, transposeB), [...left.slice(0, -1), units]);
}

const matMul: Rule = (op) =>
  fused(op, matrices(op, op.bool("transpose_a", false), op.bool("transpose_b", false)));
const batchMatMul: Rule = (op) => matrices(op, op.bool("adj_x", false), op.bool("adj_y", false));

const biasAdd: Rule = (op) => {
  const x = op.tensor(0);
  const bias = op.weight(op.value(1), "bias", null);
  if (!isFirst(op) || op.shape(x).length !== 4)
    return pointwise(op, x, (last) => op.make("biasAdd", [last, bias]));
  const last = behind(op, x) ?? op.transpose(x, [0, 2, 3, 1]);
  return op.transpose(op.make("biasAdd", [last, bias]), TO_NCHW);
};

/** `...x,xy->...y` and `...x,yx->...y`: what dense layers write; other equations are not known. */
const einsum: Rule = (op) => {
  const equation = op.text("equation", "").replaceAll(" ", "");
  const [, left = "", right = "", out = ""] = /^(.+),(.+)->(.+)$/.exec(equation) ?? [];
  const last = left.at(-1) ?? "";
  const units = out.at(-1) ?? "";
  const dense = out.slice(0, -1) === left.slice(0, -1) && right.length === 2;
  if (!dense || (right !== last + units && right !== units + last))
    throw new Unsupported(`the equation '${equation}' is not known`);
  const [x, kernel] = [op.tensor(0), kernelOf(op, op.value(1))];
  return overLast(op, x, kernel, right !== last + units);
};

export const linear: readonly (readonly [string, Rule])[] = [
  ["MatMul", matMul],
  ["_FusedMatMul", matMul],
  ["BatchMatMul", batchMatMul],
  ["BatchMatMulV2", batchMatMul],
  ["BatchMatMulV3", batchMatMul],
  ["BiasAdd", biasAdd],
  ["BiasAddV1", biasAdd],
  ["Einsum", einsum],
];
