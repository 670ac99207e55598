/** What a comparison says, in sentences. */
import type { LayerPair, ModelDiff } from "../../../src/shared/contract/compare.ts";
import { num } from "../../common/format.ts";

const layers = (count: number): string => (count === 1 ? "1 layer" : `${String(count)} layers`);

export function summaryOf({ rows, compared, comparable }: ModelDiff): string {
  const pairs = rows.filter((row): row is LayerPair => "by" in row);
  const only = (side: "a" | "b"): number =>
    rows.filter((row) => !("by" in row) && row.side === side).length;
  const changed = pairs.filter(({ changes }) => changes.length > 0).length;
  const parts = [
    `${layers(pairs.length)} in both`,
    ...(only("a") > 0 ? [`${String(only("a"))} only in A`] : []),
    ...(only("b") > 0 ? [`${String(only("b"))} only in B`] : []),
    ...(changed > 0 ? [`${String(changed)} built otherwise`] : []),
  ];
  const [most] = [...pairs].sort((x, y) => (y.weights?.relative ?? 0) - (x.weights?.relative ?? 0));
  const moved = most?.weights?.relative ?? 0;
  if (compared < comparable)
    parts.push(`weights of ${String(compared)} of ${String(comparable)} read`);
  else if (comparable > 0)
    parts.push(
      moved === 0 ? "all weights equal" : `most moved: ${most?.a ?? ""} (${num(moved, 3)})`,
    );
  return parts.join(" · ");
}
