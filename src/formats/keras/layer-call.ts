/** One call of one layer while it is lowered: its settings, its tensors and its parameters, in the file's order of axes. */
import { at } from "../../base/at.ts";
import { sizeOf } from "../../base/tensor.ts";
import {
  flatNumbers,
  isList,
  nestedShape,
  type Config,
  type Json,
  type JsonObject,
} from "../json.ts";
import * as lower from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { tensorArguments, type Argument, type Call } from "./calls.ts";

/** What a layer became. */
export interface Lowered {
  readonly outputs: readonly lower.Value[];
  /** Before the layer's own activation. */
  readonly before?: lower.Value | undefined;
}

/** A class of layers: the weights that it keeps, and how a call of it is lowered. */
export interface LayerSpec {
  /** Names of its weights in the order in which Keras keeps them (`query/kernel` in a layer inside it); none when left out. */
  weights?(config: Config): readonly string[];
  /** Those weights belong to layers within it, which a file that counts keeps in groups of their own. */
  readonly around?: true;
  /** Throws `Unsupported`, or a RangeError where shapes do not fit. */
  lower(call: LayerCall): lower.Value | Lowered;
}

/** Names under which Keras and TensorFlow pass what is computed with. */
const OPERANDS = [
  "x",
  "y",
  "x1",
  "x2",
  "a",
  "b",
  "inputs",
  "values",
  "xs",
  "tensors",
  "condition",
  "bias",
];

/**
 * What `LayerSpec.lower` gets. A setting with several names is looked for under each in turn, first
 * in the configuration, then among the arguments of the call. Throws `Unsupported` for what is not
 * understood, or is computed where it must be known.
 */
export class LayerCall {
  private readonly tensors: ReadonlyMap<Argument, lower.Value>;

  constructor(
    readonly l: lower.Lowering,
    readonly config: Config,
    /** Tensors of the call, in order. */
    readonly inputs: readonly lower.Value[],
    private readonly call: Call,
    /** Major version of Keras that wrote the file. */
    readonly version: number,
    /** The layer's parameter of that name; throws where its shape is not `shape` (null: as it is stored). */
    readonly weight: (name: string, shape: readonly number[] | null) => lower.Parameter,
  ) {
    const paired = tensorArguments(call).flatMap((argument, i) => {
      const value = inputs[i];
      return value ? [[argument, value] as const] : [];
    });
    this.tensors = new Map(paired);
  }

  /** The same call with settings in front of its own, and other arguments. */
  with(settings: JsonObject, args = this.call.args): LayerCall {
    const call = { ...this.call, args };
    const config = this.config.with(settings);
    return new LayerCall(this.l, config, this.inputs, call, this.version, this.weight);
  }

  /** The call of a layer within this one, by its own settings; its weights are this one's. */
  as(config: Config, inputs = this.inputs): LayerCall {
    return new LayerCall(this.l, config, inputs, this.call, this.version, this.weight);
  }

  get x(): lower.Value {
    const [first] = this.inputs;
    if (!first) throw new Unsupported("it is called without a tensor");
    return first;
  }
  /** The tensor of a layer that takes one. Throws `Impossible` where there are more. */
  get only(): lower.Value {
    if (this.inputs.length > 1)
      throw new lower.Impossible(
        `'${this.l.name}' takes one tensor and is given ${this.inputs.length}`,
      );
    return this.x;
  }
  get rank(): number {
    return this.x.shape.length;
  }
  get channelsFirst(): boolean {
    const told = this.config.string("data_format", "channels_last");
    if (told !== "channels_last" && told !== "channels_first")
      throw new Unsupported(`its data_format '${told}' is not known`);
    return told === "channels_first";
  }
  get channelAxis(): number {
    return this.channelsFirst ? 1 : this.rank - 1;
  }
  /** Axes between the batch and the channels. */
  get positionAxes(): number[] {
    return [...this.x.shape.keys()].filter((axis) => axis > 0 && axis !== this.channelAxis);
  }
  /** A setting of one axis or more, sorted and counted from the front; the last axis when left out. */
  axes(key = "axis"): number[] {
    return lower.axesOf(this.config.numbers(key) ?? [-1], this.rank);
  }
  axis(key = "axis"): number {
    const [first, ...others] = this.config.numbers(key) ?? [-1];
    if (first === undefined || others.length > 0) throw new Unsupported("it names several axes");
    return lower.axisOf(first, this.rank);
  }

