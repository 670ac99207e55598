/** What every side of a row is given: made once per model, the same for all. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withPixels, type Pixel } from "../src/methods/attack/pixels.ts";
import { censusLayers } from "../src/methods/census/layers.ts";
import { Random } from "../src/methods/random.ts";
import { encodeNpy, encodePng } from "../src/pictures/index.ts";
import {
  asPictures,
  blackInput,
  feedPicture,
  OpenModel,
  pictureInput,
  pictureSize,
  PictureStore,
} from "../src/session/index.ts";
import { inputRange } from "../src/session/run/ranges.ts";
import { asFloats, floats, type FloatTensor } from "../src/base/tensor.ts";
import type { About } from "./tasks/types.ts";

const CANDIDATES = 400;
const NOISY = 25;
const PICTURES = 64;
/** The product's own: SmoothGrad's level, the length of a step of maximisation and its first noise. */
const NOISE_SHARE = 0.15;
const RATE_SHARE = 5;
const START_SHARE = 1 / 16;

export async function writeInputs([
  file = "",
  picture = "",
  folder = "",
]: readonly string[]): Promise<void> {
  const model = await OpenModel.open(file);
  const size = pictureSize(pictureInput(model.graph));
  const { inputs } = await feedPicture(model, new PictureStore(), picture);
  const [fed] = inputs;
  if (!fed) throw new RangeError(`${picture} cannot be fed to ${file}`);
  const { rgb, rounded: input } = asPictures(asFloats(fed), model.preprocessing);
  const range = inputRange(model.preprocessing, size[2]);
  const about: About = {
    min: range.min,
    max: range.max,
    black: [...blackInput([1, 1, size[2]], model.preprocessing).data],
    rate: RATE_SHARE * Math.max(...range.max.map((max, k) => max - (range.min[k] ?? 0))),
    census: censusLayers(model.graph).map(({ layer }) => layer.name),
  };
  await mkdir(join(folder, "pictures"), { recursive: true });
  const write = (name: string, array: FloatTensor): Promise<void> =>
    writeFile(join(folder, `${name}.npy`), encodeNpy(array));
  await write("input", input);
  await write("start", startOf(size, about));
  await write("noise", noiseOf(input));
  await write("candidates", withPixels(input, candidates(size), model.preprocessing));
  await writeFile(join(folder, "about.json"), JSON.stringify(about));
  for (let i = 0; i < PICTURES; i++)
    await writeFile(
      join(folder, "pictures", `${String(i).padStart(3, "0")}.png`),
      encodePng(shifted(rgb, size, 7 * i), size[1], size[0], 3),
    );
  model.close();
}

/** Mid-gray with a little noise. */
function startOf(size: readonly [number, number, number], { min, max, rate }: About): FloatTensor {
  const random = new Random(1);
  const noise = (START_SHARE * rate) / RATE_SHARE;
  const data = Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, i) => {
    const k = i % size[2];
    return ((min[k] ?? 0) + (max[k] ?? 0)) / 2 + (2 * random.uniform() - 1) * noise;
  });
  return floats([1, ...size], data);
}

/** The noise that our SmoothGrad draws with seed 1. */
function noiseOf({ shape, data }: FloatTensor): FloatTensor {
  const random = new Random(1);
  const [min, max] = data.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)] as const,
    [Infinity, -Infinity] as readonly [number, number],
  );
  const deviation = NOISE_SHARE * (max - min);
  const noise = Float32Array.from(
    { length: NOISY * data.length },
    () => random.normal() * deviation,
  );
  return floats([NOISY, ...shape.slice(1)], noise);
}

function candidates([height, width]: readonly [number, number, number]): Pixel[][] {
  const random = new Random(2);
  const byte = (): number => random.integer(256);
  return Array.from({ length: CANDIDATES }, () => [
    { x: random.integer(width), y: random.integer(height), rgb: [byte(), byte(), byte()] },
  ]);
}

/** The picture moved sideways: as many different pictures as are wanted, of the network's own size. */
function shifted(
  rgb: Uint8Array,
  [height, width]: readonly [number, number, number],
  by: number,
): Uint8Array {
  const moved = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let k = 0; k < 3; k++)
        moved[(y * width + x) * 3 + k] = rgb[(y * width + ((x + by) % width)) * 3 + k] ?? 0;
  return moved;
}
