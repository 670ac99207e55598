import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { LayerCall, LayerSpec } from "../layer-call.ts";

type Pairwise = "add" | "sub" | "mul" | "maximum" | "minimum";

/** Keras lets tensors of lower rank take part: they get axes behind the batch. Constants broadcast as they are. */
function aligned(l: lower.Lowering, values: readonly lower.Value[]): lower.Value[] {
  const rank = Math.max(...values.map(({ shape }) => shape.length));
  return values.map((value) => {
    const [batch, ...rest] = value.shape;
    if (batch === undefined || !lower.isFree(batch) || value.shape.length === rank) return value;
    const ones = Array.from({ length: rank - value.shape.length }, () => 1);
    return lower.reshape(l, value, [batch, ...ones, ...rest]);
  });
}

function folded(call: LayerCall, op: Pairwise): { out: lower.Value; count: number } {
  const [first, ...others] = aligned(call.l, call.operands());
  if (!first) throw new Unsupported("it is called without tensors");
  const out = others.reduce((sum, next) => lower.binary(call.l, op, sum, next), first);
  return { out, count: others.length + 1 };
}
const fold = (op: Pairwise): LayerSpec => ({ lower: (call) => folded(call, op).out });

/**
 * `Add`: the sum of two tensors or more; those of lower rank get axes of length 1 behind the batch,
 * as in the other elementwise layers. Also TensorFlow's `bias_add`.
 */
export const add = fold("add");
/** `Subtract`: the first tensor minus the second. */
export const subtract = fold("sub");
/** `Multiply`: the elementwise product of two tensors or more. */
export const multiply = fold("mul");
/** `Maximum`: the elementwise maximum of two tensors or more. */
export const maximum = fold("maximum");
/** `Minimum`: the elementwise minimum of two tensors or more. */
export const minimum = fold("minimum");

/** `Average`: the sum of the tensors divided by their number. */
export const average: LayerSpec = {
  lower: (call) => {
    const { out, count } = folded(call, "add");
    return lower.binary(call.l, "mul", out, lower.number(1 / count));
  },
};

/** CustomScaleLayer of `keras.applications`' InceptionResNetV2: the block's input and its residual, which is scaled. */
export const scaledSum: LayerSpec = {
  lower: ({ l, config, inputs }) => {
    const [input, residual, ...others] = inputs;
    if (!config.has("scale") || !input || !residual || others.length > 0)
      throw new Unsupported("it is another layer than that of keras.applications");
    return lower.binary(
      l,
      "add",
      input,
      lower.binary(l, "mul", residual, lower.number(config.number("scale", 1))),
    );
  },
};

/** `Concatenate` along `axis`, by default the last; other axes must be equal. */
export const concatenate: LayerSpec = {
  lower: (call) => {
    const axis = call.setting("axis");
    return lower.concat(call.l, call.operands(), typeof axis === "number" ? axis : -1);
  },
};
