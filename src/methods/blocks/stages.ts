/** What is still too long to be looked at: cut where the size of the maps changes, then into equal pieces. */
import { at } from "../../base/at.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import { layersIn, type Group, type Item } from "./types.ts";

/** Items of one block, at most. */
export const MOST_ITEMS = 40;
/** Fewer in a row are no stage of their own. */
const FEWEST = 4;

/** `items`, and what is in them, cut into blocks of layers that follow each other, so that none has more than `MOST_ITEMS`. */
export function withStages(
  items: readonly Item[],
  layers: readonly Pick<LayerSummary, "mapShape">[],
): readonly Item[] {
  const inside = items.map((item) =>
    typeof item === "number" ? item : { ...item, items: withStages(item.items, layers) },
  );
  if (inside.length <= MOST_ITEMS) return inside;
  const stages = bySize(inside, layers);
  const cut = stages.length > 1 ? stages : pieces(inside);
  return withStages(
    cut.map((one) => (typeof one === "object" && one.items.length === 1 ? at(one.items, 0) : one)),
    layers,
  );
}

function bySize(items: readonly Item[], layers: readonly Pick<LayerSummary, "mapShape">[]): Item[] {
  const runs: { label: string; items: Item[] }[] = [];
  for (const item of items) {
    const last = runs.at(-1);
    const label = sizeAfter(item, layers) ?? last?.label ?? "";
    if (last?.label === label) last.items.push(item);
    else runs.push({ label, items: [item] });
  }
  const merged: typeof runs = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (last && (run.items.length < FEWEST || last.label === run.label))
      last.items.push(...run.items);
    else merged.push(run);
  }
  return merged.map(({ label, items }): Group => ({ kind: "stage", label, items }));
}

/** Rows and columns of what an item gives; null where it has no maps. */
function sizeAfter(item: Item, layers: readonly Pick<LayerSummary, "mapShape">[]): string | null {
  const shape = at(layers, at(layersIn(item), -1)).mapShape;
  return shape?.length === 4 ? shape.slice(1, 3).join(" × ") : null;
}

function pieces(items: readonly Item[]): Item[] {
  const count = Math.ceil(items.length / MOST_ITEMS);
  const size = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, i): Group => ({
    ...{ kind: "run", label: "", items: items.slice(i * size, (i + 1) * size) },
  })).filter(({ items: own }) => own.length > 0);
}
