import type { ModelGraph } from "../graph/index.ts";
import { inputError } from "../base/errors.ts";
import { isInputSize, type InputSize } from "../base/preprocessing.ts";
import type { Shape } from "../base/tensor.ts";

const DEFAULT_SIZE = 224;
/** Of a volume. */
const DEFAULT_SIDE = 64;

/** Marks the input of a file that leaves the length of its series or sides of its pictures open: others can be asked for. */
export const freeSize = (shape: Shape): { readonly freeSize: true } | null =>
  shape.slice(1).includes(null) ? { freeSize: true } : null;

/**
 * What is given for `count` axes of positions: one number counts for each of them. Throws a ConvLensError of kind `input` for a picture
 * that would be too large.
 */
export function alongAxes(size: InputSize | undefined, count: number): InputSize {
  if (!size) return [];
  const [first = DEFAULT_SIZE] = size;
  const ones = size.slice(0, Math.max(0, size.length - count)).every((side) => side === 1);
  const own = ones ? size.slice(-count) : size; // a series is told as one row, too
  const all = size.length === 1 ? Array.from({ length: count }, () => first) : own;
  if (count > 1 && !isInputSize(all.slice(0, 2)))
    throw inputError(`A picture of ${all.join(" x ")} pixels is too large; give a smaller --size.`);
  return all;
}

/** Which axis behind the batch is no position; none (-1) of a plain series. */
function channelAxis(rest: Shape): number {
  if (rest.length === 1) return -1;
  return rest.at(-1) === null && typeof rest[0] === "number" ? 0 : rest.length - 1;
}

const USUAL = "the usual size";
/** Whether a size was taken that nobody told: others may fit where it does not. */
export const isSizeAssumed = ({ notes }: Pick<ModelGraph, "notes">): boolean =>
  notes.some((note) => note.includes(`(${USUAL})`));

/** A free batch, and sizes for everything else: `size`, or 224, of volumes 64; 3 channels, where there are any. What was assumed is noted. */
export function concreteShape(
  shape: Shape,
  size: InputSize | undefined,
  name: string,
  notes: Set<string>,
): Shape {
  const [, ...rest] = shape;
  if (!rest.includes(null)) return [null, ...rest];
  const channels = channelAxis(rest);
  const spatial = rest.flatMap((_, axis) => (axis === channels ? [] : [axis]));
  const given = alongAxes(size, spatial.length);
  const usual = spatial.length === 3 ? DEFAULT_SIDE : DEFAULT_SIZE;
  const filled = rest.map((axis, i) => {
    if (axis !== null) return axis;
    return i === channels ? 3 : (given[spatial.indexOf(i)] ?? usual);
  });
  const chosen = size ? GIVEN : USUAL;
  notes.add(
    `The file leaves the size of its input '${name}' free; ${filled.join(" x ")} is used (${chosen}).`,
  );
  return [null, ...filled];
}
const GIVEN = "as given";
/** Of a size that was tried because the usual one did not fit. */
export const saidToFit = (note: string): string =>
  note.replace(`(${GIVEN}).`, "(the first usual size that fits; --size takes another).");

/** How pictures become an input of whole numbers: as they are. */
export const WHOLE_PIXELS: NonNullable<ModelGraph["scaling"]> = {
  order: "rgb",
  scale: 1,
  mean: [0],
  std: [1],
  why: "The model's input takes whole numbers.",
};
