import { at } from "../../../base/at.ts";
import * as lower from "../../lower/index.ts";
import { known, transpose, type Value } from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { LayerCall, LayerSpec } from "../layer-call.ts";
import { skipsSteps } from "./recurrent.ts";
import { activated, biasOf, withBias } from "./convolution.ts";

/** Over the last axis, whatever stands before it. */
export const dense: LayerSpec = {
  weights: withBias("kernel"),
  lower: (call) => {
    const { l, only: x } = call;
    const units = call.config.number("units", 0);
    const kernel = call.weight("kernel", [known(x.shape, -1), units]);
    return activated(call, lower.linear(l, x, transpose(l, kernel, [1, 0]), biasOf(call, units)));
  },
};

/** The product that an equation tells, as `ab,bc->ac`. */
export const einsumDense: LayerSpec = {
  weights: (config) => (config.has("bias_axes") ? ["kernel", "bias"] : ["kernel"]),
  lower: (call) => {
    const { l, x, config } = call;
    const product = lower.einsum(l, config.string("equation", ""), [
      x,
      call.weight("kernel", null),
    ]);
    checkTold(call, product);
    if (!config.has("bias_axes")) return activated(call, product);
    return activated(call, lower.addBias(l, product, call.weight("bias", null)));
  },
};

/** Throws `Impossible` where the layer is told to give other sizes than its kernel makes. */
function checkTold({ l, config }: LayerCall, product: Value): void {
  const told = [config.get("output_shape")].flat();
  const made = product.shape.slice(product.shape.length - told.length);
  const differs = (size: unknown, i: number): boolean =>
    typeof size === "number" && !lower.isFree(at(made, i)) && size !== made[i];
  if (told.length < product.shape.length && told.some(differs))
    throw new lower.Impossible(
      `'${l.name}' is told to give ${JSON.stringify(told)}, and its kernel makes [${made.join(", ")}]`,
    );
}

/** A row of the table for each whole number. */
export const embedding: LayerSpec = {
  weights: () => ["embeddings"],
  lower: ({ l, x, config, weight }) => {
    const [rows, columns] = [config.number("input_dim", 0), config.number("output_dim", 0)];
    if (config.boolean("mask_zero", false)) skipsSteps(l);
    return lower.gather(l, weight("embeddings", [rows, columns]), lower.cast(l, x, "int32"), 0);
  },
};

/** The product of two over one axis each. */
export const dot: LayerSpec = {
  lower: ({ l, config, inputs }) => {
    const [a, b] = inputs;
    const told = config.numbers("axes") ?? [-1];
    if (!a || !b || config.boolean("normalize", false))
      throw new Unsupported("it is not a plain product of two tensors");
    const [first, second] = [a, b].map(({ shape }, i) =>
      lower.axisOf(told[i] ?? at(told, 0), shape.length),
    );
    const letters = "abcdefghijklm";
    const left = a.shape.map((_, axis) =>
      axis === 0 ? "N" : axis === first ? "z" : letters.charAt(axis),
    );
    const right = b.shape.map((_, axis) =>
      axis === 0 ? "N" : axis === second ? "z" : letters.charAt(axis).toUpperCase(),
    );
    const kept = [...left, ...right.slice(1)].filter((letter) => letter !== "z").join("");
    const sum = lower.einsum(l, `${left.join("")},${right.join("")}->${kept}`, [a, b]);
    return sum.shape.length === 1 ? lower.unsqueeze(l, sum, [1]) : sum;
  },
};
