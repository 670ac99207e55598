/**
 * From 8-bit RGB pixels u to the network's input: x = (u * scale - mean) / std, per channel, after resizing
 * (bilinear, half-pixel centres) to the input size. `mean` and `std` have one entry, or one per channel in `order`.
 */
export interface PixelScaling {
  readonly order: "rgb" | "bgr" | "gray";
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** How a picture is resized. */
export interface Resizing {
  /** `crop`: the largest centred square (or rectangle of the input's aspect); `squash`: the whole picture. */
  readonly fit: "crop" | "squash";
  /** The part of each side that is kept, in the middle, once the picture is resized (above 0, at most 1); left out: all of it. */
  readonly cropped?: number;
  /**
   * Over all pixels that a position covers, as Pillow resizes. Left out: bilinear, and where nothing is cropped between neighbours, without
   * antialiasing.
   */
  readonly interpolation?: Interpolation;
}
export const INTERPOLATIONS = ["bilinear", "bicubic"] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

export const isInterpolation = (value: unknown): value is Interpolation =>
  INTERPOLATIONS.some((one) => one === value);
/** Whether a value can be `Resizing.cropped`. */
export const isCropped = (value: unknown): value is number =>
  typeof value === "number" && value > 0 && value <= 1;

/** How a picture becomes the network's input: cropping, size and scaling, and who says so. */
export interface Preprocessing extends PixelScaling, Resizing {
  /** Rows and columns of the input, where the model's file leaves them free. */
  readonly size?: readonly [number, number];
  /** Where it comes from, for the panel's footer. */
  readonly source: "graph" | "sidecar" | "user" | "guess";
  /** One sentence: why this was chosen. */
  readonly why: string;
}

const LONGEST_SIDE = 8192;

/** Whether these are rows and columns that a picture can be resized to. */
export const isInputSize = (size: readonly unknown[]): size is readonly [number, number] =>
  size.length === 2 &&
  size.every((side) => Number.isInteger(side) && Number(side) >= 1 && Number(side) <= LONGEST_SIDE);

/** Whether a value, of whatever type, is preprocessing that can be computed: names that are known, finite numbers, no division by 0. */
export function isPreprocessing(value: unknown): value is Preprocessing {
  const { order, scale, mean, std, fit, size, cropped, interpolation } = Object(value) as Partial<
    Record<string, unknown>
  >;
  const areNumbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length > 0 && list.every((one) => Number.isFinite(one));
  return (
    ["rgb", "bgr", "gray"].includes(order as string) &&
    ["crop", "squash"].includes(fit as string) &&
    (cropped === undefined || isCropped(cropped)) &&
    (interpolation === undefined || isInterpolation(interpolation)) &&
    Number.isFinite(scale) &&
    areNumbers(mean) &&
    areNumbers(std) &&
    !std.includes(0) &&
    (size === undefined || (Array.isArray(size) && isInputSize(size)))
  );
}

/** `224x160` is rows, then columns; one number is both. null for anything else. */
export function parseInputSize(text: string): readonly [number, number] | null {
  const [, rows, columns] = /^\s*(\d+)\s*(?:[x×]\s*(\d+)\s*)?$/i.exec(text) ?? [];
  const size = [Number(rows), Number(columns ?? rows)];
  return isInputSize(size) ? size : null;
}

/** Sizes of an input's positions in the order of its axes: rows and columns, a length, or depth, rows and columns; one number is each. */
export type InputSize = readonly number[];
const LONGEST_SERIES = 10_000_000;

/** `16000`, `224x160` or `32x96x96`, one to three numbers; null for anything else. */
export function parseSizes(text: string): InputSize | null {
  const sizes = text.split(/[x×]/i).map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
  const most = sizes.length === 1 ? LONGEST_SERIES : LONGEST_SIDE;
  return sizes.length <= 3 && sizes.every((side) => side >= 1 && side <= most) ? sizes : null;
}

/** The usual recipes, by the names that the command line and the panels use. */
export const NAMED_SCALINGS: Readonly<Record<string, PixelScaling>> = {
  none: { order: "rgb", scale: 1, mean: [0], std: [1] },
  "0..1": { order: "rgb", scale: 1 / 255, mean: [0], std: [1] },
  "-1..1": { order: "rgb", scale: 1 / 127.5, mean: [1], std: [1] },
  torch: { order: "rgb", scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  caffe: { order: "bgr", scale: 1, mean: [103.939, 116.779, 123.68], std: [1] },
  lite: { order: "rgb", scale: 1, mean: [127], std: [128] },
};
