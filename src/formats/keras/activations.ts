/** Activation functions by Keras' names, in operations of the graph. */
import type { NodeId } from "../../graph/index.ts";
import { Config, isObject, member, text, type Json } from "../json.ts";
import { Unsupported, withLast, type Scope } from "./scope.ts";

type Activation = (scope: Scope, x: NodeId, config: Config) => NodeId;

const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

const times = (s: Scope, x: NodeId, factor: number): NodeId =>
  factor === 1 ? x : s.op("mul", [x, s.scalar(factor)]);
const plus = (s: Scope, x: NodeId, value: number): NodeId => s.op("add", [x, s.scalar(value)]);
const positive = (s: Scope, x: NodeId): NodeId => s.op("greater", [x, s.scalar(0)]);

/** max_value where x >= max_value, x above the threshold, else negative_slope * (x - threshold). */
function relu(s: Scope, x: NodeId, config: Config): NodeId {
  const slope = config.number("negative_slope", 0);
  const threshold = config.number("threshold", 0);
  const max = config.has("max_value") ? config.number("max_value", Infinity) : Infinity;
  if (threshold === 0 && slope === 0) {
    if (max === Infinity) return s.op("relu", [x]);
    return max === 6 ? s.op("relu6", [x]) : s.op("clip", [x], { min: 0, max });
  }
  if (threshold === 0 && max === Infinity) return s.op("leakyRelu", [x], { alpha: slope });
  const above = s.op("greater", [x, s.scalar(threshold)]);
  const capped = max === Infinity ? x : s.op("minimum", [x, s.scalar(max)]);
  return s.op("select", [above, capped, times(s, plus(s, x, -threshold), slope)]);
}

function elu(s: Scope, x: NodeId, alpha: number): NodeId {
  const unit = s.op("elu", [x]);
  return alpha === 1 ? unit : s.op("select", [positive(s, x), unit, times(s, unit, alpha)]);
}

function gelu(s: Scope, x: NodeId, approximate: boolean): NodeId {
  const inner = approximate
    ? s.op("tanh", [
        times(
          s,
          s.op("add", [x, times(s, s.op("mul", [x, s.op("square", [x])]), 0.044715)]),
          Math.sqrt(2 / Math.PI),
        ),
      ])
    : s.op("erf", [times(s, x, Math.SQRT1_2)]);
  return s.op("mul", [times(s, x, 0.5), plus(s, inner, 1)]);
}

/** Keras 3: relu6(x + 3) / 6; Keras 2: 0.2 x + 0.5, between 0 and 1. */
function hardSigmoid(s: Scope, x: NodeId, version = s.version): NodeId {
  return version >= 3
    ? times(s, s.op("relu6", [plus(s, x, 3)]), 1 / 6)
    : s.op("clip", [plus(s, times(s, x, 0.2), 0.5)], { min: 0, max: 1 });
}

/** Over one axis; the graph's softmax is over the last. */
export function softmax(s: Scope, x: NodeId, axis: number, log = false): NodeId {
  const [at = 0] = s.axes(x, [axis]);
  return withLast(s, x, at, (last) => s.op(log ? "logSoftmax" : "softmax", [last]));
}

/** x outside [-lambda, lambda], moved to zero by `shift`; 0 inside. */
function shrink(s: Scope, x: NodeId, lambda: number, shift: number): NodeId {
  const above = s.op("greater", [x, s.scalar(lambda)]);
  const below = s.op("less", [x, s.scalar(-lambda)]);
  const low = s.op("select", [below, plus(s, x, shift), s.scalar(0)]);
  return s.op("select", [above, plus(s, x, -shift), low]);
}

/** a * sigmoid(b) of the two halves of one axis. */
function glu(s: Scope, x: NodeId, axis: number): NodeId {
  const [at = 0] = s.axes(x, [axis]);
  const half = s.dim(x, at) / 2;
  const part = (begin: number): NodeId =>
    s.op("slice", [x], {
      begin: s.shape(x).map((_, i) => (i === at ? begin : 0)),
      size: s.shape(x).map((_, i) => (i === at ? half : null)),
    });
  return s.op("mul", [part(0), s.op("sigmoid", [part(half)])]);
}

const silu: Activation = (s, x) => s.op("mul", [x, s.op("sigmoid", [x])]);
const hardSilu: Activation = (s, x) => s.op("mul", [x, hardSigmoid(s, x, 3)]);
const leaky: Activation = (s, x, c) =>
  s.op("leakyRelu", [x], { alpha: c.number("negative_slope", c.number("alpha", 0.2)) });

