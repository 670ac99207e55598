import { recipes, type MaximizeRequest } from "../methods/maximize/index.ts";
import { encodePng } from "../pictures/index.ts";
import {
  asPictures,
  inputRange,
  pictureInput,
  pictureSize,
  type OpenModel,
  type Runner,
} from "../session/index.ts";
import type { FloatTensor } from "../shared/tensor.ts";
import type { Call } from "./command.ts";
import { controlOf } from "./control.ts";
import { squareColumns, tileGrid } from "./grid.ts";
import { reached, type Target } from "./maximize-target.ts";
import type { Recipe } from "./recipe.ts";

/** What became of one filter or class. */
export interface Maximised {
  readonly number: number;
  readonly activation: number;
  readonly probability: number | null;
  readonly history: readonly number[];
}

/** Maximises a part of the target as one batch; the pictures are what 8 bits leave of them. */
export async function climb(
  runner: Runner,
  call: Call,
  { method, steps, seed, scaling }: Recipe,
  target: Target,
  [from, to]: readonly [number, number],
): Promise<{ pictures: FloatTensor; found: Maximised[] }> {
  const { model, subject } = runner;
  const size = pictureSize(pictureInput(model.graph));
  const numbers = target.numbers.slice(from, to);
  const what =
    numbers.length === 1
      ? target.name(numbers[0] ?? 0)
      : `${from + 1} to ${from + numbers.length} of ${target.numbers.length}`;
  call.say(`${what}: ${method}, ${steps} steps`);
  const control = controlOf(call, what);
  const request: MaximizeRequest = {
    ...{ subject, scores: model.scores, size, steps, seed, context: control },
    objectives: target.objectives.slice(from, to),
    range: inputRange(scaling, size[2]),
    onStep: (step) => {
      control.progress({ fraction: step / steps });
    },
  };
  const { images, history } = await recipes[method](request);
  const { rounded } = asPictures(images, scaling);
  const results = await reached(runner, target, from, rounded);
  const found = results.map((result, row) => ({
    ...{ ...result, number: numbers[row] ?? 0 },
    history: history.map((values) => values[row] ?? NaN),
  }));
  return { pictures: rounded, found };
}

/** Each picture as PNG, and all together. */
export async function drawMaximised(
  { artifacts }: Call,
  { preprocessing }: OpenModel,
  { numbers }: Target,
  images: FloatTensor,
): Promise<void> {
  const [count = 1, height = 1, width = 1] = images.shape;
  const pixels = asPictures(images, preprocessing).rgb;
  const each = height * width * 3;
  const tiles = (from: number, to: number): Parameters<typeof tileGrid>[0] => ({
    ...{ count: to - from, first: from, total: count, width, height, channels: 3 },
    ...{ pixels: pixels.subarray(from * each, to * each), ranges: new Float32Array() },
  });
  for (const [i, number] of numbers.entries())
    await artifacts.picture(count === 1 ? "image" : `image_${number}`, () =>
      encodePng(pixels.subarray(i * each, (i + 1) * each), width, height, 3),
    );
  if (count > 1)
    await artifacts.picture("maximize", () =>
      tileGrid(tiles(0, count), squareColumns(count), "gray"),
    );
}
