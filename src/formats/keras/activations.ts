/** Activation functions by Keras' names. */
import { Config, isObject, member, text, type Json, type JsonObject } from "../json.ts";
import * as lower from "../lower/index.ts";
import { binary, number, unary, type Lowering, type Value } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";

/** `version`: major version of Keras. */
type Activation = (l: Lowering, x: Value, config: Config, version: number) => Value;

/** max_value where x >= max_value, x above the threshold, else negative_slope * (x - threshold). */
function relu(l: Lowering, x: Value, config: Config): Value {
  const slope = config.number("negative_slope", 0);
  const threshold = config.number("threshold", 0);
  const max = config.has("max_value") ? config.number("max_value", Infinity) : Infinity;
  const top = max === Infinity ? null : number(max);
  if (threshold === 0 && slope === 0) return lower.clip(l, x, number(0), top);
  if (threshold === 0 && top === null) return lower.leakyRelu(l, x, slope);
  const below = binary(l, "mul", binary(l, "sub", x, number(threshold)), number(slope));
  const capped = top === null ? x : binary(l, "minimum", x, top);
  return lower.select(l, binary(l, "greater", x, number(threshold)), capped, below);
}

/** 0 up to -1, x from 1 on, (x + 1)^2 / 4 between. */
function sparsePlus(l: Lowering, x: Value): Value {
  const square = unary(l, "square", binary(l, "add", x, number(1)));
  const quarter = binary(l, "mul", square, number(0.25));
  const middle = lower.select(l, binary(l, "less", x, number(1)), quarter, x);
  return lower.select(l, binary(l, "greater", x, number(-1)), middle, number(0));
}

/** Those without settings, which are operations too. */
const PLAIN =
  "relu6 sigmoid tanh softplus softsign selu hard_silu hard_swish log_sigmoid mish tanh_shrink".split(
    " ",
  );
const OPERATIONS = lower.operationsIn("keras");
const plain = (name: string): [string, Activation] => [
  name,
  (l, x) => {
    const found = OPERATIONS.get(name);
    if (!found) throw new RangeError(`no operation '${name}'`);
    return found.run(l, x);
  },
];

/** Along one axis, or over the cells of several. */
const soft =
  (log: boolean): Activation =>
  (l, x, c) => {
    const [axis = -1, ...others] = c.numbers("axis") ?? [];
    if (others.length === 0) return lower.softmax(l, x, axis, log);
    const total = lower.reduce(l, "logSumExp", x, [axis, ...others], true);
    const logarithm = binary(l, "sub", x, total);
    return log ? logarithm : unary(l, "exp", logarithm);
  };
const limit = (c: Config): number => c.number("threshold", 0.5);

const ACTIVATIONS: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ...PLAIN.map(plain),
  ["linear", (_, x) => x],
  ["silu", (l, x, c) => lower.swish(l, x, c.number("beta", 1))],
  ["swish", (l, x, c) => lower.swish(l, x, c.number("beta", 1))],
  ["relu", relu],
  [
    "leaky_relu",
    (l, x, c) => lower.leakyRelu(l, x, c.number("negative_slope", c.number("alpha", 0.2))),
  ],
  ["elu", (l, x, c) => lower.elu(l, x, c.number("alpha", 1))],
  ["celu", (l, x, c) => lower.celu(l, x, c.number("alpha", 1))],
  ["gelu", (l, x, c) => lower.gelu(l, x, c.boolean("approximate", false))],
  // Keras 3: relu6(x + 3) / 6; Keras 2: 0.2 x + 0.5 between 0 and 1
  ["hard_sigmoid", (l, x, _, v) => lower.hardSigmoid(l, x, v >= 3 ? 1 / 6 : 0.2, 0.5)],
  ["hard_tanh", (l, x) => lower.clip(l, x, number(-1), number(1))],
  ["hard_shrink", (l, x, c) => lower.shrink(l, x, limit(c), 0)],
  ["soft_shrink", (l, x, c) => lower.shrink(l, x, limit(c), limit(c))],
  [
    "threshold",
    (l, x, c) => {
      const otherwise = c.number("default_value", c.number("value", 0));
      return lower.thresholded(l, x, c.number("threshold", 0), otherwise);
    },
  ],
  ["squareplus", (l, x, c) => lower.squareplus(l, x, c.number("b", 4))],
  ["sparse_sigmoid", (l, x) => lower.hardSigmoid(l, x, 0.5, 0.5)],
  ["sparse_plus", sparsePlus],
  ["exponential", (l, x) => unary(l, "exp", x)],
  ["glu", (l, x, c) => lower.glu(l, x, c.number("axis", -1))],
  ["softmax", soft(false)],
  ["log_softmax", soft(true)],
]);

/** Keras layers that may stand where a name is expected. */
const AS_LAYERS: ReadonlyMap<string, readonly [name: string, defaults: JsonObject]> = new Map([
  ["ReLU", ["relu", {}]],
  ["LeakyReLU", ["leaky_relu", { negative_slope: 0.3 }]],
  ["ELU", ["elu", {}]],
  ["Softmax", ["softmax", {}]],
]);

/** Whether Keras has an activation function of that name. */
export const isActivation = (name: string): boolean => ACTIVATIONS.has(name);

/** The activation `name` of `x`, in the version of Keras that wrote the file; throws `Unsupported` for one that is not known. */
export function activate(
  { l, version }: { readonly l: Lowering; readonly version: number },
  name: string,
  x: Value,
  config: Config,
): Value {
  const activation = ACTIVATIONS.get(name);
  if (!activation) throw new Unsupported(`its activation '${name}' is custom code or not known`);
  return activation(l, x, config, version);
}

/** A name, a serialised function, or a layer: as a layer's `activation` setting has it. */
export function activateAs(
  place: { readonly l: Lowering; readonly version: number },
  x: Value,
  setting: Json | undefined,
): Value {
  if (setting === undefined || setting === null) return x;
  const name = text(setting);
  if (name !== null) return activate(place, bare(name), x, new Config({}));
  const className = text(member(setting, "class_name")) ?? "";
  const config = member(setting, "config");
  const layer = AS_LAYERS.get(className);
  if (layer)
    return activate(place, layer[0], x, withSlope(layer[1], isObject(config) ? config : {}));
  const called =
    text(config) ?? text(member(setting, "registered_name")) ?? text(member(config, "activation"));
  return activate(place, bare(called ?? className), x, new Config({}));
}

/** LeakyReLU's slope is `alpha` in Keras 2, `negative_slope` in Keras 3. */
export function withSlope(defaults: JsonObject, given: JsonObject): Config {
  const renamed = given["alpha"] === undefined ? {} : { negative_slope: given["alpha"] };
  return new Config({ ...defaults, ...renamed, ...given });
}

const bare = (name: string): string => name.slice(name.lastIndexOf(">") + 1);
