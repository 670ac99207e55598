import { usageError } from "../../base/errors.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import type { ModelGraph } from "../../graph/index.ts";
import { pictureAmong } from "./feed.ts";

/** Slices that stand one below another, along `axis`, as a volume: [D H, W, ...] -> [D, H, W, ...]. What is no volume stays as it is. */
export function unstacked(
  { shape, data }: FloatTensor,
  slices: number | undefined,
  axis = 0,
): FloatTensor {
  if (slices === undefined) return floats(shape, data);
  const rows = (shape[axis] ?? slices) / slices;
  return floats([...shape.slice(0, axis), slices, rows, ...shape.slice(axis + 1)], data);
}

/** How many slices the input of this name (null: the picture) has; undefined where it is no volume. */
export const slicesIn = (graph: ModelGraph, input: string | null = null): number | undefined =>
  pictureAmong(graph, input).spec.slices;

/** Throws a usage error for what is made of pictures alone, where the model takes a volume. */
export function refuseVolume(graph: ModelGraph, what: string, instead: string): void {
  const volume = graph.inputs.find(({ slices }) => slices !== undefined);
  if (volume)
    throw usageError(`${what}, and the model's input '${volume.name}' is a volume: ${instead}.`);
}
