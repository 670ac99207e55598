/** Anchors of detectors that leave them out of their files, by the rules that were published with them. */
import { at } from "../../../base/at.ts";
import type { Pair } from "../../../graph/index.ts";

/** One rule. */
export interface Rule {
  /** What has anchors by it, for a sentence. */
  readonly name: string;
  /** The only size of pictures that it is for; null: any. */
  readonly size: number | null;
  /** Kernels of the layers that give its numbers: 3 x 3, or 1 x 1. */
  readonly maker: "conv" | "pointwise";
  /** These are right behind depthwise ones. */
  readonly separable?: true;
  /** What scores are put through; of a softmax the first class is none. */
  readonly activation: "softmax" | "sigmoid";
  /** What moves of centres, and growths of sizes, are divided by. */
  readonly weights: Pair;
  /** A box grows by no more than this factor; null: by any. */
  readonly mostGrowth: number | null;
  /** Moves and growths have rows (y) before columns (x). */
  readonly rowsFirst: boolean;
  /** Who has it so, for a sentence. */
  readonly as: "torchvision has them" | "they were published";
  /** Of each grid, fine ones first, the anchors [centre x, centre y, width, height] in pixels, cell by cell, row by row. */
  readonly levels: (picture: Pair) => readonly (readonly number[])[];
}

type Sizes = readonly (readonly [width: number, height: number])[];

/** Anchors of these sizes in each cell; a cell's centre is `(index + first) * step`. */
function grid([rows, columns]: Pair, [down, right]: Pair, first: number, sizes: Sizes): number[] {
  const found: number[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (const [width, height] of sizes)
        found.push((column + first) * right, (row + first) * down, width, height);
  return found;
}

/** Squares of a scale and of the mean of it and the next, and both directions of each ratio ("SSD", Liu et al. 2016). */
function defaultSizes(scale: number, next: number, ratios: readonly number[], side: number): Sizes {
  const mean = Math.sqrt(scale * next);
  const long = ratios.flatMap((ratio) => {
    const [width, height] = [scale * Math.sqrt(ratio), scale / Math.sqrt(ratio)];
    return [[width, height] as const, [height, width] as const];
  });
  // no side is longer than the picture
  const most = (value: number): number => Math.min(1, value) * side;
  return [[scale, scale] as const, [mean, mean] as const, ...long].map(
    ([width, height]) => [most(width), most(height)] as const,
  );
}

const SSD_GRIDS = [38, 19, 10, 5, 3, 1];
const SSD_STEPS = [8, 16, 32, 64, 100, 300];
const SSD_SCALES = [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05];
const SSD_RATIOS = [[2], [2, 3], [2, 3], [2, 3], [2], [2]];

const LITE_GRIDS = [20, 10, 5, 3, 2, 1];
const LITE_SCALES = [0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1];

/** Three scales of three ratios, ratio by ratio, with whole corners ("Focal Loss for Dense Object Detection", Lin et al. 2017). */
function retinaSizes(base: number): Sizes {
  const scales = [0, 1, 2].map((third) => Math.trunc(base * 2 ** (third / 3)));
  return [0.5, 1, 2].flatMap((ratio) =>
    scales.map((scale) => {
      const half = (side: number): number => 2 * roundEven(side / 2);
      return [half(scale / Math.sqrt(ratio)), half(scale * Math.sqrt(ratio))] as const;
    }),
  );
}
/** To the nearest whole number, halves to the even one, as PyTorch rounds. */
function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Squares and both directions of a ratio of 2, as rounded as they were published. */
const EFFICIENT_RATIOS = [
  [1, 1],
  [1.4, 0.7],
  [0.7, 1.4],
] as const;

/**
 * "EfficientDet: Scalable and Efficient Object Detection" (Tan et al. 2020), in the hyperparameters that its authors published: at each cell
 * of the grids from 2^3 pixels on three scales of three ratios, scale by scale. A grid has half the cells of the finer one, rounded up, and its
 * cells are as large as the picture has room for.
 */
const efficientDet = (grids: number): Rule => ({
  ...{ name: "EfficientDet", size: null, maker: "pointwise", activation: "sigmoid" },
  ...{
    separable: true,
    weights: [1, 1],
    mostGrowth: null,
    rowsFirst: true,
    as: "they were published",
  },
  levels: (picture) =>
    Array.from({ length: grids }, (_, i) => {
      const cells = halved(picture, FINEST + i);
      const steps: Pair = [picture[0] / cells[0], picture[1] / cells[1]];
      const sizes = [0, 1, 2].flatMap((third) =>
        EFFICIENT_RATIOS.map(([wide, high]): Sizes[number] => {
          const scale = largeness(picture, grids) * 2 ** (third / 3);
          return [scale * steps[1] * wide, scale * steps[0] * high];
        }),
      );
      return grid(cells, steps, 0.5, sizes);
    }),
});
const FINEST = 3;

const halved = (size: Pair, times: number): Pair =>
  times === 0 ? size : halved([Math.ceil(size[0] / 2), Math.ceil(size[1] / 2)], times - 1);

/** Anchors are so many cells large; D7 alone, which is D6 on larger pictures, has larger ones. */
const largeness = ([height, width]: Pair, grids: number): number =>
  height === 1536 && width === 1536 && grids === 5 ? 5 : 4;

const TORCHVISION = {
  /** A box grows by no more than this factor. */
  mostGrowth: 1000 / 16,
  rowsFirst: false,
  as: "torchvision has them",
} as const;

export const RULES: readonly Rule[] = [
  {
    ...{ name: "SSD300", size: 300, maker: "conv", activation: "softmax", weights: [10, 5] },
    ...TORCHVISION,
    levels: () =>
      SSD_GRIDS.map((cells, i) => {
        const [scale, next] = [at(SSD_SCALES, i), at(SSD_SCALES, i + 1)];
        const step = at(SSD_STEPS, i);
        const sizes = defaultSizes(scale, next, at(SSD_RATIOS, i), 300);
        return grid([cells, cells], [step, step], 0.5, sizes);
      }),
  },
  {
    ...{ name: "SSDLite320", size: 320, maker: "pointwise", activation: "softmax" },
    weights: [10, 5],
    ...TORCHVISION,
    levels: () =>
      LITE_GRIDS.map((cells, i) => {
        const sizes = defaultSizes(at(LITE_SCALES, i), at(LITE_SCALES, i + 1), [2, 3], 320);
        return grid([cells, cells], [320 / cells, 320 / cells], 0.5, sizes);
      }),
  },
  {
    ...{ name: "RetinaNet", size: null, maker: "conv", activation: "sigmoid", weights: [1, 1] },
    ...TORCHVISION,
    levels: ([height, width]) =>
      [8, 16, 32, 64, 128].map((stride) => {
        const cells: Pair = [Math.ceil(height / stride), Math.ceil(width / stride)];
        const steps: Pair = [Math.floor(height / cells[0]), Math.floor(width / cells[1])];
        return grid(cells, steps, 0, retinaSizes(4 * stride));
      }),
  },
  efficientDet(5),
  // D7x
  efficientDet(6),
];
