import type { JsonObject } from "../../json.ts";
import * as lower from "../../lower/index.ts";
import { activate, activateAs, withSlope } from "../activations.ts";
import type { LayerCall, LayerSpec, Lowered } from "../layer-call.ts";

const around = ({ x }: LayerCall, out: lower.Value): Lowered => ({ outputs: [out], before: x });

/** A layer that is nothing but an activation, with Keras' defaults for the settings it may leave out. */
const activationLayer = (name: string, defaults: JsonObject = {}): LayerSpec => ({
  lower: (call) => {
    const { values } = call.config;
    const config = withSlope(defaults, values);
    return around(call, activate(call, name, call.x, config));
  },
});

/** `Activation`: the function that `activation` names or holds serialised; linear when left out. */
export const activation: LayerSpec = {
  lower: (call) =>
    around(call, activateAs(call, call.x, call.config.get("activation") ?? "linear")),
};
/** `ReLU` with `max_value`, `negative_slope` and `threshold`: none, 0 and 0 by default. */
export const relu = activationLayer("relu");
/** `LeakyReLU`: slope 0.3 by default, `negative_slope` in Keras 3 and `alpha` before. */
export const leakyRelu = activationLayer("leaky_relu", { negative_slope: 0.3 });
/** `ELU`: alpha * (exp(x) - 1) below zero, `alpha` 1 by default. */
export const elu = activationLayer("elu");
/** `Softmax` along `axis`, by default the last. */
export const softmax = activationLayer("softmax");
/** `ThresholdedReLU`, of Keras 1 and 2: x above `theta` (1 by default), else 0. */
export const thresholded: LayerSpec = {
  lower: (call) => around(call, lower.thresholded(call.l, call.x, call.config.number("theta", 1))),
};

/** relu(x) - alpha * relu(-x), alpha learned and shared over `shared_axes`. */
export const prelu: LayerSpec = {
  weights: () => ["alpha"],
  lower: (call) => {
    const { l, x, rank } = call;
    const shared = lower.axesOf(call.config.numbers("shared_axes") ?? [], rank);
    const axes = [...x.shape.keys()].slice(1);
    const shape = axes.map((axis) => (shared.includes(axis) ? 1 : lower.known(x.shape, axis)));
    return around(call, lower.prelu(l, x, call.weight("alpha", shape)));
  },
};
