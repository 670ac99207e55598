import { inputError } from "../../base/errors.ts";
import type { ModelGraph } from "../../graph/index.ts";
import type { FileHead, Format, ReadOptions } from "../format.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { Assembly } from "./build.ts";
import { Bytes } from "./bytes.ts";
import { factsOf } from "./metadata.ts";
import { notesOf } from "./notes.ts";
import { parseModel } from "./parse.ts";

const IDENTIFIER = "TFL3";

/** `.tflite`: a FlatBuffer with the identifier `TFL3`. */
export const tflite: Format = {
  name: "TFLite",
  extensions: [".tflite"],
  match: ({ bytes }) => Buffer.from(bytes.subarray(4, 8)).toString("latin1") === IDENTIFIER,
  open: (head, options) => Promise.resolve().then(() => read(head, options)),
};

interface Attempt {
  readonly assembly: Assembly;
  readonly parts: ReturnType<Assembly["graph"]>;
}

function read({ source, name }: FileHead, { inputSize }: ReadOptions): ModelGraph {
  const model = parseModel(new Bytes(source));
  if (model.inputs.length === 0)
    throw inputError(`'${name}' describes a network without inputs; convert the model again.`);
  const attempt = (free: boolean): Attempt => {
    const assembly = new Assembly(model, source, free);
    return { assembly, parts: assembly.graph(inputSize) };
  };
  const free = orNull(() => attempt(true));
  const isWhole = free !== null && free.assembly.opaque === 0;
  // a network that mixes the pictures of a batch runs with the batch it was written for
  const fixed = isWhole ? free : attempt(false);
  const made = free !== null && fixed.assembly.opaque >= free.assembly.opaque ? free : fixed;
  const batch =
    made === free ? [] : ["The network names the size of its batch, which stays fixed."];
  return {
    format: "TFLite",
    producer: model.producer,
    ...made.parts,
    weights: made.assembly.network.store(() => {
      source.close();
    }),
    ...factsOf(model, source),
    notes: [...notesOf(model), ...batch, ...made.parts.notes],
  };
}

function orNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof Unsupported) return null;
    throw error;
  }
}
