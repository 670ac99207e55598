import type { JsonObject } from "../../json.ts";
import {
  axesOf,
  known,
  prelu as rectified,
  thresholded as above,
  type Value,
} from "../../lower/index.ts";
import { activate, activateAs, withSlope } from "../activations.ts";
import type { LayerCall, LayerSpec, Lowered } from "../layer-call.ts";

const around = ({ x }: LayerCall, out: Value): Lowered => ({ outputs: [out], before: x });

/** A layer that is nothing but an activation, with Keras' defaults for the settings it may leave out. */
const activationLayer = (name: string, defaults: JsonObject = {}): LayerSpec => ({
  lower: (call) => {
    const { values } = call.config;
    const config = withSlope(defaults, values);
    return around(call, activate(call, name, call.x, config));
  },
});

export const activation: LayerSpec = {
  lower: (call) =>
    around(call, activateAs(call, call.x, call.config.get("activation") ?? "linear")),
};
export const relu = activationLayer("relu");
export const leakyRelu = activationLayer("leaky_relu", { negative_slope: 0.3 });
export const elu = activationLayer("elu");
export const softmax = activationLayer("softmax");
export const thresholded: LayerSpec = {
  lower: (call) => around(call, above(call.l, call.x, call.config.number("theta", 1))),
};

/** relu(x) - alpha * relu(-x), alpha learned and shared over `shared_axes`. */
export const prelu: LayerSpec = {
  weights: () => ["alpha"],
  lower: (call) => {
    const { l, x, rank } = call;
    const shared = axesOf(call.config.numbers("shared_axes") ?? [], rank);
    const axes = [...x.shape.keys()].slice(1);
    const shape = axes.map((axis) => (shared.includes(axis) ? 1 : known(x.shape, axis)));
    return around(call, rectified(l, x, call.weight("alpha", shape)));
  },
};
