import { activate, activateAs } from "../activations.ts";
import { Config } from "../../json.ts";
import type { LayerSpec, Lowered, Scope } from "../scope.ts";
import type { NodeId } from "../../../graph/index.ts";

const around = (scope: Scope, out: NodeId): Lowered => ({
  outputs: [out],
  preActivation: out === scope.x ? undefined : scope.x,
});

/** A layer that is nothing but an activation, with Keras' defaults for the settings it may leave out. */
const activationLayer = (name: string, defaults: Config["values"] = {}): LayerSpec => ({
  lower: (scope) => {
    const { values } = scope.config;
    const slope = name === "leaky_relu" && values["alpha"] !== undefined;
    const renamed = slope ? { negative_slope: values["alpha"] ?? null } : {};
    const config = new Config({ ...defaults, ...renamed, ...values });
    return around(scope, activate(scope, name, scope.x, config));
  },
});

export const activation: LayerSpec = {
  lower: (scope) =>
    around(scope, activateAs(scope, scope.x, scope.config.get("activation") ?? "linear")),
};
export const relu = activationLayer("relu");
export const leakyRelu = activationLayer("leaky_relu", { negative_slope: 0.3 });
export const elu = activationLayer("elu");
export const softmax = activationLayer("softmax");
export const thresholded: LayerSpec = {
  lower: (scope) => {
    const theta = scope.config.number("theta", 1);
    const above = scope.op("greater", [scope.x, scope.scalar(theta)]);
    return around(scope, scope.op("select", [above, scope.x, scope.scalar(0)]));
  },
};

/** relu(x) - alpha * relu(-x), alpha learned and shared over `shared_axes`. */
export const prelu: LayerSpec = {
  weights: () => ["alpha"],
  lower: (scope) => {
    const { x } = scope;
    const shared = scope.config.has("shared_axes")
      ? scope.axes(x, scope.config.numbers("shared_axes") ?? [])
      : [];
    const shape = scope
      .shape(x)
      .slice(1)
      .map((_, i) => (shared.includes(i + 1) ? 1 : scope.dim(x, i + 1)));
    const below = scope.op("mul", [
      scope.weight("alpha", shape),
      scope.op("minimum", [x, scope.scalar(0)]),
    ]);
    return around(scope, scope.op("add", [scope.op("relu", [x]), below]));
  },
};
