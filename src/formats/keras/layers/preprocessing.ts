import { sizeOf } from "../../../base/tensor.ts";
import type { Config } from "../../json.ts";
import { binary, known, number, reshape, unary, floats, type Value } from "../../lower/index.ts";
import { numbersOf, type LayerCall, type LayerSpec } from "../layer-call.ts";

/** A number, or one per channel; null where it changes nothing. */
function factor({ config }: LayerCall, key: string, neutral: number): Value | null {
  const values = config.numbers(key) ?? [neutral];
  if (values.every((value) => value === neutral)) return null;
  return floats(values, values.length === 1 ? [] : [values.length]);
}

/** x * scale + offset */
export const rescaling: LayerSpec = {
  lower: (call) => {
    const [scale, offset] = [factor(call, "scale", 1), factor(call, "offset", 0)];
    const scaled = scale ? binary(call.l, "mul", call.x, scale) : call.x;
    return offset ? binary(call.l, "add", scaled, offset) : scaled;
  },
};

const inConfig = (config: Config): boolean => config.has("mean") && config.has("variance");

/** (x - mean) / max(sqrt(variance), 1e-7); statistics from the settings or from the file. */
export const normalization: LayerSpec = {
  weights: (config) => (inConfig(config) ? [] : ["mean", "variance"]),
  lower: (call) => {
    const { l, x, config } = call;
    const axes = config.get("axis") === null ? [] : call.axes();
    const kept = axes.map((axis) => known(x.shape, axis));
    const broadcast = x.shape.map((_, axis) => (axes.includes(axis) ? known(x.shape, axis) : 1));
    const statistic = (name: string): Value => {
      const value = inConfig(config) ? numbersOf(config.get(name)) : call.weight(name, kept);
      return value && sizeOf(value.shape) === sizeOf(kept)
        ? reshape(l, value, broadcast)
        : (value ?? floats([]));
    };
    const [mean, variance] = [statistic("mean"), statistic("variance")];
    const deviation = binary(l, "maximum", unary(l, "sqrt", variance), number(1e-7));
    return config.boolean("invert", false)
      ? binary(l, "add", mean, binary(l, "mul", x, deviation))
      : binary(l, "div", binary(l, "sub", x, mean), deviation);
  },
};
