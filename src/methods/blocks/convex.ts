import { at } from "../../base/at.ts";
import type { Wiring } from "./wiring.ts";

/** Whether nothing flows out of these layers and back into them: only then can they be drawn as one node without a circle. */
export function isConvex(layers: readonly number[], { order, rank, inputs }: Wiring): boolean {
  const places = layers.map((layer) => at(rank, layer));
  let [first, last] = [Infinity, -1];
  for (const place of places) [first, last] = [Math.min(first, place), Math.max(last, place)];
  if (last - first + 1 === layers.length) return true; // nothing between them
  const own = new Set(layers);
  const outside = new Set<number>(); // fed by them, and not of them
  for (let place = first; place <= last; place++) {
    const layer = at(order, place);
    const from = at(inputs, layer);
    if (own.has(layer)) {
      if (from.some((one) => outside.has(one))) return false;
    } else if (from.some((one) => own.has(one) || outside.has(one))) outside.add(layer);
  }
  return true;
}
