/** What a comparison says, in sentences. */
import { num, plural, t } from "../../common/text/index.ts";
import type { DiffRow, LayerPair, ModelDiff } from "../../../src/shared/contract/compare.ts";

/** How far a layer's weights lie apart, relative to A's; 0 where there is nothing to compare. */
export const movedBy = (row: DiffRow): number => ("by" in row && row.weights?.relative) || 0;

/** The line above the table: layers in both and in one, then what moved most or is still unread. */
export function summaryOf({ rows, compared, comparable }: ModelDiff): string {
  const pairs = rows.filter((row): row is LayerPair => "by" in row);
  const only = (side: "a" | "b"): number =>
    rows.filter((row) => !("by" in row) && row.side === side).length;
  const changed = pairs.filter(({ changes }) => changes.length > 0).length;
  const parts = [
    plural(pairs.length, "{0} layer in both", "{0} layers in both"),
    ...(only("a") > 0 ? [t("{0} only in A", only("a"))] : []),
    ...(only("b") > 0 ? [t("{0} only in B", only("b"))] : []),
    ...(changed > 0 ? [t("{0} built otherwise", changed)] : []),
  ];
  const [most] = [...pairs].sort((x, y) => movedBy(y) - movedBy(x));
  if (compared < comparable) parts.push(t("weights of {0} of {1} read", compared, comparable));
  else if (most && movedBy(most) > 0)
    parts.push(t("most moved: {0} ({1})", most.a, num(movedBy(most), 3)));
  else if (comparable > 0) parts.push(t("all weights equal"));
  return parts.join(" · ");
}
