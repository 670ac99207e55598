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

/**
 * The model, at the size of the arrays that it is given where its file leaves the size open. `open` is told a size, and opens it without one
 * first; those that are not taken are closed.
 */
export async function openFor(
  arrays: readonly string[],
  open: (size?: InputSize) => Promise<OpenModel>,
): Promise<OpenModel> {
  const first = await open();
  for (const file of arrays) {
    if (!first.graph.inputs.some(({ freeSize }) => freeSize)) return first;
    const shape = await shapeOf(file);
    const { inputs } = first.graph;
    if (!shape || inputs.some((spec) => takes(shape, spec))) continue;
    for (const size of inputs.flatMap((spec) => sizesFor(shape, spec))) {
      const other = await open(size).catch(() => null);
      if (other?.graph.inputs.some((spec) => takes(shape, spec))) {
        first.close();
        return other;
      }
      other?.close();
    }
  }
  return first;
}
