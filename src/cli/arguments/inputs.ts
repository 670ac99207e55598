import { basename } from "node:path";
import { at } from "../../base/at.ts";
import { repeat } from "../../methods/repeat.ts";
import { arrayView, modelView, readPicture, seriesView, toInput } from "../../pictures/index.ts";
import { conform, readArray, shapeOf, type OpenModel } from "../../session/index.ts";
import type { Picture } from "../../shared/contract/lenses.ts";
import { inputError, usageError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { isPicture, isSeries, type TensorSpec } from "../../graph/index.ts";
import { floats, sizeOf, type FloatTensor } from "../../base/tensor.ts";
import type { Call } from "../command.ts";
import { namedFile, type Source } from "./parse.ts";

/** What the command line feeds: one tensor per model input, in the model's order, all of the same batch size. */
export interface Given {
  readonly inputs: readonly FloatTensor[];
  readonly count: number;
  /** Picture `index` of the batch that the input of this name gets, for the eye: null where that is no picture. */
  view(index: number, input: string): Promise<Picture | null>;
  /** What was assumed, converted or repaired in the pictures, in words. */
  readonly notes: readonly string[];
}

interface Fed {
  readonly tensor: FloatTensor;
  readonly view: ((index: number) => Picture | Promise<Picture>) | null;
  readonly notes: readonly string[];
}

/** Reads --image and --input, and says what was made of the pictures. Throws a ConvLensError of kind `usage` or `input`. */
export async function readInputs(model: OpenModel, { args, note }: Call): Promise<Given> {
  const specs = model.graph.inputs;
  const assigned = assign(specs, args.sources);
  const fed = new Map<TensorSpec, Fed>();
  for (const [spec, source] of assigned) fed.set(spec, await read(model, spec, source));
  const counts = new Set([...fed.values()].map(({ tensor }) => at(tensor.shape, 0)));
  if (counts.size > 1)
    throw inputError(
      `The inputs must have the same number of pictures, but have ${[...counts].join(" and ")}.`,
    );
  const count = [...counts][0] ?? 0;
  const inputs: FloatTensor[] = [];
  for (const spec of specs)
    inputs.push(fed.get(spec)?.tensor ?? (await stated(model, spec, count)));
  const views = new Map([...fed].map(([{ name }, { view }]) => [name, view]));
  const notes = [...fed.values()].flatMap((one) => one.notes);
  notes.forEach(note);
  return {
    ...{ inputs, count, notes },
    view: async (index, input) => (await views.get(input)?.(index)) ?? null,
  };
}

/**
 * Pairs inputs with sources: `NAME=FILE` first, then pictures with the input that is one, then the others in the model's order.
 * What the sidecar states may be left out.
 */
function assign(specs: readonly TensorSpec[], sources: readonly Source[]): Map<TensorSpec, Source> {
  if (sources.length === 0)
    throw usageError("Give a picture with --image FILE, or an array with --input FILE.npy.");
  if (sources.length > specs.length)
    throw usageError(`The model takes ${named(specs)}, but ${sources.length} were given.`);
  const pairs = new Map<TensorSpec, Source>();
  const unnamed: Source[] = [];
  for (const source of sources) {
    const named = namedFile(source.text);
    const spec = named && specs.find(({ name }) => name === named.name);
    if (!spec) unnamed.push(source);
    else if (pairs.has(spec)) throw usageError(`Input '${spec.name}' was given twice.`);
    else pairs.set(spec, { ...source, text: named.file });
  }
  for (const source of unnamed.toSorted(
    (a, b) => Number(a.kind === "input") - Number(b.kind === "input"),
  )) {
    const free = specs.filter((spec) => !pairs.has(spec));
    const picture = free.find(({ shape }) => shape.length === 4);
    const spec = (source.kind === "image" && picture) || free[0];
    if (spec) pairs.set(spec, source);
  }
  return pairs;
}

const named = (specs: readonly TensorSpec[]): string =>
  `${specs.length} input${specs.length === 1 ? "" : "s"} (${specs.map(({ name }) => name).join(", ")})`;

/** What the sidecar says of an input that was not given. */
async function stated(model: OpenModel, spec: TensorSpec, count: number): Promise<FloatTensor> {
  const value = await model.statedInput(spec);
  if (value) return repeat(value, count);
  throw usageError(
    `The model takes ${named(model.graph.inputs)}: give '${spec.name}' ${shapeOf(spec.shape)} with --input ${spec.name}=FILE.npy.`,
  );
}

async function read(model: OpenModel, spec: TensorSpec, { kind, text }: Source): Promise<Fed> {
  if (kind === "input") {
    const tensor = conform(await readArray(text), spec, text);
    const view = isSeries(spec) ? seriesView : arrayView;
    const drawn = tensor.shape.length === 4 ? (i: number) => view(tensor, i) : null;
    return { tensor, view: drawn, notes: [] };
  }
  const [, height, width, channels] = spec.shape;
  if (!isPicture(spec) || !height || !width || !channels)
    throw usageError(
      `Input '${spec.name}' is ${shapeOf(spec.fileShape ?? spec.shape)}, not a picture: use --input FILE.npy.`,
    );
  const picture = await readPicture(text);
  const size = [height, width, channels] as const;
  return {
    tensor: await toInput(picture, model.preprocessing, size),
    view: () => modelView(picture, model.preprocessing, size),
    notes: picture.notes().map((note) => `${plainText(basename(text))}: ${note}`),
  };
}

/** What there is to say about the pictures, for a result's document. */
export const notesOf = ({ notes }: Given): { notes?: readonly string[] } =>
  notes.length > 0 ? { notes } : {};

/** Pictures `from` to `to` (exclusive) of every input. */
export function slice(inputs: readonly FloatTensor[], from: number, to: number): FloatTensor[] {
  return inputs.map(({ shape, data }) => {
    const each = sizeOf(shape.slice(1));
    return floats([to - from, ...shape.slice(1)], data.subarray(from * each, to * each));
  });
}
