/** A TensorFlow graph with its signature -> `ModelGraph`. */
import { inputError } from "../../base/errors.ts";
import {
  prune,
  type Layer,
  type ModelGraph,
  type NodeId,
  type TensorSpec,
} from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";
import type { ReadOptions } from "../format.ts";
import { concreteShape, freeSize } from "../input-size.ts";
import { layersOf } from "./layers.ts";
import { Lowering } from "./lowering.ts";
import { Names } from "./names.ts";
import { TO_NCHW } from "./rearranged.ts";
import type { SignatureTensor, TfGraph, TfNode } from "./types.ts";
import { host, node, Unsupported, type Value } from "./values.ts";

export interface Source {
  /** The model's name in messages. */
  readonly file: string;
  readonly format: string;
  readonly producer: string | null;
  readonly graph: TfGraph;
  readonly inputs: readonly SignatureTensor[];
  readonly outputs: readonly SignatureTensor[];
  /** See `Lowering`. */
  readonly parameterOf: (node: TfNode, name: string) => Value | undefined;
  /** Keras layers by name, with their class. */
  readonly classes: ReadonlyMap<string, string>;
  readonly options: ReadOptions;
  readonly notes: readonly string[];
  /** Throws when the file was changed meanwhile. */
  readonly verify: () => void;
  readonly close: () => void;
}

export function buildGraph(source: Source): ModelGraph {
  const notes = new Set(source.notes);
  const lowering = new Lowering(source.graph, source.file, source.parameterOf);
  const given = new Map<string, Value>();
  const inputs: TensorSpec[] = [];
  for (const input of source.inputs)
    given.set(nodeOf(input.tensor), feed(input, source, lowering, inputs, notes));
  if (source.outputs.length === 0)
    throw inputError(`'${source.file}' tells no output; save the model with a signature.`);
  const values = lowering.main(
    source.outputs.map(({ tensor }) => tensor),
    given,
  );
  const outputs = source.outputs.flatMap(({ name }, i): TensorSpec[] => {
    const value = values[i];
    if (!value || value.kind === "dead" || value.kind === "variable") return [];
    try {
      return [asShown(name, lowering.materialise(value, name), lowering)];
    } catch (error) {
      // such as the shape of a batch
      if (!(error instanceof Unsupported)) throw error;
      notes.add(`The output '${name}' is left out: ${error.message}.`);
      return [];
    }
  });
  const nodes = needed(lowering, inputs, outputs);
  const inputLayers = inputs.map((input): Layer => asLayer(input));
  const names = new Names(
    lowering.made.map(({ name }) => name),
    source.classes,
  );
  for (const note of missing(lowering)) notes.add(note);
  return {
    format: source.format,
    producer: source.producer,
    inputs,
    outputs: scoresFirst(outputs, lowering),
    nodes,
    layers: layersOf(lowering.made, nodes, inputLayers, names),
    weights: {
      read: (ref) =>
        Promise.resolve().then(() => {
          source.verify();
          const parameter = lowering.parameters.get(ref);
          if (!parameter) throw new RangeError(`the model has no parameter '${ref}'`);
          return parameter.read();
        }),
      close: () => {
        source.close();
      },
    },
    notes: [...notes],
  };
}

/** `node:0` -> `node` */
const nodeOf = (tensor: string): string => tensor.replace(/:\d+$/, "");

/** A tensor that is fed; settings of training (a single truth or number) are fixed instead. */
function feed(
  { name, shape, type, tensor }: SignatureTensor,
  source: Source,
  lowering: Lowering,
  specs: TensorSpec[],
  notes: Set<string>,
): Value {
  if (type === "STRING" || type === "RESOURCE" || type === "VARIANT")
    return lowering.opaqueInput(name, "its input is text or a file, not numbers");
  if (shape?.length === 0) {
    const value = type === "BOOL" ? 0 : 1;
    const told = type === "BOOL" ? "false" : "1";
    notes.add(`The input '${nodeOf(tensor)}' is a single value and is taken as ${told}.`);
    return host(type === "BOOL" ? "bool" : "float32", [], [value]);
  }
  const free = shape ?? [null, null, null, null];
  const whole = concreteShape(free, source.options.inputSize, name, notes);
  const [batch = null, channels = null, height = null, width = null] = whole;
  if (whole.length !== 4 || !isChannelsFirst(whole)) {
    const id = lowering.builder.input(name, whole);
    specs.push({ ...spec(name, id, lowering), ...freeSize(free) });
    return node(id);
  }
  const id = lowering.builder.input(name, [batch, height, width, channels]);
  specs.push({ ...spec(name, id, lowering), fileShape: whole, ...freeSize(free) });
  return node(lowering.rearranged.transpose(id, TO_NCHW, name));
}
/** [N, 3, H, W]: pictures have 1, 3 or 4 channels. */
const isChannelsFirst = ([, first, , last]: Shape): boolean =>
  [1, 3, 4].includes(first ?? 0) && (last ?? 0) > 4;

function spec(name: string, id: NodeId, { builder }: Lowering): TensorSpec {
  const { shape, dtype } = builder.get(id);
  return { name, node: id, shape, dtype };
}
/** Channels-first maps are given channels last, and told as the file has them. */
function asShown(name: string, id: NodeId, lowering: Lowering): TensorSpec {
  const last = lowering.rearranged.channelsLast(id);
  return last === null
    ? spec(name, id, lowering)
    : { ...spec(name, last, lowering), fileShape: lowering.builder.shape(id) };
}
const asLayer = ({ name, node: id, fileShape }: TensorSpec): Layer => ({
  name,
  className: "Placeholder",
  nodes: [id],
  output: id,
  preActivation: null,
  inputs: [],
  weights: [],
  opaque: null,
  ...(fileShape && { fileShape }),
});

/** What was made on the way and is not used is left out; opaque operations are shown all the same. */
function needed(
  { builder }: Lowering,
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
): ModelGraph["nodes"] {
  const opaque = builder.nodes.filter(({ op }) => op === "opaque").map(({ id }) => id);
  const ends = [...inputs, ...outputs].map(({ node: id }) => id);
  return prune(builder.nodes, new Set(), [...ends, ...opaque]);
}

/** The first output is taken for class scores: one that can be computed, a row of numbers for each picture. */
function scoresFirst(outputs: readonly TensorSpec[], { builder }: Lowering): TensorSpec[] {
  const rank = ({ node: id, dtype, shape }: TensorSpec): number => {
    if (builder.get(id).op === "opaque") return 3;
    if (dtype !== "float32") return 2;
    return shape.length === 2 ? 0 : 1;
  };
  return [...outputs].sort((a, b) => rank(a) - rank(b));
}

function missing({ missing: operations }: Lowering): string[] {
  if (operations.size === 0) return [];
  const list = [...operations].map(([op, count]) => (count === 1 ? op : `${op} (${count} times)`));
  return [`Operations that are not understood: ${list.join(", ")}; what comes before them works.`];
}
