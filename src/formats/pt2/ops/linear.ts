import {
  binary,
  gemm,
  known,
  linear,
  matMul,
  number,
  range,
  softmax,
  transpose,
} from "../../lower/index.ts";

import { Unsupported } from "../../lower/unsupported.ts";
import type { Lower, Table } from "./table.ts";

const product: Lower = (call) => {
  const other = ["other", "mat2"].find((name) => call.has(name)) ?? "other";
  return matMul(call.l, call.value("self"), call.value(other));
};

/** softmax(q k' / sqrt d + mask) v, in the last two axes. */
const attention: Lower = (call) => {
  if (call.flag("is_causal", false)) throw new Unsupported("it is causal attention");
  const { l } = call;
  const [q, k, v] = [call.value("query"), call.value("key"), call.value("value")];
  const rank = k.shape.length;
  const scale = call.number("scale", 1 / Math.sqrt(known(q.shape, rank - 1)));
  const turned = transpose(l, k, [...range(rank - 2), rank - 1, rank - 2]);
  const scores = binary(l, "mul", matMul(l, q, turned), number(scale));
  const mask = call.optional("attn_mask");
  return matMul(l, softmax(l, mask ? binary(l, "add", scores, mask) : scores, -1), v);
};

export const linears: Table = {
  linear: (call) =>
    linear(call.l, call.value("input"), call.value("weight"), call.optional("bias")),
  addmm: (call) =>
    gemm(call.l, [call.value("mat1"), call.value("mat2"), call.value("self")], {
      ...{ alpha: call.number("alpha", 1), beta: call.number("beta", 1) },
      ...{ transposeA: false, transposeB: false },
    }),
  mm: product,
  bmm: product,
  matmul: product,
  scaled_dot_product_attention: attention,
};
