import type { Cell } from "../../src/shared/contract/intent.ts";
import type { MapValues } from "../../src/shared/contract/lenses.ts";

/** The cell of a [height, width, …] map that a place in it, 0..1, belongs to. */
export const cellAt = (
  { u, v }: { readonly u: number; readonly v: number },
  [height, width]: readonly [height: number, width: number, ...rest: number[]],
): Cell => ({ y: Math.floor(v * height), x: Math.floor(u * width) });

/** The row and column of the largest value. */
export function strongestCell({ values, shape: [, width] }: MapValues): Cell {
  let best = 0;
  for (let i = 1; i < values.length; i++)
    if ((values[i] ?? -Infinity) > (values[best] ?? -Infinity)) best = i;
  return { y: Math.floor(best / width), x: best % width };
}