const ACTIVATIONS: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ["linear", (_, x) => x],
  ["relu", relu],
  ["relu6", (s, x) => s.op("relu6", [x])],
  ["leaky_relu", leaky],
  ["elu", (s, x, c) => elu(s, x, c.number("alpha", 1))],
  [
    "celu",
    (s, x, c) => {
      const alpha = c.number("alpha", 1);
      const below = times(s, s.op("elu", [times(s, x, 1 / alpha)]), alpha);
      return s.op("select", [positive(s, x), x, below]);
    },
  ],
  ["selu", (s, x) => times(s, elu(s, x, SELU.alpha), SELU.scale)],
  ["gelu", (s, x, c) => gelu(s, x, c.boolean("approximate", false))],
  ["silu", silu],
  ["swish", silu],
  ["hard_silu", hardSilu],
  ["hard_swish", hardSilu],
  ["sigmoid", (s, x) => s.op("sigmoid", [x])],
  ["hard_sigmoid", (s, x) => hardSigmoid(s, x)],
  ["log_sigmoid", (s, x) => s.op("neg", [s.op("softplus", [s.op("neg", [x])])])],
  ["tanh", (s, x) => s.op("tanh", [x])],
  ["hard_tanh", (s, x) => s.op("clip", [x], { min: -1, max: 1 })],
  ["tanh_shrink", (s, x) => s.op("sub", [x, s.op("tanh", [x])])],
  ["hard_shrink", (s, x, c) => shrink(s, x, c.number("threshold", 0.5), 0)],
  [
    "soft_shrink",
    (s, x, c) => {
      const lambda = c.number("threshold", 0.5);
      return shrink(s, x, lambda, lambda);
    },
  ],
  [
    "threshold",
    (s, x, c) =>
      s.op("select", [
        s.op("greater", [x, s.scalar(c.number("threshold", 0))]),
        x,
        s.scalar(c.number("default_value", c.number("value", 0))),
      ]),
  ],
  ["mish", (s, x) => s.op("mul", [x, s.op("tanh", [s.op("softplus", [x])])])],
  ["softplus", (s, x) => s.op("softplus", [x])],
  ["softsign", (s, x) => s.op("div", [x, plus(s, s.op("abs", [x]), 1)])],
  [
    "squareplus",
    (s, x, c) => {
      const root = s.op("sqrt", [plus(s, s.op("square", [x]), c.number("b", 4))]);
      return times(s, s.op("add", [x, root]), 0.5);
    },
  ],
  ["sparse_sigmoid", (s, x) => s.op("clip", [plus(s, times(s, x, 0.5), 0.5)], { min: 0, max: 1 })],
  [
    "sparse_plus",
    (s, x) => {
      const square = times(s, s.op("square", [plus(s, x, 1)]), 0.25);
      const middle = s.op("select", [s.op("less", [x, s.scalar(1)]), square, x]);
      return s.op("select", [s.op("greater", [x, s.scalar(-1)]), middle, s.scalar(0)]);
    },
  ],
  ["exponential", (s, x) => s.op("exp", [x])],
  ["glu", (s, x, c) => glu(s, x, c.number("axis", -1))],
  ["softmax", (s, x, c) => softmax(s, x, c.number("axis", -1))],
  ["log_softmax", (s, x, c) => softmax(s, x, c.number("axis", -1), true)],
]);

/** Keras layers that may stand where a name is expected. */
const AS_LAYERS: ReadonlyMap<string, readonly [name: string, defaults: Record<string, Json>]> =
  new Map([
    ["ReLU", ["relu", {}]],
    ["LeakyReLU", ["leaky_relu", { negative_slope: 0.3 }]],
    ["ELU", ["elu", {}]],
    ["Softmax", ["softmax", {}]],
  ]);

export const isActivation = (name: string): boolean => ACTIVATIONS.has(name);

export function activate(s: Scope, name: string, x: NodeId, config: Config): NodeId {
  const activation = ACTIVATIONS.get(name);
  if (!activation) throw new Unsupported(`its activation '${name}' is custom code or not known`);
  return activation(s, x, config);
}

/** A name, a serialised function, or a layer: as a layer's `activation` setting has it. */
export function activateAs(s: Scope, x: NodeId, setting: Json | undefined): NodeId {
  if (setting === undefined || setting === null) return x;
  const name = text(setting);
  if (name !== null) return activate(s, bare(name), x, new Config({}));
  const className = text(member(setting, "class_name")) ?? "";
  const config = member(setting, "config");
  const [layer, defaults] = AS_LAYERS.get(className) ?? [];
  if (layer !== undefined)
    return activate(s, layer, x, layerConfig(defaults ?? {}, isObject(config) ? config : {}));
  const called =
    text(config) ?? text(member(setting, "registered_name")) ?? text(member(config, "activation"));
  return activate(s, bare(called ?? className), x, new Config({}));
}

/** LeakyReLU's slope is `alpha` in Keras 2, `negative_slope` in Keras 3. */
function layerConfig(
  defaults: Record<string, Json>,
  given: Readonly<Record<string, Json>>,
): Config {
  const renamed = given["alpha"] === undefined ? {} : { negative_slope: given["alpha"] };
  return new Config({ ...defaults, ...renamed, ...given });
}

const bare = (name: string): string => name.slice(name.lastIndexOf(">") + 1);
