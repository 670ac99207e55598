import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { t } from "./l10n.ts";

/** Layers whose name, class or operation has every word of the query. */
export function filterLayers(
  layers: readonly LayerSummary[],
  query: string,
): readonly LayerSummary[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return layers;
  return layers.filter((layer) => {
    const text = `${layer.name} ${layer.className} ${layer.op}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A class that was found, by its index from 0; without a label where the model has none. */
export interface ClassHit {
  readonly index: number;
  readonly label: string | null;
}

/**
 * Classes by index or by label: an exact index first, then labels that start with the query, then a word that starts
 * with it, then any part. `count` is the number of classes, `labels` has that length or is null.
 */
export function searchClasses(
  query: string,
  count: number,
  labels: readonly string[] | null,
  limit = 8,
): ClassHit[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  const hits: { hit: ClassHit; rank: number }[] = [];
  for (let index = 0; index < count; index++) {
    const label = labels?.[index] ?? null;
    const rank = rankOf(wanted, index, label?.toLowerCase() ?? "");
    if (rank !== null) hits.push({ hit: { index, label }, rank });
  }
  return hits
    .sort((a, b) => a.rank - b.rank || a.hit.index - b.hit.index)
    .slice(0, limit)
    .map(({ hit }) => hit);
}

function rankOf(wanted: string, index: number, label: string): number | null {
  if (String(index) === wanted) return 0;
  const at = label.indexOf(wanted);
  if (at === 0) return 1;
  if (at > 0) return /[\s_,-]/.test(label[at - 1] ?? "") ? 2 : 3;
  return String(index).startsWith(wanted) ? 4 : null;
}

/** A class' label, or `class 285` where it has none. */
export const className = (hit: ClassHit): string => hit.label ?? t("class {0}", hit.index);
