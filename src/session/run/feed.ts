import { readPicture, toInput, type Picture } from "../../pictures/index.ts";
import { basename } from "node:path";
import { at } from "../../base/at.ts";
import { inputError, usageError } from "../../base/errors.ts";
import { stampNow } from "../../files/generation.ts";
import {
  isPicture,
  isSeries,
  type ModelGraph,
  pictureInputs,
  type TensorSpec,
} from "../../graph/index.ts";
import { repeat } from "../../methods/repeat.ts";
import { asFloats, floats, type FloatTensor } from "../../base/tensor.ts";
import { conform, readArray, shapeOf } from "./arrays.ts";
import type { OpenModel } from "../open/model.ts";
import type { Fed } from "./runner.ts";

const KEPT_PICTURES = 16;

/** Decoded pictures, the last few of them; a file that changed is read again, and one of which nothing could be taken. */
export class PictureStore {
  private readonly kept = new Map<string, { stamp: string; picture: Promise<Picture> }>();

  async read(path: string): Promise<{ stamp: string; picture: Picture }> {
    const stamp = stampNow(path);
    const known = this.kept.get(path);
    if (known?.stamp === stamp) return { stamp, picture: await known.picture };
    const forget = (error: unknown): never => {
      this.kept.delete(path);
      throw error;
    };
    const picture = readPicture(path).then(
      (read): Picture => ({ ...read, reduce: (wanted) => read.reduce(wanted).catch(forget) }),
      forget,
    );
    this.kept.set(path, { stamp, picture });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT_PICTURES) break;
      this.kept.delete(oldest);
    }
    return { stamp, picture: await picture };
  }
}

/** The picture of a network that takes nothing else. Throws a ConvLensError of kind `input` for another network. */
export function pictureInput(graph: ModelGraph): TensorSpec {
  const [only, ...others] = graph.inputs;
  if (!only) throw inputError("The model has no input.");
  if (others.length > 0)
    throw inputError(
      `This is made of one picture alone, and the model takes ${graph.inputs.length} inputs (${graph.inputs.map(({ name }) => name).join(", ")}): predict, activations, cam and attribute take them all.`,
    );
  if (only.shape.length !== 4)
    throw inputError(
      `The model's input '${only.name}' is [${only.shape.map((n) => n ?? "N").join(", ")}], not a picture.`,
    );
  return only;
}

/** The picture that a layer's cells are positions of; the one that is looked at where they are of none, or of several. */
export function pictureOfLayer({ graph, summary }: OpenModel, layer: string): TensorSpec {
  const { pictures = [] } = summary.layers.find(({ name }) => name === layer) ?? {};
  return pictureAmong(graph, pictures[0] ?? null).spec;
}

/** [height, width, channels] of a picture input. */
export function pictureSize({ shape }: TensorSpec): readonly [number, number, number] {
  const [, height, width, channels] = shape;
  return [height ?? 1, width ?? 1, channels ?? 3];
}

/**
 * The input that is the picture, and its place among the inputs: the one of this name, or the first with rows, columns and channels.
 * Throws a ConvLensError where there is none.
 */
export function pictureAmong(
  graph: ModelGraph,
  on: string | null = null,
): {
  readonly at: number;
  readonly spec: TensorSpec;
} {
  const { inputs } = graph;
  const pictures = pictureInputs(graph);
  const spec = on === null ? pictures[0] : pictures.find(({ name }) => name === on);
  if (spec) return { at: inputs.indexOf(spec), spec };
  if (on !== null && pictures.length > 0)
    throw usageError(
      `'${on}' is no picture of the model's: ${pictures.map(({ name }) => `'${name}'`).join(", ")}.`,
    );
  throw inputError(
    `The model takes no picture: its inputs are ${inputs.map(({ name, shape }) => `'${name}' [${shape.map((n) => n ?? "N").join(", ")}]`).join(", ")}.`,
  );
}

/** Whether a file is an array, which is fed as it is. */
export const isArray = (path: string): boolean => /\.npy$/i.test(path);

/**
 * A picture file as the network's input, with the model's preprocessing; an array (.npy) as it is. Inputs beside the picture are
 * what the sidecar says.
 */
