/** Tokens that an output ends at, on the picture. */
import { at } from "../../base/at.ts";
import { sizeOf } from "../../base/tensor.ts";
import type { TokenGrid } from "../../shared/contract/outputs.ts";
import type { Facts } from "./types.ts";

/** Where the cells of an axis lie on the picture; null where they lie on none, or in another order than row by row. */
export function tokenGrid({ graph, spec }: Facts, axis: number): TokenGrid | null {
  const layer = graph.layers.find(({ output }) => output === spec.node);
  const [homes, ...more] = (layer?.maps ?? []).map((one) => one.homes);
  if (!homes || more.length > 0) return null;
  const { grid, shape, cells } = homes;
  if (at(shape, axis) !== cells.length) return null;
  const first = cells.indexOf(0);
  const places = cells.subarray(first);
  const inOrder = first >= 0 && places.length === sizeOf(grid);
  return inOrder && places.every((cell, i) => cell === i) ? { grid, first } : null;
}
