/** A TensorFlow graph with its signature -> `ModelGraph`. */
import { inputError } from "../../base/errors.ts";
import { prune, type ModelGraph, type TensorSpec } from "../../graph/index.ts";
import type { ReadOptions } from "../format.ts";
import { fixedBatchNote, preferFreeBatch } from "../lower/free-batch.ts";
import { Impossible, type Numbers } from "../lower/index.ts";
import { Assembly } from "./assembly.ts";
import type { Edge } from "./edges.ts";
import { inputLayer, inputTensor } from "./inputs.ts";
import { layersOf } from "./layers.ts";
import { Names } from "./names.ts";
import { byNames } from "./order.ts";
import { outputsOf, scoresFirst } from "./outputs.ts";
import { nodeOf, outputOf } from "./references.ts";
import type { SignatureTensor, TfGraph, TfNode } from "./types.ts";

/** What the formats give that hold TensorFlow graphs. */
export interface Source {
  /** The model's name in messages. */
  readonly file: string;
  readonly format: string;
  readonly producer: string | null;
  readonly graph: TfGraph;
  readonly inputs: readonly SignatureTensor[];
  readonly outputs: readonly SignatureTensor[];
  /** What a variable of the main graph, or a constant, stands for; undefined where it is an ordinary operation. */
  readonly storedAs: (node: TfNode, name: string) => Edge | undefined;
  /** Keras layers by name, with their class. */
  readonly classes: ReadonlyMap<string, string>;
  readonly options: ReadOptions;
  readonly notes: readonly string[];
  readonly close: () => void;
}

/**
 * Throws a ConvLensError of kind `input` when the file contradicts itself; what is not understood becomes opaque layers. Where some
 * are, a batch of the file's own size (of one picture, where it leaves that open) may be all that they ask for.
 */
export function buildGraph(source: Source): ModelGraph {
  const free = builtFor(source, null);
  if (free.layers.every(({ opaque }) => opaque === null)) return free;
  const [batch] = source.inputs.flatMap(({ shape }) => shape?.[0] ?? []);
  return preferFreeBatch(free, () => {
    const fixed = builtFor(source, batch ?? 1);
    return { ...fixed, notes: [...fixed.notes, fixedBatchNote(batch ?? 1)] };
  });
}

/** `batch`: how many pictures at once; null: any number. */
function builtFor(source: Source, batch: number | null): ModelGraph {
  const notes = new Set(source.notes);
  const assembly = new Assembly(source.graph, source.file, source.storedAs);
  const { network } = assembly;
  const given = new Map<string, Edge>();
  const inputs: TensorSpec[] = [];
  const byName = byNames(source.graph.nodes);
  for (const input of source.inputs)
    given.set(fedNode(input, byName, given), fed(input, source, assembly, inputs, notes, batch));
  if (source.outputs.length === 0)
    throw inputError(`'${source.file}' tells no output; save the model with a signature.`);
  const outputs = outputsOf(source.outputs, assembly, given, notes);
  const nodes = needed(assembly, inputs, outputs);
  const { made, names: scopes } = assembly.recording;
  const told = [...scopes, ...made.map(({ name }) => name)];
  const names = new Names(told, source.classes);
  for (const note of missing(assembly)) notes.add(note);
  return {
    format: source.format,
    producer: source.producer,
    inputs,
    outputs: scoresFirst(outputs, assembly),
    nodes,
    layers: layersOf(assembly, nodes, inputs.map(inputLayer), names),
    weights: network.store(source.close),
    notes: [...notes],
  };
}

/** The operation whose output is fed. Throws `Impossible` for one that is not there, or is fed already. */
function fedNode(
  { name, tensor }: SignatureTensor,
  byName: ReadonlyMap<string, TfNode>,
  given: ReadonlyMap<string, Edge>,
): string {
  const { name: own, index } = outputOf(tensor, byName, `its input '${name}' is`);
  if (index !== 0 || given.has(own) || !byName.has(own))
    throw new Impossible(
      `its input '${name}' is '${tensor.slice(0, 200)}', which is ${given.has(own) ? "fed twice" : "no input that is there"}`,
    );
  return own;
}

/** A tensor that is fed; settings of training (a single truth or number) are fixed instead. */
function fed(
  input: SignatureTensor,
  { options }: Source,
  assembly: Assembly,
  specs: TensorSpec[],
  notes: Set<string>,
  batch: number | null,
): Edge {
  const { name, shape, type, tensor } = input;
  if (type === "STRING" || type === "RESOURCE" || type === "VARIANT")
    return assembly.opaque(name, "Placeholder", "its input is text or a file, not numbers");
  if (shape?.length === 0) {
    const [told, setting]: [string, Numbers] =
      type === "BOOL"
        ? ["false", { kind: "numbers", type: "bool", shape: [], data: [0] }]
        : ["1", { kind: "numbers", type: "float", shape: [], data: [1] }];
    notes.add(`The input '${nodeOf(tensor)}' is a single value and is taken as ${told}.`);
    return setting;
  }
  const { value, spec } = inputTensor(input, assembly.network, { ...options, batch }, notes);
  specs.push(spec);
  return value;
}

/** What was made on the way and is not used is left out; opaque operations are shown all the same. */
function needed(
  { network: { builder } }: Assembly,
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
): ModelGraph["nodes"] {
  const opaque = builder.nodes.filter(({ op }) => op === "opaque").map(({ id }) => id);
  const ends = [...inputs, ...outputs].map(({ node: id }) => id);
  return prune(builder.nodes, new Set(), [...ends, ...opaque]);
}

function missing({ missing: operations }: Assembly): string[] {
  if (operations.size === 0) return [];
  const list = [...operations].map(([op, count]) => (count === 1 ? op : `${op} (${count} times)`));
  return [`Operations that are not understood: ${list.join(", ")}; what comes before them works.`];
}
