/** The formats that are read. Adding one: a folder with its `Format`, and a line in the list. */
import { ConvLensError, inputError } from "../base/errors.ts";
import { plainText } from "../base/plain-text.ts";
import { Generation } from "../files/generation.ts";
import type { ModelGraph, WeightStore } from "../graph/index.ts";
import { FileSource } from "./bytes/source.ts";
import { checkShapes } from "./check-shapes.ts";
import { atFittingSize } from "./fitting-size.ts";
import { describingFile } from "./folder.ts";
import {
  HEAD_BYTES,
  type FileHead,
  type Format,
  type ReadFrom,
  type ReadOptions,
} from "./format.ts";
import { flax } from "./flax/flax.ts";
import { frozenGraph } from "./frozen-graph/frozen-graph.ts";
import { h5Outline, kerasH5 } from "./keras/h5.ts";
import { archiveOutline, kerasArchive } from "./keras/keras.ts";
import type { Outline } from "./keras/state.ts";
import { onnx } from "./onnx/onnx.ts";
import { plainNames } from "./plain-names.ts";
import { torchExport } from "./pt2/pt2.ts";
import { pytorch } from "./pytorch/pytorch.ts";
import { safetensors } from "./safetensors/safetensors.ts";
import { savedModel } from "./saved-model/saved-model.ts";
import { notRead } from "./sniff.ts";
import { Impossible } from "./lower/unsupported.ts";
import { tfjs } from "./tfjs/tfjs.ts";
import { tflite } from "./tflite/index.ts";

export { modelFiles, modelStamp } from "./folder.ts";
export type { Format, ReadOptions } from "./format.ts";
export { checkpointSettings } from "./pytorch/settings.ts";
export * from "./structure/index.ts";

/** In the order in which they are asked whether a file is theirs; the first that says so reads it. */
export const FORMATS: readonly Format[] = [
  kerasH5,
  kerasArchive,
  // a header whose length is not padded may begin like a protocol buffer
  safetensors,
  onnx,
  savedModel,
  frozenGraph,
  tfjs,
  torchExport,
  pytorch,
  flax,
  tflite,
];

/**
 * Reads a model file, or a folder by the file that describes it: recognised by its content, structure only; weights are read
 * when they are asked for, and as long as all its files stay as they are.
 * Throws a ConvLensError of kind `input` that names the file, what it seems to be, and the cure.
 */
export async function readModel(
  given: string,
  { generation = new Generation(), ...options }: ReadFrom = {},
): Promise<ModelGraph> {
  const first = await readOnce(given, generation, options);
  if (options.inputSize) return first;
  return atFittingSize(first, (inputSize) =>
    readOnce(given, generation, { ...options, inputSize }),
  );
}

/** The layout of a file of weights of Keras, without its numbers; null for another file. Throws a ConvLensError of kind `input`. */
export async function kerasOutline(path: string): Promise<Outline | null> {
  const source = new FileSource(path, new Generation());
  try {
    const head = headOf(path, source, new Generation());
    if (kerasH5.match(head)) return await h5Outline(source);
    return kerasArchive.match(head) ? await archiveOutline(head) : null;
  } catch (error) {
    throw refused(error, source.name);
  } finally {
    source.close();
  }
}

function headOf(path: string, source: FileSource, generation: Generation): FileHead {
  const bytes = new Uint8Array(Math.min(HEAD_BYTES, source.size));
  source.readInto(bytes, 0);
  const { name, size } = source;
  return { path, name, size, bytes, source, generation };
}

async function readOnce(
  given: string,
  generation: Generation,
  options: ReadOptions,
): Promise<ModelGraph> {
  const path = describingFile(given);
  const source = new FileSource(path, generation);
  try {
    const head = headOf(path, source, generation);
    const format = FORMATS.find((candidate) => candidate.match(head));
    if (!format) throw notRead(head);
    const { name } = head;
    const graph = plainNames(await format.open(head, options));
    checkShapes(graph);
    return { file: plainText(name), ...graph, weights: unchanged(graph.weights, generation, name) };
  } catch (error) {
    source.close();
    throw refused(error, source.name);
  }
}

/** What keeps a file from being read, in one sentence that names it. */
function refused(error: unknown, name: string): Error {
  if (error instanceof Impossible)
    return inputError(
      `'${name}' says what cannot be: ${reason(error)}; export or save the model again.`,
    );
  if (!(error instanceof ConvLensError))
    return inputError(
      `'${name}' is damaged, or holds what was not foreseen (${reason(error)}); copy or save it again.`,
      { cause: error },
    );
  if (error.kind !== "input" || error.message.includes(plainText(name))) return error;
  return inputError(`'${name}': ${error.message}`, { cause: error.cause });
}

/** Numbers of a file that is still what it was when it was opened, and so were all others of the model. */
const unchanged = (weights: WeightStore, generation: Generation, name: string): WeightStore => ({
  read: async (ref) => {
    try {
      return await weights.read(ref);
    } catch (error) {
      throw error instanceof ConvLensError ? refused(error, name) : error;
    } finally {
      // where reading failed too: half a file looks like a damaged one
      generation.check();
    }
  },
  close: () => {
    weights.close();
  },
});

const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").slice(0, 200);
