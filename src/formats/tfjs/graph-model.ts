/** A TF.js graph-model: a frozen TensorFlow graph in JSON. */
import type { ModelGraph } from "../../graph/index.ts";
import type { ReadOptions } from "../format.ts";
import { member, text, type Json } from "../json.ts";
import type { Value } from "../lower/index.ts";
import { buildGraph } from "../tensorflow/build.ts";
import { constantOf } from "../tensorflow/constants.ts";
import { endsOf } from "../tensorflow/ends.ts";
import type { Shards } from "./shards.ts";
import { readTopology, signatureTensors } from "./topology.ts";

/** A `model.json` with its weights. */
export interface Opened {
  readonly json: Json;
  readonly shards: Shards;
  /** The model's name in messages. */
  readonly file: string;
  readonly options: ReadOptions;
  readonly close: () => void;
}

/** Without a signature, inputs and outputs are found by what depends on what. */
export function readGraphModel({ json, shards, file, options, close }: Opened): ModelGraph {
  const graph = readTopology(member(json, "modelTopology"), file);
  const signature = member(json, "signature") ?? member(json, "userDefinedMetadata");
  const told = {
    inputs: signatureTensors(member(signature, "inputs")),
    outputs: signatureTensors(member(signature, "outputs")),
  };
  const complete = told.inputs.length > 0 && told.outputs.length > 0;
  const { inputs, outputs } = complete ? told : endsOf(graph.nodes);
  const known = new Map<string, Value>();
  return buildGraph({
    file,
    format: "TF.js graph-model",
    producer: text(member(json, "convertedBy")) ?? text(member(json, "generatedBy")),
    graph,
    inputs,
    outputs,
    storedAs: (node) => {
      if (node.op !== "Const") return undefined;
      const weight = shards.weights.get(node.name);
      const value =
        known.get(node.name) ??
        (weight && constantOf({ ...weight, ref: node.name, storedDType: weight.stored }));
      if (value) known.set(node.name, value);
      return value;
    },
    classes: new Map(),
    options,
    notes: [],
    close,
  });
}
