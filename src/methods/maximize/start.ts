import type { MaximizeRequest } from "./types.ts";

/**
 * The numbers that the pictures of a batch start from, [rows, size]: the same in every row, so that a batch changes nothing, but
 * for the copies of one objective, which start apart.
 */
export function startRows(
  { objectives, copies = 1 }: Pick<MaximizeRequest, "objectives" | "copies">,
  size: number,
  draw: (index: number) => number,
): Float32Array {
  const starts = Array.from({ length: copies }, () =>
    Float32Array.from({ length: size }, (_, i) => draw(i)),
  );
  const all = new Float32Array(objectives.length * size);
  objectives.forEach((_, row) => {
    all.set(starts[row % copies] ?? [], row * size);
  });
  return all;
}