export async function feedPicture(
  model: OpenModel,
  store: PictureStore,
  path: string,
): Promise<Fed> {
  const { at, spec } = pictureAmong(model.graph);
  const { order, scale, mean, std, fit } = model.preprocessing;
  const inputs: FloatTensor[] = [];
  for (const other of model.graph.inputs)
    if (other !== spec) inputs.push(await besides(model, other, spec));
  if (isArray(path)) {
    const stamp = stampNow(path);
    const array = conform(await readArray(path), spec, path);
    inputs.splice(at, 0, array);
    return { key: JSON.stringify([path, stamp]), inputs };
  }
  if (!isPicture(spec))
    throw inputError(
      `The model's input '${spec.name}' is a ${isSeries(spec) ? "series" : "volume"} ${shapeOf(spec.fileShape ?? spec.shape)}, not a picture: give an array (.npy).`,
    );
  const { stamp, picture } = await store.read(path);
  inputs.splice(at, 0, await toInput(picture, model.preprocessing, pictureSize(spec)));
  return { key: JSON.stringify([path, stamp, order, scale, mean, std, fit]), inputs };
}

/** What is fed to an input beside the picture. */
async function besides(
  model: OpenModel,
  spec: TensorSpec,
  { name: picture }: TensorSpec,
): Promise<FloatTensor> {
  const stated = await model.statedInput(spec);
  if (stated) return stated;
  throw inputError(
    `${model.summary.name} takes more than the picture ('${picture}'): say what '${spec.name}' ${shapeOf(spec.shape)} is in ${basename(model.path)}.convlens.json, such as "inputs": {"${spec.name}": 0} or {"${spec.name}": "${spec.name}.npy"}.`,
  );
}

/** As many pixels as 16 pictures of 224 x 224 are run at a time, in at most 400 pictures. */
const PIXELS_AT_ONCE = 16 * 224 * 224;
const MOST_AT_ONCE = 400;

/** How many pictures a method that changes them runs at a time by itself. Throws a ConvLensError for a model that takes more or other than one picture. */
export function usualBatch(graph: ModelGraph): number {
  const [height, width] = pictureSize(pictureInput(graph));
  return Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(PIXELS_AT_ONCE / (height * width))));
}

const BATCH_ELEMENTS = 5e6;

/** Picture files as batches of inputs, read as they are needed; one that cannot be read is reported and passed over. */
export async function* pictureBatches(
  model: OpenModel,
  store: PictureStore,
  paths: readonly string[],
  skip: (path: string, reason: string) => void,
  atOnce = 64,
): AsyncGenerator<{ names: string[]; inputs: FloatTensor[] }> {
  const { at: place, spec } = pictureAmong(model.graph);
  const [height, width, channels] = pictureSize(spec);
  const cells = height * width * channels;
  const most = Math.max(1, Math.min(atOnce, Math.floor(BATCH_ELEMENTS / cells)));
  let [names, rows]: [string[], Float32Array[]] = [[], []];
  let others: Fed["inputs"] = []; // the same of every picture, in the picture's place too
  const flush = (): { names: string[]; inputs: FloatTensor[] } => {
    const data = new Float32Array(rows.length * cells);
    rows.forEach((row, i) => data.set(row, i * cells));
    const picture = floats([rows.length, height, width, channels], data);
    const inputs = others.map((one, i) => (i === place ? picture : repeat(one, rows.length)));
    const batch = { names, inputs };
    [names, rows] = [[], []];
    return batch;
  };
  for (const path of paths) {
    const fed = await feedPicture(model, store, path).catch((error: unknown) => {
      skip(path, error instanceof Error ? error.message : String(error));
      return null;
    });
    if (!fed) continue;
    const { data } = asFloats(at(fed.inputs, place));
    others = fed.inputs;
    // an array may hold several
    for (let from = 0; from < data.length; from += cells) {
      rows.push(data.subarray(from, from + cells));
      names.push(path);
      if (rows.length === most) yield flush();
    }
  }
  if (rows.length > 0) yield flush();
}
