import { at } from "../../base/at.ts";
import { axes } from "../../base/axes.ts";
import type { MaximizeTarget } from "../../shared/question.ts";
import { encodePng, readPicture, squareColumns, tileGrid, toInput } from "../../pictures/index.ts";
import {
  asPictures,
  bestOver,
  maximized,
  maximizeRows,
  objectiveOf,
  pictureFiles,
  pictureInput,
  pictureSize,
  type OpenModel,
  type Place,
  type Runner,
} from "../../session/index.ts";
import type { Reference } from "../../shared/contract/experiments.ts";
import type { Recipe } from "../../shared/recipe.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { Call } from "../command.ts";
import type { Film } from "./frames.ts";
import { controlOf } from "../model/control.ts";
import { targetKey, targetName } from "./target.ts";

/** What became of one picture: a copy of a target. */
export interface Maximised {
  readonly target: MaximizeTarget;
  readonly activation: number;
  readonly probability: number | null;
  readonly history: readonly number[];
}

/** A batch of pictures after so many steps. */
export interface Climbed {
  readonly pictures: FloatTensor;
  readonly found: readonly Maximised[];
  readonly steps: number;
}

/** Targets that are made at once: of a place (null: of layers alone), and what they are called together. */
interface Batch {
  readonly targets: readonly MaximizeTarget[];
  readonly place: Place | null;
  readonly which: string;
}

/**
 * Maximises some targets as one batch; the pictures are what 8 bits leave of them. Where there is something to write, an interrupt ends it
 * with the steps that were made.
 */
export async function climb(
  runner: Runner,
  call: Call,
  { method, steps, seed, scaling, options = {} }: Recipe,
  { targets, place, which }: Batch,
  film: Film | null = null,
): Promise<Climbed> {
  const [first] = targets;
  const what = targets.length === 1 && first ? targetName(first, place) : which;
  const control = controlOf(call, what);
  const rows = maximizeRows(runner, { targets, options, steps, seed }, scaling, control, place);
  call.say(`${what}: ${method}, ${steps} steps`);
  const made = await maximized(rows, method, scaling, {
    keepsSteps: call.artifacts.folder !== null || film !== null,
    onStep: (step, _total, now) => {
      film?.take(step, now, scaling);
      control.progress({ fraction: step / steps });
    },
  });
  film?.take(made.steps, made.images, scaling, true);
  const found = targets.flatMap((target, i) =>
    Array.from({ length: rows.copies }, (_, copy) => {
      const row = i * rows.copies + copy;
      return {
        ...{ target, activation: at(made.values, row), probability: at(made.probabilities, row) },
        history: made.history.map((step) => at(step, row)),
      };
    }),
  );
  return { pictures: made.rounded, found, steps: made.steps };
}

/** What the targets reach on the pictures of --image and --images; null where none is given. */
export async function overPictures(
  runner: Runner,
  call: Call,
  targets: readonly MaximizeTarget[],
  options: Recipe["options"],
  place: Place | null,
): Promise<Reference[] | null> {
  const { sources, values } = call.args;
  const places = [
    ...(values.images === undefined ? [] : [values.images]),
    ...sources.filter(({ kind }) => kind === "image").map(({ text }) => text),
  ];
  if (places.length === 0) return null;
  const { model } = runner;
  const size = pictureSize(pictureInput(model.graph));
  const files = await pictureFiles(places);
  async function* fed(): AsyncGenerator<{ image: string; inputs: FloatTensor[] }> {
    for (const image of files)
      yield { image, inputs: [await toInput(await readPicture(image), model.preprocessing, size)] };
  }
  const objectives = targets.map((target) => objectiveOf(model, target, options, place));
  const scores = place?.scores ?? model.scoresOrNone;
  return bestOver(runner, { scores, objectives }, fed(), call);
}

/** Each picture as PNG, and all together. */
export async function drawMaximised(
  { artifacts }: Call,
  { preprocessing }: OpenModel,
  found: readonly Maximised[],
  copies: number,
  images: FloatTensor,
): Promise<void> {
  const [count, height, width] = axes(images.shape, 4);
  const pixels = asPictures(images, preprocessing).rgb;
  const each = height * width * 3;
  for (const [i, { target }] of found.entries()) {
    const copy = copies > 1 ? `_${i % copies}` : "";
    const name =
      count === 1 ? "image" : `image_${targetKey(target, Math.floor(i / copies))}${copy}`;
    await artifacts.picture(name, () =>
      encodePng(pixels.subarray(i * each, (i + 1) * each), width, height, 3),
    );
  }
  if (count === 1) return;
  const tiles = { count, first: 0, total: count, width, height, channels: 3, pixels } as const;
  await artifacts.picture("maximize", () =>
    tileGrid({ ...tiles, ranges: new Float32Array() }, squareColumns(count), "gray"),
  );
}
