import { at } from "../../../base/at.ts";
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operators } from "../call.ts";

/** [N, T, heads * d] as [N, heads, T, d]; what has heads already stays. */
function headed(call: Call, value: cf.Value, heads: number): cf.Value {
  if (value.shape.length === 4) return value;
  const [n = 1, tokens = 1, wide = 1] = value.shape;
  const apart = cf.reshape(call.l, value, [n, tokens, heads, wide / heads]);
  return cf.transpose(call.l, apart, [0, 2, 1, 3]);
}

/** Queries, keys and values as [N, heads, T, d], or with their heads side by side as [N, T, heads * d]. */
function attention(call: Call): cf.Value {
  const { l, x, node } = call;
  if (call.optional(4) ?? call.optional(5)) throw new Unsupported("it goes on from earlier keys");
  if (node.outputs.slice(1).some(Boolean)) throw new Unsupported("it gives its keys and scores");
  if (call.float("softcap", 0) !== 0) throw new Unsupported("its scores are capped");
  const heads = call.int("q_num_heads", at(x.shape, 1));
  const own = call.int("kv_num_heads", at(call.input(1).shape, 1));
  const q = headed(call, x, heads);
  const [k, v] = [1, 2].map((i) => cf.sharedByHeads(l, headed(call, call.input(i), own), heads));
  if (!k || !v) throw new Unsupported("its keys or values are missing");
  const { out } = cf.attention(l, q, k, v, {
    scale: call.has("scale") ? call.float("scale", 1) : undefined,
    mask: call.optional(3),
    causal: call.int("is_causal", 0) === 1,
  });
  if (x.shape.length === 4) return out;
  const [n = 1, , tokens = 1] = out.shape;
  return cf.reshape(l, cf.transpose(l, out, [0, 2, 1, 3]), [n, tokens, -1]);
}

/**
 * Matrix products, and `Attention` (operation set 23); throws `Unsupported` for earlier keys and
 * values, capped scores, and outputs but the first.
 */
export const linear: Operators = [
  ["MatMul", (call) => cf.matMul(call.l, call.x, call.input(1))],
  [
    "Gemm",
    (call) =>
      cf.gemm(call.l, [call.x, call.input(1), call.optional(2)], {
        alpha: call.float("alpha", 1),
        beta: call.float("beta", 1),
        transposeA: call.int("transA", 0) === 1,
        transposeB: call.int("transB", 0) === 1,
      }),
  ],
  [
    "Einsum",
    (call) =>
      cf.einsum(
        call.l,
        call.text("equation", ""),
        call.inputs.map((_, i) => call.input(i)),
      ),
  ],
  ["Attention", attention],
];
