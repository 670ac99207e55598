import { readFile } from "node:fs/promises";
import type { OpenModel } from "../session/model.ts";
import { decodeNpy, modelView, readPicture, toInput } from "../pictures/index.ts";
import type { Picture } from "../shared/contract/lenses.ts";
import { inputError, usageError } from "../shared/errors.ts";
import type { TensorSpec } from "../shared/graph/index.ts";
import { floats, sizeOf, type FloatTensor } from "../shared/tensor.ts";
import { arrayView } from "./array-view.ts";
import type { Source } from "./options.ts";

/** What the command line feeds: one tensor per model input, in the model's order, all of the same batch size. */
export interface Given {
  readonly inputs: readonly FloatTensor[];
  readonly count: number;
  /** Picture `index` of the batch for the eye: null where the model takes no pictures. */
  view(index: number): Picture | null;
}

interface Fed {
  readonly tensor: FloatTensor;
  readonly view: ((index: number) => Picture) | null;
}

/** Reads --image and --input. Throws a ConvLensError of kind `usage` or `input`. */
export async function readInputs(model: OpenModel, sources: readonly Source[]): Promise<Given> {
  const specs = model.graph.inputs;
  const assigned = assign(specs, sources);
  const fed: Fed[] = [];
  for (const [spec, source] of assigned) fed.push(await read(model, spec, source));
  const counts = new Set(fed.map(({ tensor }) => tensor.shape[0] ?? 1));
  if (counts.size > 1)
    throw inputError(
      `The inputs must have the same number of pictures, but have ${[...counts].join(" and ")}.`,
    );
  const view = fed.find((one) => one.view)?.view;
  return {
    inputs: fed.map(({ tensor }) => tensor),
    count: [...counts][0] ?? 0,
    view: (index) => view?.(index) ?? null,
  };
}

/** Pairs inputs with sources: `NAME=FILE` first, the others in the model's order. */
function assign(specs: readonly TensorSpec[], sources: readonly Source[]): [TensorSpec, Source][] {
  if (sources.length === 0)
    throw usageError("Give a picture with --image FILE, or an array with --input FILE.npy.");
  if (sources.length !== specs.length)
    throw usageError(
      `The model takes ${specs.length} input${specs.length === 1 ? "" : "s"} (${specs.map(({ name }) => name).join(", ")}), but ${sources.length} were given.`,
    );
  const pairs = new Map<TensorSpec, Source>();
  const unnamed: Source[] = [];
  for (const source of sources) {
    const at = source.text.indexOf("=");
    const spec = specs.find(({ name }) => at > 0 && name === source.text.slice(0, at));
    if (!spec) unnamed.push(source);
    else if (pairs.has(spec)) throw usageError(`Input '${spec.name}' was given twice.`);
    else pairs.set(spec, { ...source, text: source.text.slice(at + 1) });
  }
  return specs.flatMap((spec) => {
    const source = pairs.get(spec) ?? unnamed.shift();
    return source ? [[spec, source] as [TensorSpec, Source]] : [];
  });
}

async function read(model: OpenModel, spec: TensorSpec, { kind, text }: Source): Promise<Fed> {
  if (kind === "input") {
    const bytes = await readFile(text).catch((cause: unknown) => {
      throw inputError(`The array ${text} cannot be opened.`, { cause });
    });
    const tensor = conform(decodeNpy(bytes, text), spec, text);
    return { tensor, view: tensor.shape.length === 4 ? (i) => arrayView(tensor, i) : null };
  }
  const [, height, width, channels] = spec.shape;
  if (spec.shape.length !== 4 || !height || !width || !channels)
    throw usageError(
      `Input '${spec.name}' is ${shapeOf(spec.shape)}, not a picture: use --input FILE.npy.`,
    );
  const picture = await readPicture(text);
  const size = [height, width, channels] as const;
  return {
    tensor: toInput(picture, model.preprocessing, size),
    view: () => modelView(picture, model.preprocessing, size),
  };
}

/** The array with its batch axis; throws when its other axes are not the input's. */
function conform({ shape, data }: FloatTensor, spec: TensorSpec, file: string): FloatTensor {
  const batched = shape.length === spec.shape.length - 1 ? [1, ...shape] : shape;
  const fits =
    batched.length === spec.shape.length &&
    spec.shape.every((axis, i) => axis === null || axis === batched[i]);
  if (!fits || sizeOf(batched) === 0)
    throw inputError(
      `${file} has the shape ${shapeOf(shape)}, but the model's input '${spec.name}' is ${shapeOf(spec.shape)}.`,
    );
  return floats(batched, data);
}

const shapeOf = (shape: readonly (number | null)[]): string =>
  `(${shape.map((axis) => axis ?? "N").join(", ")})`;

/** Pictures `from` to `to` (exclusive) of every input. */
export function slice(inputs: readonly FloatTensor[], from: number, to: number): FloatTensor[] {
  return inputs.map(({ shape, data }) => {
    const each = sizeOf(shape.slice(1));
    return floats([to - from, ...shape.slice(1)], data.subarray(from * each, to * each));
  });
}
