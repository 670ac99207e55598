/** A Keras configuration (Keras 1, 2 and 3; Sequential and Functional, nested) as one structure. */
import { inputError } from "../../base/errors.ts";
import type { Shape } from "../../base/tensor.ts";
import { Impossible } from "../lower/unsupported.ts";
import { parseCalls, parseRefs, type Call, type TensorRef } from "./calls.ts";
import {
  Config,
  isList,
  isObject,
  MAX_DEPTH,
  member,
  text,
  type Json,
  type JsonObject,
} from "../json.ts";

/** Whether a layer runs what it holds on each step of a sequence alone. */
export const isStepwise = (className: string): boolean => className === "TimeDistributed";

/** A layer as the configuration describes it; `model` is what it holds where it is one itself, or runs one on each step. */
export interface KerasLayer {
  readonly name: string;
  /** Without a package in front: `Custom>Block` is `Block`. */
  readonly className: string;
  readonly config: Config;
  readonly trainable: boolean;
  /** Empty in a Sequential model: each layer takes what the one before gives. */
  readonly calls: readonly Call[];
  /** `build_config.input_shape`, where the file tells it. */
  readonly buildShape: Shape | null;
  readonly model: KerasModel | null;
  /** Stored as integers with scales. */
  readonly quantized: boolean;
}

/** The configuration of a Sequential or Functional model, whole or nested in another. */
export interface KerasModel {
  readonly name: string;
  readonly kind: "sequential" | "functional";
  readonly layers: readonly KerasLayer[];
  /** Only of a Functional model. */
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
  /** What a Sequential model without an InputLayer was built for. */
  readonly buildShape: Shape | null;
}

/** Null: a subclassed model, whose structure is code. Throws a ConvLensError of kind `input`. */
export function parseModel(json: Json, file: string, depth = 0): KerasModel | null {
  if (depth > MAX_DEPTH)
    throw inputError(
      `'${file}' nests models deeper than ${MAX_DEPTH} levels, which no network does.`,
    );
  const className = bare(text(member(json, "class_name")) ?? "");
  const config = member(json, "config");
  const listed = isList(config) ? config : member(config, "layers");
  if (!isList(listed)) return null;
  const functional = member(config, "output_layers") !== undefined;
  if (!functional && className !== "Sequential" && !isList(config)) return null;
  const layers = listed.map((layer) => parseLayer(layer, file, depth));
  checkNames(layers);
  return {
    name: text(member(config, "name")) ?? "model",
    kind: functional ? "functional" : "sequential",
    layers,
    inputs: parseRefs(member(config, "input_layers")),
    outputs: parseRefs(member(config, "output_layers")),
    buildShape: shapeOf(member(config, "build_input_shape")) ?? builtFor(json),
  };
}

/** Throws `Impossible` where two layers have one name: their weights and their places would be mistaken for each other. */
function checkNames(layers: readonly KerasLayer[]): void {
  const seen = new Set<string>();
  for (const { name } of layers) {
    if (seen.has(name)) throw new Impossible(`two of its layers are called '${name}'`);
    seen.add(name);
  }
}

function parseLayer(json: Json, file: string, depth: number): KerasLayer {
  const config = member(json, "config");
  const className = bare(text(member(json, "class_name")) ?? "");
  const values: JsonObject = isObject(config) ? config : {};
  const name = text(member(json, "name")) ?? text(values["name"]);
  if (!isObject(json) || className === "" || name === null)
    throw inputError(`'${file}' describes a layer without a name or class; save the model again.`);
  return {
    name,
    className,
    config: new Config(values),
    trainable: values["trainable"] !== false,
    calls: parseCalls(member(json, "inbound_nodes")),
    buildShape: builtFor(json),
    model:
      parseModel(json, file, depth + 1) ??
      (isStepwise(className) ? parseModel(member(config, "layer") ?? null, file, depth + 1) : null),
    quantized: isQuantized(values["dtype"]),
  };
}

/** A shape such as `[null, 32, 32, 3]`; null when it is something else. */
export function shapeOf(value: Json | undefined): Shape | null {
  return isList(value) && value.every((axis) => axis === null || typeof axis === "number")
    ? value
    : null;
}

/** Keras writes the shapes of a layer's inputs where it was built with one tensor. */
function builtFor(json: Json): Shape | null {
  const build = member(json, "build_config");
  return shapeOf(member(build, "input_shape")) ?? shapeOf(member(build, "shape"));
}

const bare = (className: string): string => className.slice(className.lastIndexOf(">") + 1);

function isQuantized(policy: Json | undefined): boolean {
  const name = text(policy) ?? text(member(member(policy, "config"), "name")) ?? "";
  return (
    text(member(policy, "class_name")) === "QuantizedDTypePolicy" ||
    /^(int8|int4|float8|gptq|awq)_from/.test(name)
  );
}
