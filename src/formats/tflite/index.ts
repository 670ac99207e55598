import { inputError } from "../../base/errors.ts";
import type { ModelGraph } from "../../graph/index.ts";
import type { FileHead, Format, ReadOptions } from "../format.ts";
import { assemble } from "./assemble.ts";
import { Bytes } from "./flatbuffer.ts";
import { factsOf } from "./metadata.ts";
import { notesOf } from "./notes.ts";
import { parseModel } from "./parse.ts";
import { TfliteStore } from "./store.ts";

const IDENTIFIER = "TFL3";

/** `.tflite`: a FlatBuffer with the identifier `TFL3`. */
export const tflite: Format = {
  name: "TFLite",
  extensions: [".tflite"],
  match: ({ bytes }) => Buffer.from(bytes.subarray(4, 8)).toString("latin1") === IDENTIFIER,
  open: (head, options) => Promise.resolve().then(() => read(head, options)),
};

function read({ source, name }: FileHead, { inputSize }: ReadOptions): ModelGraph {
  const model = parseModel(new Bytes(source));
  if (model.inputs.length === 0)
    throw inputError(`'${name}' describes a network without inputs; convert the model again.`);
  const free = assemble(model, source, true, inputSize);
  // a network that mixes the pictures of a batch runs with the batch it was written for
  const fixed = free.needFixedBatch > 0 ? assemble(model, source, false, inputSize) : free;
  const opaque = (made: typeof free): number =>
    made.layers.filter((layer) => layer.opaque !== null).length;
  const made = opaque(fixed) < opaque(free) ? fixed : free;
  const batch =
    made === free ? [] : ["The network names the size of its batch, which stays fixed."];
  return {
    format: "TFLite",
    producer: model.producer,
    inputs: made.inputs,
    outputs: made.outputs,
    nodes: made.nodes,
    layers: made.layers,
    weights: new TfliteStore(model.tensors, source),
    ...factsOf(model, source),
    notes: [...notesOf(model), ...batch, ...made.notes],
  };
}
