/** What the exporter recorded of the tensors of its example. */
import { freeAgain, show, sizeFor, type Value } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Program, TensorMeta } from "./schema.ts";

/** The sizes of a tensor, with the batch of the example free; null: it is read as it is. */
export const recordedSizes = ({ sizes }: TensorMeta, batch: number | null): number[] =>
  sizes.map(({ hint }, axis) =>
    axis === 0 && batch !== null ? (freeAgain(hint, batch) ?? hint) : hint,
  );

/**
 * Throws `Unsupported` where a value has not the shape that the exporter recorded: an operation that took the batch for something
 * else, or something else for the batch. Together with `mixesRows` this shows that each picture gets what it would get alone.
 */
export function checkRecorded(
  { metas, solved = [] }: Pick<Program, "metas" | "solved">,
  name: string,
  { shape }: Value,
  batch: number | null,
): void {
  const told = metas.get(name)?.sizes;
  if (!told) return;
  const own = shape.map((size) => (batch === null ? size : sizeFor(size, batch)));
  const fits = (hint: number, size: number | undefined): boolean =>
    size === hint || solved.some(({ from, to }) => from === hint && to === size);
  const same =
    told.length === own.length &&
    told.every(({ hint, symbol }, axis) => symbol !== null || fits(hint, own[axis]));
  if (!same)
    throw new Unsupported(
      `it gives ${show(shape)} where the file has [${told.map(({ hint }) => hint).join(", ")}]`,
    );
}
