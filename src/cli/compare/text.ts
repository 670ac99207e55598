/** A comparison for people. */
import type { ClassPair } from "../../methods/compare/index.ts";
import type { DiffRow } from "../../shared/contract/compare.ts";
import { percent, short, table } from "../output/table.ts";

/** Layers of both as a table: what differs, and the relative L2 distance of their weights. */
export function diffText(rows: readonly DiffRow[]): string {
  const lines = rows.map((row) => {
    if (!("by" in row))
      return row.side === "a" ? [row.name, "", "only in A", ""] : ["", row.name, "only in B", ""];
    const changes = row.changes.map(({ what, from, to }) => `${what} ${from} -> ${to}`).join("; ");
    const doubtful = row.by === "order" && row.a !== row.b ? "by order" : "";
    const said = [doubtful, changes].filter((part) => part !== "").join("; ");
    return [row.a, row.b, said, row.weights ? short(row.weights.relative) : ""];
  });
  const pairs = rows.filter((row) => "by" in row);
  const only = (side: string): number =>
    rows.filter((row) => !("by" in row) && row.side === side).length;
  return `${pairs.length} layers in both, ${only("a")} only in A, ${only("b")} only in B; weights: |b - a| / |a|\n\n${table(["A", "B", "what differs", "weights"], lines)}`;
}

/** Class pairs, or of one number its values, as a table; `distance`: total variation, 0..1, null where it is unknown. */
export function classRows(
  classes: readonly ClassPair[],
  distance: number | null,
  isValue: boolean,
): string {
  const rows = classes.map(([a, b]) => {
    const score = a ?? b;
    const likely = score?.probability !== null;
    const text = (side: typeof a): string =>
      side === null ? "-" : likely ? percent(side.probability ?? 0) : short(side.logit);
    const index = String(score?.index ?? "");
    return [...(isValue ? [] : [index]), score?.label ?? "", text(a), text(b)];
  });
  const lines = table([...(isValue ? ["value"] : ["class", "label"]), "A", "B"], rows);
  return distance === null
    ? lines
    : `${lines}\n\n${percent(distance)} of the probability lies elsewhere`;
}
