/** The sizes of inputs that a file does not tell: usual ones are tried until everything works with them. */
import type { InputSize } from "../../base/preprocessing.ts";
import { alongAxes } from "../input-size.ts";
import { at } from "../../base/at.ts";
import type { StoredTensor } from "../tensors/stored.ts";
import type { Fed } from "./recorder.ts";

/** An input of the network; `example` where the file has one. */
export interface Wanted {
  readonly name: string;
  readonly example: Omit<Fed, "name"> | null;
  /** Rows and columns that are tried first, and where they come from. */
  readonly usual?: { readonly side: number; readonly said: string };
}

/** Rows and columns that networks of pictures are trained with, the most usual first. */
const USUAL = [
  ...[224, 32, 28, 64, 128, 256, 96, 640, 512, 299, 384, 48, 112, 160, 192, 320, 416, 227, 240],
  ...[260, 300, 448, 480, 16, 150, 200, 100, 80, 72, 56, 50, 40, 36, 24, 20, 14, 12, 8],
];
/** Depth, rows and columns of scans and clips. */
const VOLUMES = [
  [64, 64, 64],
  [16, 112, 112],
  [32, 32, 32],
  [96, 96, 96],
  [8, 16, 16],
];
/** How long a series is guessed to be. */
const LENGTH = 128;

/** Sizes to try, and how they are told. */
export interface Guess {
  readonly fed: readonly Fed[];
  readonly said: string;
  /** The file tells them. */
  readonly told?: true;
}

/** The guesses in order; `tensors` in the order of the network, of which the first kernel tells the channels. */
export function guesses(
  wanted: readonly Wanted[],
  tensors: readonly StoredTensor[],
  size: InputSize | undefined,
): Guess[] {
  const fed = (shape: readonly number[]): readonly Fed[] =>
    wanted.map(({ name, example }) => ({ name, ...(example ?? { shape, type: "float32" }) }));
  const given = alongAxes(size, 2);
  if (wanted.every(({ example }) => example !== null)) {
    const resized = fed([]).map((input) => ({
      ...input,
      shape:
        size && (input.shape.length === 4 || input.shape.length === 5)
          ? [...input.shape.slice(0, 2), ...alongAxes(size, input.shape.length - 2)]
          : input.shape,
    }));
    const example: Guess = {
      fed: fed([]),
      said: "the example's that it was traced with",
      told: true,
    };
    return size ? [{ fed: resized, said: "as given" }, example] : [example];
  }
  const kernel = tensors.find(({ shape }) => shape.length === 4);
  const matrix = tensors.find(({ shape }) => shape.length === 2);
  const series = tensors.find(({ shape }) => shape.length === 3 && at(shape, 2) > 1);
  const volume = tensors.find(({ shape }) => shape.length === 5);
  if (!kernel && volume) {
    const sizes = size ? [alongAxes(size, 3)] : VOLUMES;
    const said = size ? "as given" : "the first usual size that fits";
    const channels = new Set([at(volume.shape, 1), 3, 1]);
    return sizes.flatMap((own) => [...channels].map((c) => ({ fed: fed([1, c, ...own]), said })));
  }
  if (!kernel && series && (!matrix || tensors.indexOf(series) < tensors.indexOf(matrix)))
    return [{ fed: fed([1, at(series.shape, 1), size?.[0] ?? LENGTH]), said: "a guess" }];
  if (!kernel && matrix)
    return flat(at(matrix.shape, 1)).map(([shape, said]) => ({ fed: fed(shape), said }));
  const channels = new Set([kernel ? at(kernel.shape, 1) : 3, 3, 1]);
  const [first = { side: at(USUAL, 0), said: "the usual size" }] = wanted.flatMap(
    ({ usual: own = [] }) => own,
  );
  const sides = [...new Set([first.side, ...USUAL])];
  const usual = [...channels].flatMap((own, i) =>
    (i === 0 ? sides : sides.slice(0, 2)).map((side): Guess => ({
      fed: fed([1, own, side, side]),
      said: side === first.side ? first.said : "the first usual size that fits",
    })),
  );
  return size
    ? [
        ...[...channels].map((own) => ({ fed: fed([1, own, ...given]), said: "as given" })),
        ...usual,
      ]
    : usual;
}

/** What begins with a matrix of `features` rows: a square picture with so many numbers, which is flattened; else the numbers themselves. */
function flat(features: number): (readonly [number[], string])[] {
  const side = (channels: number): number => Math.sqrt(features / channels);
  const pictures = [1, 3].filter((one) => Number.isInteger(side(one)) && side(one) >= 4);
  return [
    ...pictures.map((one): readonly [number[], string] => [
      [1, one, side(one), side(one)],
      "a square picture of so many numbers",
    ]),
    [[1, features], "as its first matrix takes them"],
  ];
}
