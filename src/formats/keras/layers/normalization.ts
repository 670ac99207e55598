import type { NodeId } from "../../../graph/index.ts";
import type { Config } from "../../json.ts";
import { Unsupported, withLast, type LayerSpec, type Scope } from "../scope.ts";

const affine = (config: Config): string[] => [
  ...(config.boolean("scale", true) ? ["gamma"] : []),
  ...(config.boolean("center", true) ? ["beta"] : []),
];

const filled = (length: number, value: number): number[] => Array.from({ length }, () => value);

export const batchNormalization: LayerSpec = {
  weights: (config) => [...affine(config), "moving_mean", "moving_variance"],
  lower: (scope) => {
    const { x, config } = scope;
    const axes = scope.axes(x, config.numbers("axis") ?? [-1]);
    const [axis = 0] = axes;
    if (axes.length !== 1) throw new Unsupported("it normalises over several axes");
    const c = scope.dim(x, axis);
    const given = affine(config);
    const scale = given.includes("gamma")
      ? scope.weight("gamma", [c])
      : scope.constant(filled(c, 1));
    const offset = given.includes("beta")
      ? scope.weight("beta", [c])
      : scope.constant(filled(c, 0));
    const [mean, variance] = [
      scope.weight("moving_mean", [c]),
      scope.weight("moving_variance", [c]),
    ];
    const epsilon = config.number("epsilon", 1e-3);
    return withLast(scope, x, axis, (last) =>
      scope.op("batchNorm", [last, scale, offset, mean, variance], { epsilon }),
    );
  },
};

/** (x - mean) / sqrt(variance + epsilon), the statistics taken over `axes` of x itself. */
function standardised(scope: Scope, x: NodeId, axes: readonly number[], epsilon: number): NodeId {
  const reduce = { axes, keepDims: true };
  const centred = scope.op("sub", [x, scope.op("mean", [x], reduce)]);
  return scope.op("mul", [centred, inverseDeviation(scope, centred, axes, epsilon)]);
}
function inverseDeviation(
  scope: Scope,
  centred: NodeId,
  axes: readonly number[],
  epsilon: number,
): NodeId {
  const variance = scope.op("mean", [scope.op("square", [centred])], { axes, keepDims: true });
  return scope.op("rsqrt", [scope.op("add", [variance, scope.scalar(epsilon)])]);
}

/** x * gamma + beta, both [C...] over `axes`, reshaped so that they broadcast. */
function scaled(scope: Scope, x: NodeId, axes: readonly number[]): NodeId {
  const sizes = axes.map((axis) => scope.dim(x, axis));
  const broadcast = scope.shape(x).map((_, i) => (axes.includes(i) ? scope.dim(x, i) : 1));
  const given = affine(scope.config);
  const parameter = (name: string): NodeId => scope.reshape(scope.weight(name, sizes), broadcast);
  const stretched = given.includes("gamma") ? scope.op("mul", [x, parameter("gamma")]) : x;
  return given.includes("beta") ? scope.op("add", [stretched, parameter("beta")]) : stretched;
}

export const layerNormalization: LayerSpec = {
  weights: affine,
  lower: (scope) => {
    const { x, config } = scope;
    const axes = scope.axes(x, config.numbers("axis") ?? [-1]);
    const epsilon = config.number("epsilon", 1e-3);
    if (config.boolean("rms_scaling", false)) throw new Unsupported("it uses rms_scaling");
    return scaled(scope, standardised(scope, x, axes, epsilon), axes);
  },
};

export const rmsNormalization: LayerSpec = {
  weights: () => ["scale"],
  lower: (scope) => {
    const { x, config } = scope;
    const axes = scope.axes(x, config.numbers("axis") ?? [-1]);
    const unit = scope.op("mul", [
      x,
      inverseDeviation(scope, x, axes, config.number("epsilon", 1e-6)),
    ]);
    const sizes = axes.map((axis) => scope.dim(x, axis));
    const shape = scope.shape(x).map((_, i) => (axes.includes(i) ? scope.dim(x, i) : 1));
    return scope.op("mul", [unit, scope.reshape(scope.weight("scale", sizes), shape)]);
  },
};

/** Statistics over the positions and the channels of one group. */
export const groupNormalization: LayerSpec = {
  weights: affine,
  lower: (scope) => {
    const { x, config } = scope;
    const [axis = 0] = scope.axes(x, config.numbers("axis") ?? [-1]);
    return withLast(scope, x, axis, (last) => {
      const c = scope.channels(last);
      const [batch = null, ...rest] = scope.shape(last);
      const wanted = config.number("groups", 32);
      const groups = wanted === -1 ? c : wanted;
      const cells = rest.slice(0, -1).reduce<number>((product, size) => product * (size ?? 1), 1);
      const parted = scope.reshape(last, [batch, cells, groups, c / groups]);
      const epsilon = config.number("epsilon", 1e-3);
      const whole = scope.reshape(standardised(scope, parted, [1, 3], epsilon), [batch, ...rest]);
      return scaled(scope, whole, [rest.length]);
    });
  },
};

/** x / |x| over `axes`. */
export const unitNormalization: LayerSpec = {
  lower: (scope) => {
    const { x } = scope;
    const axes = scope.axes(x, scope.config.numbers("axis") ?? [-1]);
    const norm = scope.op("sum", [scope.op("square", [x])], { axes, keepDims: true });
    const safe = scope.op("maximum", [norm, scope.scalar(1e-12)]);
    return scope.op("mul", [x, scope.op("rsqrt", [safe])]);
  },
};

/** ConvNeXt's LayerScale: one factor per channel. */
export const layerScale: LayerSpec = {
  weights: () => ["gamma"],
  lower: (scope) => scope.op("mul", [scope.x, scope.weight("gamma", [scope.channels(scope.x)])]),
};
