import { attention, einsum, gemm, linear, matMul } from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Lower, Table } from "./table.ts";

const product: Lower = (call) => {
  const other = ["other", "mat2"].find((name) => call.has(name)) ?? "other";
  return matMul(call.l, call.value("self"), call.value(other));
};

const attended: Lower = (call) => {
  const [q, k, v] = [call.value("query"), call.value("key"), call.value("value")];
  if (call.flag("enable_gqa", false)) throw new Unsupported("groups of its queries share keys");
  return attention(call.l, q, k, v, {
    mask: call.optional("attn_mask"),
    causal: call.flag("is_causal", false),
    ...(call.has("scale") && { scale: call.number("scale", 1) }),
  }).out;
};

/**
 * Matrix products: `linear` is x w' + b, `addmm` beta * self + alpha * mat1 mat2; attention
 * (`scaled_dot_product_attention`) and `einsum`.
 */
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
  scaled_dot_product_attention: attended,
  einsum: (call) => einsum(call.l, call.text("equation", ""), call.values("tensors")),
};
