import type { ActivationGrid } from "../../../src/shared/contract/lenses.ts";
import { byLargest, t } from "../../common/text/index.ts";

/** Which maps are shown: `marked` ones are dead or constant, `alive` ones neither. */
export type MapFilter = "all" | "alive" | "marked";
type Marks = Pick<ActivationGrid, "dead" | "constant">;

const marks = new WeakMap<Marks, ReadonlyMap<number, string>>();

/** Maps that say nothing on this picture, and the word for it, as short as a tile needs it. A dead map is also constant: it is called dead. */
export function markedMaps(grid: Marks): ReadonlyMap<number, string> {
  const known = marks.get(grid);
  if (known) return known;
  const made = new Map<number, string>();
  for (const channel of grid.constant) made.set(channel, t("constant"));
  for (const channel of grid.dead) made.set(channel, t("dead"));
  marks.set(grid, made);
  return made;
}

/** The same of one map, with what it was found on; null: it says something. */
export function markOf(grid: Marks, map: number): string | null {
  const mark = markedMaps(grid).get(map);
  return mark === undefined ? null : t("{0} on this picture", mark);
}

/** The maps to show, in their order. */
export function shownMaps(
  grid: Marks & Pick<ActivationGrid, "means">,
  only: MapFilter,
  sort: "index" | "mean",
): number[] {
  const marked = markedMaps(grid);
  const all = sort === "mean" ? byLargest(grid.means) : Array.from(grid.means, (_, i) => i);
  return only === "all" ? all : all.filter((map) => marked.has(map) === (only === "marked"));
}