  /** Everything that a merge or an arithmetic operation works on: tensors, and numbers in their place, in order. */
  operands(): lower.Value[] {
    const named = [...this.call.kwargs].filter(([key]) => OPERANDS.includes(key));
    const all = [...this.call.args, ...named.map(([, value]) => value)];
    return all.flatMap((argument) =>
      argument.kind === "list"
        ? argument.items.flatMap((item) => this.of(item) ?? [])
        : (this.of(argument) ?? []),
    );
  }
  /** The first operands; throws `Unsupported` where there are fewer. */
  two(): [lower.Value, lower.Value] {
    const [a, b] = this.operands();
    if (!a || !b) throw new Unsupported("it needs two operands");
    return [a, b];
  }

  /** A setting of an operation: in its configuration (Keras 3), by one of its names, or by position behind the tensor. */
  setting(names: string | readonly string[], position?: number): Json | undefined {
    const own = [names].flat().find((name) => this.config.has(name));
    if (own !== undefined) return this.config.get(own);
    const argument = this.argument(names, position);
    return argument && plain(argument);
  }
  flag(names: string | readonly string[], position?: number): boolean {
    return this.setting(names, position) === true;
  }
  /** A setting that the network may compute. */
  value(names: string | readonly string[], position?: number): lower.Value | null {
    const own = [names].flat().find((name) => this.config.has(name));
    if (own !== undefined) return numbersOf(this.config.get(own));
    const argument = this.argument(names, position);
    return argument ? this.of(argument) : null;
  }
  /** Numbers that must be known while the file is read: sizes, axes. */
  numbers(names: string | readonly string[], position?: number): readonly number[] | null {
    const told = this.setting(names, position);
    if (hasText(told))
      throw new Unsupported(
        `its ${[names].flat().join(" or ")} is ${JSON.stringify(told)}, no number`,
      );
    const value = this.value(names, position);
    return value && this.l.numbers(value, [names].flat().join(" or ")).data;
  }

  /** The same for one number, `fallback` where the file leaves it out. */
  number(names: string | readonly string[], fallback: number, position?: number): number {
    const all = this.numbers(names, position);
    return all ? at(all, 0) : fallback;
  }

  /** Settings that TensorFlow passes in the call: `axis`, `alpha`. */
  named(): JsonObject {
    const found = [...this.call.kwargs].flatMap(([key, value]) =>
      value.kind === "value" ? [[key, value.value] as const] : [],
    );
    return Object.fromEntries(found);
  }
  get args(): readonly Argument[] {
    return this.call.args;
  }

  private argument(names: string | readonly string[], position?: number): Argument | undefined {
    const key = [names].flat().find((name) => this.call.kwargs.has(name));
    if (key !== undefined) return this.call.kwargs.get(key);
    return position === undefined ? undefined : this.call.args[position];
  }
  private of(argument: Argument): lower.Value | null {
    if (argument.kind === "tensor") return this.tensors.get(argument) ?? null;
    if (argument.kind === "value") return numbersOf(argument.value);
    const items = argument.items.map((item) => this.of(item));
    return items.every((item) => item !== null) ? lower.stack(this.l, items, 0) : null;
  }
}

/** Whether a setting is a text where numbers are, or has one among them: it would count as not given. */
const hasText = (json: Json | undefined): boolean =>
  typeof json === "string" || (isList(json) && json.some(hasText));

/** Numbers that the file holds in words; null where it is something else. */
export function numbersOf(json: Json | undefined): lower.Numbers | null {
  const data = typeof json === "boolean" ? [+json] : flatNumbers(json);
  if (!data) return null;
  const shape = nestedShape(json);
  if (sizeOf(shape) !== data.length) throw new Unsupported("its constant has no regular shape");
  return lower.floats(data, shape);
}

function plain(argument: Argument): Json | undefined {
  if (argument.kind === "value") return argument.value;
  if (argument.kind === "tensor") return undefined;
  const items = argument.items.map(plain);
  return items.every((item) => item !== undefined) ? items : undefined;
}
