/** Layers that go through a sequence step by step, and layers around them. */
import { at } from "../../../base/at.ts";
import { Config, isObject, member, text, type JsonObject } from "../../json.ts";
import * as lower from "../../lower/index.ts";
import { known, slice, squeeze, type Recurrence, type Value } from "../../lower/index.ts";
import { Impossible, Unsupported } from "../../lower/unsupported.ts";
import { activateAs } from "../activations.ts";
import type { LayerCall, LayerSpec, Lowered } from "../layer-call.ts";

/** What a class of recurrent layers keeps of a sequence. */
interface Kind {
  readonly gates: lower.Gates;
  readonly states: number;
}
const KINDS: Readonly<Record<string, Kind>> = {
  LSTM: { gates: "ifco", states: 2 },
  GRU: { gates: "zrh", states: 1 },
  SimpleRNN: { gates: "h", states: 1 },
};

/** Networks with steps that are to be skipped: their numbers would be others. */
const SKIPPING = new WeakSet<lower.Network>();
/** From here on the network's sequences have steps that recurrent layers skip. */
export const skipsSteps = ({ network }: lower.Lowering): void => void SKIPPING.add(network);

/** Weights of the cell, which lies within the layer. */
const cellWeights = (config: Config): string[] =>
  ["kernel", "recurrent_kernel", ...(config.boolean("use_bias", true) ? ["bias"] : [])].map(
    (name) => `cell/${name}`,
  );

/** What a layer does with one sequence; `before` are its states, `prefix` says whose weights. */
function direction(
  call: LayerCall,
  { gates }: Kind,
  x: Value,
  before: readonly Value[],
  prefix = "",
): lower.Recurred {
  const { l, config } = call;
  if (call.value("mask") !== null || SKIPPING.has(l.network))
    throw new Unsupported("it skips steps by a mask");
  if (config.boolean("time_major", false)) throw new Unsupported("its steps come before the batch");
  const [units, wide] = [config.number("units", 0), config.number("units", 0) * gates.length];
  const after = gates === "zrh" && config.boolean("reset_after", false);
  const weight = (name: string, shape: number[]): Value =>
    call.weight(`${prefix}cell/${name}`, shape);
  const biased = config.boolean("use_bias", true);
  const biases = biased ? weight("bias", after ? [2, wide] : [wide]) : null;
  const row = (index: number): Value | null =>
    biases && squeeze(l, slice(l, biases, [0], [index], [index + 1], [1]), [0]);
  const through =
    (key: string, usual: string): lower.Squash =>
    (_, value) =>
      activateAs(call, value, config.get(key) ?? usual);
  const own: Recurrence = {
    ...{ gates, resetAfter: after, peepholes: null },
    kernel: weight("kernel", [known(x.shape, -1), wide]),
    recurrent: weight("recurrent_kernel", [units, wide]),
    bias: after ? row(0) : biases,
    recurrentBias: after ? row(1) : null,
    ...{ hidden: before[0] ?? null, cell: before[1] ?? null },
    gate: through("recurrent_activation", "sigmoid"),
    candidate: through("activation", "tanh"),
    output: through("activation", "tanh"),
    backwards: config.boolean("go_backwards", false),
  };
  return lower.recurred(l, x, own);
}

/** States that a call hands over: behind the sequence, or as `initial_state`. */
function statesOf(call: LayerCall, count: number): readonly Value[] {
  const states = call.inputs.slice(1);
  if (states.length !== 0 && states.length !== count)
    throw new Unsupported(`it takes ${count} states and is given ${states.length}`);
  return states;
}

/** The sequence or its last step, and the states where the layer gives them too. */
function given(config: Config, made: lower.Recurred, sequence: Value): readonly Value[] {
  const out = config.boolean("return_sequences", false) ? sequence : made.hidden;
  if (!config.boolean("return_state", false)) return [out];
  return [out, made.hidden, ...(made.cell ? [made.cell] : [])];
}

