/** Which of a network's pictures an answer lies over. */
import { inputError, usageError } from "../../base/errors.ts";
import type { Layer } from "../../graph/index.ts";
import type { CamQuestion } from "../../shared/question.ts";
import type { Aim } from "../run/aim.ts";
import { pictureAmong } from "../run/feed.ts";
import type { Fed, Runner } from "../run/runner.ts";

/** What is fed to a model on an engine; `batch`: rows that are run at once, null: by the picture's size. */
export interface Look {
  readonly runner: Runner;
  readonly fed: Fed;
  readonly batch: number | null;
}

/** The picture that an answer lies over. */
export interface Over {
  /** The input that it is, by its name. */
  readonly input: string;
  /** [height, width] as the network sees it. */
  readonly size: readonly [number, number];
}

/** The picture that is the input of this name; null: the first. */
export function overInput({ runner, fed }: Look, on: string | null): Over {
  const { at: place, spec } = pictureAmong(runner.model.graph, on);
  const [, height, width] = fed.inputs[place]?.shape ?? [];
  if (height === undefined || width === undefined)
    throw inputError("The picture has no rows and columns.");
  return { input: spec.name, size: [height, width] };
}

/** The layers that heat maps are made at, and the picture that these lie over. */
export interface AtLayers {
  readonly layers: readonly Layer[];
  readonly why: string;
  /** All pictures that the layers' cells are positions of. */
  readonly pictures: readonly string[];
  readonly over: Over;
}

/** Throws a ConvLensError for layers that are not there, and a usage error for a picture that their cells are no positions of. */
export function atLayers(
  look: Look,
  { layers: names, on, method }: Pick<CamQuestion, "layers" | "on" | "method">,
  { output, where }: Pick<Aim, "output" | "where">,
): AtLayers {
  const { layers, why } = look.runner.camLayers(names, { on, output, where, method });
  const pictures = look.runner.picturesUnder(layers);
  const [first = null] = pictures;
  if (on !== null) checkOver(on, pictures, layers);
  return { layers, why, pictures, over: overInput(look, on ?? first) };
}

/** Throws a usage error where the cells of layers are positions of other pictures, or of none. */
export function checkOver(on: string, pictures: readonly string[], layers: readonly Layer[]): void {
  if (pictures.includes(on)) return;
  const names = layers.map(({ name }) => `'${name}'`).join(", ");
  const lie = pictures.map((name) => `'${name}'`).join(", ") || "no picture";
  throw usageError(`The cells of ${names} are positions of ${lie}, not of '${on}'.`);
}
