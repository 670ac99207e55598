import { sizeOf } from "../../../base/tensor.ts";
import type { NodeId } from "../../../graph/index.ts";
import { flatNumbers, nestedShape, type Config, type Json } from "../../json.ts";
import type { LayerSpec, Scope } from "../scope.ts";

/** A number, or one per channel. */
function factor(scope: Scope, key: string, fallback: number): NodeId | null {
  const values = scope.config.numbers(key) ?? [fallback];
  if (values.every((value) => value === fallback)) return null;
  return values.length === 1 ? scope.scalar(values[0] ?? fallback) : scope.constant(values);
}

/** x * scale + offset */
export const rescaling: LayerSpec = {
  lower: (scope) => {
    const scale = factor(scope, "scale", 1);
    const offset = factor(scope, "offset", 0);
    const scaled = scale === null ? scope.x : scope.op("mul", [scope.x, scale]);
    return offset === null ? scaled : scope.op("add", [scaled, offset]);
  },
};

const inConfig = (config: Config): boolean => config.has("mean") && config.has("variance");

/** (x - mean) / max(sqrt(variance), 1e-7); statistics from the settings or from the file. */
export const normalization: LayerSpec = {
  weights: (config) => (inConfig(config) ? [] : ["mean", "variance"]),
  lower: (scope) => {
    const { x, config } = scope;
    const axis = config.get("axis");
    const axes = axis === null ? [] : scope.axes(x, flatNumbers(axis) ?? [-1]);
    const kept = axes.map((at) => scope.dim(x, at));
    const broadcast = scope.shape(x).map((_, i) => (axes.includes(i) ? scope.dim(x, i) : 1));
    const statistic = (name: string): NodeId =>
      inConfig(config)
        ? given(scope, config.get(name), kept, broadcast)
        : scope.reshape(scope.weight(name, kept), broadcast);
    const mean = statistic("mean");
    const deviation = scope.op("maximum", [
      scope.op("sqrt", [statistic("variance")]),
      scope.scalar(1e-7),
    ]);
    return config.boolean("invert", false)
      ? scope.op("add", [mean, scope.op("mul", [x, deviation])])
      : scope.op("div", [scope.op("sub", [x, mean]), deviation]);
  },
};

function given(
  scope: Scope,
  value: Json | undefined,
  kept: readonly number[],
  broadcast: readonly number[],
): NodeId {
  const values = flatNumbers(value) ?? [];
  if (values.length === sizeOf(kept)) return scope.constant(values, broadcast);
  return scope.constant(values, nestedShape(value));
}
