import type { MaximizeTarget } from "../../../src/shared/contract/experiments.ts";
import type { LayerSummary, ModelSummary } from "../../../src/shared/contract/model.ts";
import { suits } from "../../common/state/lenses.ts";
import { t } from "../../common/text/index.ts";

const LAYERS = 6;
const PER_LAYER = 4;

/** `0-3, 9` -> [0, 1, 2, 3, 9]; what is wrong with it, in one sentence, otherwise. */
export function parseFilters(text: string, count: number): readonly number[] | string {
  const found = new Set<number>();
  for (const part of text.split(/[,;\s]+/).filter(Boolean)) {
    const [, from, to] = /^(\d+)(?:[-–](\d+))?$/.exec(part) ?? [];
    if (from === undefined) return t("'{0}' is not a filter: write numbers such as 0-7, 12.", part);
    const [low, high] = [Number(from), Number(to ?? from)];
    if (Math.max(low, high) >= count)
      return t(
        "This layer has the filters 0 to {0}, not {1}.",
        count - 1,
        String(Math.max(low, high)),
      );
    for (let k = low; k <= high; k++) found.add(k);
  }
  return found.size > 0 ? [...found] : t("Say which filters, such as 0-7, 12.");
}

/** How many maps a layer gives; 0 where that is not known. */
export const filtersOf = (layer: LayerSummary | null): number => layer?.mapShape?.at(-1) ?? 0;

/** `count` numbers of 0..total-1 at equal distances, both ends among them. */
export function spread(total: number, count: number): number[] {
  if (total <= count) return Array.from({ length: total }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.round((i * (total - 1)) / (count - 1)));
}

/** A few filters of a few layers from early to deep: convolutions where the model has them. */
export function hierarchyTargets(summary: ModelSummary): readonly MaximizeTarget[] {
  const fitting = summary.layers.filter((layer) => suits("maximize", layer));
  const kernels = fitting.filter((layer) => layer.op === "conv");
  const from = kernels.length > 0 ? kernels : fitting;
  return spread(from.length, LAYERS).flatMap((at) => {
    const layer = from[at];
    if (!layer) return [];
    return spread(filtersOf(layer), PER_LAYER).map((filter) => ({ layer: layer.name, filter }));
  });
}
