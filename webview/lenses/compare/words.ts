/** What a comparison says, in sentences. */
import { plural, t } from "../../common/text/l10n.ts";
import type { LayerPair, ModelDiff } from "../../../src/shared/contract/compare.ts";
import { num } from "../../common/text/format.ts";

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
  const [most] = [...pairs].sort((x, y) => (y.weights?.relative ?? 0) - (x.weights?.relative ?? 0));
  const moved = most?.weights?.relative ?? 0;
  if (compared < comparable) parts.push(t("weights of {0} of {1} read", compared, comparable));
  else if (comparable > 0)
    parts.push(
      moved === 0
        ? t("all weights equal")
        : t("most moved: {0} ({1})", most?.a ?? "", num(moved, 3)),
    );
  return parts.join(" · ");
}
