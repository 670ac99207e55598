/** Layers that belong together, while they are being found. */

/** A layer, by its place in the list, or a group. */
export type Item = number | Group;

/** Not numbered yet; otherwise a `GraphBlock`. */
export interface Group {
  readonly kind: "network" | "module" | "repeat" | "unit" | "stage" | "run";
  readonly label: string;
  readonly items: readonly Item[];
}

/** The layers in an item, in its order. */
export function layersIn(item: Item): readonly number[] {
  return typeof item === "number" ? [item] : item.items.flatMap(layersIn);
}

/** How many layers an item has. */
export const countIn = (item: Item): number =>
  typeof item === "number" ? 1 : item.items.reduce<number>((sum, one) => sum + countIn(one), 0);
