import path from "node:path";
import { decodeNpy, readPicture, toInput } from "../../pictures/index.ts";
import { readBounded, type Bounds } from "../../files/read-bounded.ts";
import { inputError } from "../../base/errors.ts";
import type { InputSize, Preprocessing } from "../../base/preprocessing.ts";
import type { InputQuantization, TensorSpec } from "../../graph/index.ts";
import { isStated } from "../../shared/sidecar.ts";
import { copyStrided } from "../../base/strided.ts";
import { filled, floats, sizeOf, type FloatTensor, type Shape } from "../../base/tensor.ts";

/** No element of a .npy file is larger; its header may take as much as the rest. */
const ELEMENT_BYTES = 8;
export const HEADER_BYTES = 1 << 16;
/** An array that is looked at is no larger than this. */
export const MOST_BYTES = 1 << 30;

/** A NumPy file as it is; throws a ConvLensError of kind `input` when it cannot be read or is larger than `most` bytes. */
export async function readArray(
  file: string,
  most = MOST_BYTES,
  bounds: Pick<Bounds, "within"> = {},
): Promise<FloatTensor> {
  return decodeNpy(await readBounded(file, { what: "The array", most, ...bounds }), file);
}

/**
 * The array with its batch axis, in the graph's order of axes (it may come in the file's, [N, C, H, W], too), and as real
 * numbers where the file's network takes whole numbers that stand for them. Throws a
 * ConvLensError of kind `input` when its other axes are not the input's.
 */
export function conform({ shape, data }: FloatTensor, spec: TensorSpec, file: string): FloatTensor {
  const whole = batched(shape, spec);
  const real = spec.quantized ? dequantized(data, spec.quantized) : data;
  if (fits(whole, spec.shape)) return floats(whole, real);
  if (spec.along) {
    const picture = asPicture(floats(whole, real), spec, spec.along);
    if (picture) return picture;
  } else if (spec.fileShape && fits(whole, spec.fileShape)) {
    if (spec.fileShape[0] === null) return channelsLast(whole, real);
    return batchFirst(whole, real, spec.fileShape.indexOf(null));
  }
  const inFile = spec.fileShape ? ` (in the file ${shapeOf(spec.fileShape)})` : "";
  throw inputError(
    `${file} has the shape ${shapeOf(shape)}, but the model's input '${spec.name}' is ${shapeOf(spec.shape)}${inFile}${freed(shape, spec)}.`,
  );
}
/** How an array of another size is taken by a network that leaves its size free. */
function freed(shape: readonly number[], spec: TensorSpec): string {
  const [size] = sizesFor(shape, spec);
  return size ? `; the file leaves its size free: give --size ${size.join("x")}` : "";
}
/** Whether an array of this shape, with or without its batch axis, is one of the input's (`conform`). */
export function takes(given: readonly number[], spec: TensorSpec): boolean {
  const { fileShape, along, shape: own } = spec;
  const row = along ? withoutStack(spec) : own;
  return [own, fileShape ?? own, row].some((wanted: Shape) => fits(batched(given, spec), wanted));
}
/**
 * The sizes to ask a file for that leaves those of its input open (`ReadOptions.inputSize`), so that an array of this shape fits: of all
 * positions, or of one axis alone. None where the array has other axes, or other channels.
 */
export function sizesFor(given: readonly number[], spec: TensorSpec): InputSize[] {
  const { along, fileShape, shape: own, freeSize } = spec;
  const shape = batched(given, spec);
  if (!freeSize || shape.length !== rankOf(spec)) return [];
  const isPlain = shape.length === 2 || along?.length === 2;
  const [first, last] = [shape.slice(2), shape.slice(1, -1)];
  const isFirst = along ? along[0] === 2 : fileShape !== undefined;
  const sizes = (isFirst ? [first, last] : [last, first]).filter(
    (size) => (size === first ? shape[1] : shape.at(-1)) === own.at(-1),
  );
  const whole = isPlain ? [shape.slice(1)] : sizes;
  return [...whole, ...(whole[0] ?? []).map((size) => [size])];
}
/** A series or a volume with its own positions and its channels last, in place of the picture that it stands as. */
const withoutStack = ({ shape, slices }: TensorSpec): Shape => {
  const [batch = null, rows, ...rest] = shape;
  return slices === undefined ? [batch, ...rest] : [batch, slices, Number(rows) / slices, ...rest];
};
const rankOf = ({ along, fileShape, shape }: TensorSpec): number =>
  (along && fileShape ? fileShape : shape).length;
/** The shape with a batch axis, where it has none. */
const batched = (shape: readonly number[], spec: TensorSpec): readonly number[] =>
  shape.length === rankOf(spec) - 1 ? [1, ...shape] : shape;

