import { decodeNpyShape } from "../../pictures/index.ts";
import { withBounded } from "../../files/read-bounded.ts";
import type { InputSize } from "../../base/preprocessing.ts";
import { HEADER_BYTES, MOST_BYTES, sizesFor, takes } from "../run/arrays.ts";
import type { OpenModel } from "./model.ts";

/** The shape that a .npy file states; null where there is none to read, of which whoever reads its numbers says more. */
const shapeOf = (file: string): Promise<readonly number[] | null> =>
  withBounded(file, { what: "The array", most: MOST_BYTES }, ({ size, read }) =>
    Promise.resolve(decodeNpyShape(read(0, Math.min(size, HEADER_BYTES)), file)),
  ).catch(() => null);

/** The sizes to open a model at so that it takes an array, the likeliest first; none where it takes it as it is, or cannot. */
export async function sizesToTake({ graph }: OpenModel, file: string): Promise<InputSize[]> {
  const { inputs } = graph;
  if (!inputs.some(({ freeSize }) => freeSize)) return [];
  const shape = await shapeOf(file);
  if (!shape || inputs.some((spec) => takes(shape, spec))) return [];
  return inputs.flatMap((spec) => sizesFor(shape, spec));
}

/**
 * The model, at the size of the arrays that it is given where its file leaves the size open. `open` is told a size, and opens it without one
 * first; those that are not taken are closed.
 */
export async function openFor(
  arrays: readonly string[],
  open: (size?: InputSize) => Promise<OpenModel>,
): Promise<OpenModel> {
  const first = await open();
  for (const file of arrays)
    for (const size of await sizesToTake(first, file)) {
      const other = await open(size).catch(() => null);
      if (other && (await sizesToTake(other, file)).length === 0) {
        first.close();
        return other;
      }
      other?.close();
    }
  return first;
}
