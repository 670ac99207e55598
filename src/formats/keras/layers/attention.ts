/** Layers in which places of a sequence, or of a picture, look at one another. */
import type { Config } from "../../json.ts";
import { at } from "../../../base/at.ts";
import * as lower from "../../lower/index.ts";
import { binary, known, reshape, transpose, type Value } from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { LayerCall, LayerSpec, Lowered } from "../layer-call.ts";

const PARTS = ["query", "key", "value", "attention_output"] as const;
const projections = (config: Config): string[] =>
  PARTS.flatMap((part) =>
    config.boolean("use_bias", true) ? [`${part}/kernel`, `${part}/bias`] : [`${part}/kernel`],
  );

/** [N, T, D] -> [N, heads, T, size], with a kernel [D, heads, size] and a bias [heads, size]. */
function projected(call: LayerCall, part: string, x: Value, heads: number, size: number): Value {
  const { l } = call;
  const inputs = known(x.shape, -1);
  const kernel = reshape(l, call.weight(`${part}/kernel`, [inputs, heads, size]), [inputs, -1]);
  const bias = call.config.boolean("use_bias", true)
    ? reshape(l, call.weight(`${part}/bias`, [heads, size]), [-1])
    : null;
  const all = lower.linear(l, x, transpose(l, kernel, [1, 0]), bias);
  const apart = reshape(l, all, [...x.shape.slice(0, 2), heads, size]);
  return transpose(l, apart, [0, 2, 1, 3]);
}

/** MultiHeadAttention, and GroupedQueryAttention whose keys and values have fewer heads. */
const heads = (queries: string, keys: string, size: string): LayerSpec => ({
  weights: projections,
  lower: (call): Lowered => {
    const { l, config } = call;
    const query = call.value("query", 0) ?? call.x;
    const value = call.value("value", 1) ?? query;
    const key = call.value("key", 2) ?? value;
    const rank = query.shape.length;
    const axes = config.numbers("attention_axes");
    if (axes && lower.axesOf(axes, rank).length !== rank - 2)
      throw new Unsupported("it looks along some of the axes only");
    const count = config.number(queries, 1);
    const groups = config.number(keys, count);
    const width = config.number(size, 1);
    const shared = (x: Value): Value => lower.sharedByHeads(l, x, count);
    const tokens = (x: Value): Value => reshape(l, x, [at(x.shape, 0), -1, known(x.shape, -1)]);
    const q = projected(call, "query", tokens(query), count, width);
    const k = projected(call, "key", tokens(key), groups, width);
    const v = projected(call, "value", tokens(value), groups, config.number("value_dim", width));
    const mask = call.value("attention_mask");
    const { out, probabilities } = lower.attention(l, q, shared(k), shared(v), {
      mask: mask && lower.cast(l, heardOf(l, mask), "bool"),
      causal: call.flag("use_causal_mask"),
    });
    const joined = reshape(l, transpose(l, out, [0, 2, 1, 3]), [
      ...tokens(query).shape.slice(0, 2),
      -1,
    ]);
    const told = config.numbers("output_shape") ?? [known(query.shape, -1)];
    const mixed = mixture(call, joined, [count, known(v.shape, -1)], told);
    const shape = [...query.shape.slice(0, -1), known(mixed.shape, -1)];
    return { outputs: [reshape(l, mixed, shape), probabilities] };
  },
});
/** A mask [N, T, S] is the same for all heads. */
const heardOf = (l: lower.Lowering, mask: Value): Value =>
  mask.shape.length === 3 ? lower.unsqueeze(l, mask, [1]) : mask;

/** The heads' results, [N, T, heads * size], as `sizes` for each place, in a row. */
function mixture(
  call: LayerCall,
  joined: Value,
  heads: readonly [count: number, size: number],
  sizes: readonly number[],
): Value {
  const { l } = call;
  const stored = call.weight("attention_output/kernel", [...heads, ...sizes]);
  const kernel = reshape(l, stored, [heads[0] * heads[1], -1]);
  const bias = call.config.boolean("use_bias", true)
    ? reshape(l, call.weight("attention_output/bias", sizes), [-1])
    : null;
  return lower.linear(l, joined, transpose(l, kernel, [1, 0]), bias);
}

/**
 * `MultiHeadAttention` of (query, value, key): `num_heads` heads of `key_dim` cells, for the value
 * of `value_dim` where told. Gives the result and the probabilities [N, heads, T, S].
 */
export const multiHeadAttention = heads("num_heads", "num_heads", "key_dim");
/**
 * `GroupQueryAttention`: `num_query_heads` heads of queries share `num_key_value_heads` of keys and
 * values (Ainslie et al. 2023, https://arxiv.org/abs/2305.13245).
 */
export const groupedQueryAttention = heads("num_query_heads", "num_key_value_heads", "head_dim");

const threeOf = (call: LayerCall): [query: Value, key: Value, value: Value] => {
  const [query, value, key = value] = call.inputs;
  if (!query || !value || !key) throw new Unsupported("it needs a query and a value");
  if (call.inputs.length > 3) throw new Unsupported("it is called with masks");
  return [query, key, value];
};

/** softmax(scale q k') v; with `concat`, scores are sums of tanh(q + k). */
export const attention: LayerSpec = {
  weights: (config) => [
    ...(config.boolean("use_scale", false) ? ["scale"] : []),
    ...(config.string("score_mode", "dot") === "concat" ? ["concat_score_weight"] : []),
  ],
  lower: (call): Lowered => {
    const { l, config } = call;
    const [query, key, value] = threeOf(call);
    if (config.string("score_mode", "dot") !== "dot") throw new Unsupported("its scores are sums");
    const q = config.boolean("use_scale", false)
      ? binary(l, "mul", query, call.weight("scale", []))
      : query;
    const causal = call.flag("use_causal_mask");
    const { out, probabilities } = lower.attention(l, q, key, value, { scale: 1, causal });
    return { outputs: [out, probabilities] };
  },
};

/** Bahdanau's scores: the sum over the channels of scale * tanh(q + k). */
export const additiveAttention: LayerSpec = {
  weights: (config) => (config.boolean("use_scale", true) ? ["scale"] : []),
  lower: (call): Lowered => {
    const { l } = call;
    const [query, key, value] = threeOf(call);
    if (call.flag("use_causal_mask")) throw new Unsupported("it is causal attention");
    const sum = binary(l, "add", lower.unsqueeze(l, query, [2]), lower.unsqueeze(l, key, [1]));
    const bent = lower.unary(l, "tanh", sum);
    const weighed = call.config.boolean("use_scale", true)
      ? binary(l, "mul", bent, call.weight("scale", [known(query.shape, -1)]))
      : bent;
    const scores = lower.softmax(l, lower.reduce(l, "sum", weighed, [3], false), -1);
    return { outputs: [lower.matMul(l, scores, value), scores] };
  },
};
