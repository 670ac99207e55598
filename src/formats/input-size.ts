import type { ModelGraph, Pair } from "../graph/index.ts";
import type { Shape } from "../base/tensor.ts";

const DEFAULT_SIZE = 224;

/** Marks the input of a file that leaves rows or columns of its pictures open: others can be asked for. */
export const freeSize = (shape: Shape): { readonly freeSize: true } | null =>
  shape.length === 4 && shape.slice(1).includes(null) ? { freeSize: true } : null;

/** A free batch, and sizes for everything else: `size`, or 224 x 224; 3 channels. What was assumed is noted. */
export function concreteShape(
  shape: Shape,
  size: Pair | undefined,
  name: string,
  notes: Set<string>,
): Shape {
  const [, ...rest] = shape;
  if (!rest.includes(null)) return [null, ...rest];
  const channels = rest.at(-1) === null && typeof rest[0] === "number" ? 0 : rest.length - 1;
  const spatial = rest.flatMap((_, axis) => (axis === channels ? [] : [axis]));
  const filled = rest.map((axis, i) => {
    if (axis !== null) return axis;
    if (i === channels) return 3;
    return size?.[spatial.indexOf(i) === 0 ? 0 : 1] ?? DEFAULT_SIZE;
  });
  const chosen = size ? "as given" : "the usual size";
  notes.add(
    `The file leaves the size of its input '${name}' free; ${filled.join(" x ")} is used (${chosen}).`,
  );
  return [null, ...filled];
}

/** How pictures become an input of whole numbers: as they are. */
export const WHOLE_PIXELS: NonNullable<ModelGraph["scaling"]> = {
  order: "rgb",
  scale: 1,
  mean: [0],
  std: [1],
  why: "The model's input takes whole numbers.",
};