/** A series as the file has it, or with its channels last, as the one row that it is; null where it fits neither. */
function asPicture(
  { shape, data }: FloatTensor,
  spec: TensorSpec,
  along: readonly number[],
): FloatTensor | null {
  const [batch = 1] = shape;
  const own = [batch, ...spec.shape.slice(1).map((axis) => axis ?? 1)];
  if (spec.fileShape && fits(shape, spec.fileShape))
    return floats(
      own,
      along[0] === 2 && shape.length === along.length + 2 ? channelsLast(shape, data).data : data,
    );
  return fits(shape, [null, ...withoutStack(spec).slice(1)]) ? floats(own, data) : null;
}
const fits = (shape: readonly number[], wanted: Shape): boolean =>
  shape.length === wanted.length &&
  sizeOf(shape) > 0 &&
  wanted.every((axis, i) => axis === null || axis === shape[i]);

/** [.., N, ..] with its batch, axis `batch`, in front. */
function batchFirst(shape: readonly number[], data: Float32Array, batch: number): FloatTensor {
  const axes = shape.map((_, axis) => axis);
  const order = [batch, ...axes.filter((axis) => axis !== batch)];
  const strides = order.map((axis) => sizeOf(shape.slice(axis + 1)));
  const own = order.map((axis) => shape[axis] ?? 1);
  return floats(own, copyStrided(data, new Float32Array(data.length), own, strides));
}

/** [N, C, ...] as [N, ..., C] */
function channelsLast(
  [batch = 1, channels = 1, ...positions]: readonly number[],
  data: Float32Array,
): FloatTensor {
  const cells = sizeOf(positions);
  const moved = filled(new Float32Array(data.length), (i) => {
    const [picture, rest] = [Math.floor(i / (cells * channels)), i % (cells * channels)];
    const from = (picture * channels + (rest % channels)) * cells + Math.floor(rest / channels);
    return Number(data[from]);
  });
  return floats([batch, ...positions, channels], moved);
}

/** Whole numbers of which some are beyond the real numbers of the input are meant as the file takes them; all else is real. */
function dequantized(data: Float32Array, of: InputQuantization): Float32Array {
  const { least, most, scale, zero } = of;
  const within = (from: number, to: number): boolean => data.every((n) => n >= from && n <= to);
  const isWhole = data.every(Number.isInteger) && within(least, most);
  if (!isWhole || within((least - zero) * scale, (most - zero) * scale)) return data;
  return data.map((n) => (n - zero) * scale);
}

/** A shape as NumPy writes it, with N for the free batch axis: `(N, 224, 224, 3)`. */
export const shapeOf = (shape: readonly (number | null)[]): string =>
  `(${shape.map((axis) => axis ?? "N").join(", ")})`;

/**
 * What the sidecar says that an input is (`Stated`), with a batch axis of 1. Null where it says nothing. Throws a ConvLensError of kind `input` for what does not fit.
 */
export async function statedInput(
  modelPath: string,
  stated: unknown,
  spec: TensorSpec,
  preprocessing: Preprocessing,
): Promise<FloatTensor | null> {
  if (stated === undefined) return null;
  const shape = [1, ...spec.shape.slice(1).map((axis) => axis ?? 1)];
  const count = sizeOf(shape);
  const wrong = (): Error =>
    inputError(
      `The sidecar's inputs.${spec.name} must be a .npy file${shape.length === 4 ? " or a picture" : ""}, {"mean": "FILE.npy"}, a number or ${count} numbers for ${shapeOf(spec.shape)}.`,
    );
  if (!isStated(stated)) throw wrong();
  if (typeof stated === "number") return floats(shape, new Float32Array(count).fill(stated));
  const folder = path.dirname(path.resolve(modelPath));
  if (typeof stated === "object" && "mean" in stated) {
    const file = path.resolve(folder, stated.mean);
    return conform(
      meanRow(await readArray(file, MOST_BYTES, { within: folder }), file),
      spec,
      file,
    );
  }
  if (typeof stated === "string") {
    const file = path.resolve(folder, stated);
    const [height, width, channels] = shape.slice(1);
    if (!/\.npy$/i.test(file) && shape.length === 4 && height && width && channels) {
      const picture = await readPicture(file, { within: folder });
      return toInput(picture, preprocessing, [height, width, channels]);
    }
    const most = HEADER_BYTES + ELEMENT_BYTES * count;
    return conform(await readArray(file, most, { within: folder }), spec, file);
  }
  if (stated.length !== count) throw wrong();
  return floats(shape, Float32Array.from(stated));
}

/** [N, ...] to [1, ...]: the mean over its rows, summed in doubles. Throws a ConvLensError of kind `input` where there is none. */
function meanRow({ shape: [rows = 0, ...each], data }: FloatTensor, file: string): FloatTensor {
  const size = sizeOf(each);
  if (each.length === 0 || rows === 0)
    throw inputError(`${file} has no rows to take the mean of: its shape must be (rows, ...).`);
  const sums = new Float64Array(size);
  data.forEach((value, i) => (sums[i % size] = (sums[i % size] ?? Number.NaN) + value));
  return floats(
    [1, ...each],
    Float32Array.from(sums, (sum) => sum / rows),
  );
}
