/** Attention (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762). */
import { at } from "../../base/at.ts";
import { sizeOf } from "../../base/tensor.ts";
import { binary, number, select } from "./elementwise.ts";
import { expand } from "./expanding.ts";
import { matMul } from "./linear.ts";
import type { Lowering } from "./lowering.ts";
import { softmax } from "./reduction.ts";
import { reshape } from "./reshaping.ts";
import { known, range, type Numbers, type Value } from "./value.ts";

/** What is added to a score that must not count. */
const NEVER = -1e9;

/** What may be done to the scores q k' before their softmax. */
export interface AttentionSettings {
  /** What scores are multiplied with; 1 / sqrt(d) when left out. */
  readonly scale?: number | undefined;
  /** Added to the scores [..., queries, keys], or (bool) true where a key may be looked at. */
  readonly mask?: Value | null | undefined;
  /** Queries see the keys up to their own place. */
  readonly causal?: boolean | undefined;
}

/**
 * softmax(scale q k' + mask) v over the last two axes, q [..., queries, d], k [..., keys, d], v [..., keys, e]; gives
 * [..., queries, e] and the probabilities [..., queries, keys].
 */
export function attention(
  l: Lowering,
  q: Value,
  k: Value,
  v: Value,
  { scale, mask, causal = false }: AttentionSettings = {},
): { readonly out: Value; readonly probabilities: Value } {
  const factor = scale ?? 1 / Math.sqrt(known(q.shape, -1));
  const scaled = factor === 1 ? q : binary(l, "mul", q, number(factor));
  const plain = matMul(l, scaled, k, { transposeB: true });
  const seen = [
    mask ?? null,
    causal ? lowerTriangle(known(q.shape, -2), known(k.shape, -2)) : null,
  ];
  const scores = seen.reduce<Value>((x, m) => (m === null ? x : masked(l, x, m)), plain);
  const probabilities = softmax(l, scores, -1);
  return { out: matMul(l, probabilities, v), probabilities };
}

/** Keys or values [N, own heads, tokens, d] that several heads of queries share, once for each of `heads`. */
export function sharedByHeads(l: Lowering, x: Value, heads: number): Value {
  const [n, own, ...rest] = [at(x.shape, 0), known(x.shape, 1), ...x.shape.slice(2)];
  if (own === heads) return x;
  const one = reshape(l, x, [n, own, 1, ...rest]);
  return reshape(l, expand(l, one, [n, own, heads / own, ...rest]), [n, heads, ...rest]);
}

function masked(l: Lowering, scores: Value, mask: Value): Value {
  if (l.dtype(mask) !== "bool") return binary(l, "add", scores, mask);
  return select(l, mask, scores, binary(l, "add", scores, number(NEVER)));
}

/** True where key j <= query i. */
function lowerTriangle(queries: number, keys: number): Numbers {
  const shape = [queries, keys];
  const data = range(sizeOf(shape)).map((cell) => +(cell % keys <= Math.floor(cell / keys)));
  return { kind: "numbers", type: "bool", shape, data };
}