/** `LSTM`, `GRU` and `SimpleRNN`: [N, T, in] -> [N, H] or [N, T, H]. */
export const recurrent = (className: string): LayerSpec => ({
  weights: cellWeights,
  around: true,
  lower: (call): Lowered => {
    const { l, config } = call;
    const kind = kindOf(className);
    const made = direction(call, kind, call.x, statesOf(call, kind.states));
    // Keras leaves the steps in the order in which it went through them
    const sequence = config.boolean("go_backwards", false)
      ? slice(l, made.sequence, [1], [-1], [-Infinity], [-1])
      : made.sequence;
    return { outputs: given(config, made, sequence) };
  },
});
function kindOf(className: string): Kind {
  const kind = Object.hasOwn(KINDS, className) ? KINDS[className] : undefined;
  if (!kind) throw new Unsupported(`what it goes through the sequence with is '${className}'`);
  return kind;
}

/** A layer that another holds in its settings: its class and its own settings. */
function held(config: Config, key: string): { className: string; config: Config } | null {
  const told = config.get(key);
  const values = member(told, "config");
  const className = text(member(told, "class_name"));
  return className !== null && isObject(values)
    ? { className: className.slice(className.lastIndexOf(">") + 1), config: new Config(values) }
    : null;
}
const forwards = (config: Config): { className: string; config: Config } => {
  const inner = held(config, "layer");
  if (!inner) throw new Unsupported("the file does not tell the layer in it");
  return inner;
};

const MERGES: readonly lower.Merged[] = ["concat", "sum", "mul", "ave"];

/** `Bidirectional`: a recurrent layer forwards and another backwards. */
export const bidirectional: LayerSpec = {
  weights: (config) => {
    const inner = held(config, "layer");
    const names = inner ? cellWeights(inner.config) : [];
    return ["forward", "backward"].flatMap((side) => names.map((name) => `${side}/${name}`));
  },
  around: true,
  lower: (call): Lowered => {
    const { l, config } = call;
    const inner = forwards(config);
    const kind = kindOf(inner.className);
    const states = statesOf(call, 2 * kind.states);
    const reverse: JsonObject = { go_backwards: !inner.config.boolean("go_backwards", false) };
    const sides = [
      { config: inner.config, prefix: "forward/", before: states.slice(0, kind.states) },
      {
        config: held(config, "backward_layer")?.config ?? inner.config.with(reverse),
        prefix: "backward/",
        before: states.slice(kind.states),
      },
    ];
    const made = sides.map(({ config: own, prefix, before }) =>
      direction(call.as(own), kind, call.x, before, prefix),
    );
    const outputs = made.map((one) => given(inner.config, one, one.sequence));
    const firsts = outputs.map((values) => at(values, 0));
    const how = config.get("merge_mode");
    const merge = how === undefined ? "concat" : MERGES.find((name) => name === how);
    if (!merge && how !== null) throw new Unsupported(`it merges by '${JSON.stringify(how)}'`);
    const whole = merge ? [lower.merged(l, firsts, merge)] : firsts;
    return { outputs: [...whole, ...outputs.flatMap((values) => values.slice(1))] };
  },
};

type Known = (className: string) => LayerSpec | undefined;
/** Whether the layer within a `TimeDistributed` is known; it can be a whole model, too. */
export const isStepwise = (config: Config, known: Known): boolean =>
  known(held(config, "layer")?.className ?? "") !== undefined;

/** `TimeDistributed`: a layer on each step alone, [N, T, ...] as [N * T, ...]. */
export const timeDistributed = (specOf: Known): LayerSpec => ({
  weights: (config) => {
    const inner = held(config, "layer");
    return (inner && specOf(inner.className)?.weights?.(inner.config)) ?? [];
  },
  around: true,
  lower: (call): Lowered => {
    const { l, config, only: x } = call;
    const inner = forwards(config);
    const spec = specOf(inner.className);
    if (!spec) throw new Unsupported(`the layer in it is '${inner.className}', which is not known`);
    const [batch, steps] = [at(x.shape, 0), known(x.shape, 1)];
    const rows = lower.reshape(l, x, [batch * steps, ...x.shape.slice(2)]);
    const made = spec.lower(call.as(inner.config, [rows]));
    if ("outputs" in made && made.outputs.length !== 1)
      throw new Impossible(`'${l.name}' gives ${made.outputs.length} tensors for each step`);
    const out = "outputs" in made ? at(made.outputs, 0) : made;
    return { outputs: [lower.reshape(l, out, [batch, steps, ...out.shape.slice(1)])] };
  },
}); // prettier-ignore
