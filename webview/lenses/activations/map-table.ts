import { html, type TemplateResult } from "lit";
import { at } from "../../../src/base/at.ts";
import type { ActivationGrid } from "../../../src/shared/contract/lenses.ts";
import { byLargest, num, percent, t } from "../../common/text/index.ts";
import type { Column } from "../../components/table/table.ts";
import { markOf } from "./maps.ts";
import "../../components/table/table.ts";

/** A layer's feature maps as numbers; `maps` are those that are shown, in order. */
export function mapTable(
  grid: ActivationGrid | null,
  maps: readonly number[],
  selected: number,
  select: (map: number) => void,
): TemplateResult {
  const column = (title: string, text: (map: number) => string): Column => ({
    title,
    least: 76,
    grow: 1,
    numeric: true,
    cell: (row) => text(at(maps, row)),
  });
  return html`<convlens-table
    label=${t("Feature maps as numbers")}
    .rows=${maps.length}
    .selected=${maps.indexOf(selected)}
    .columns=${[
      column(t("Map"), String),
      column(t("Mean"), (map) => (grid ? num(at(grid.means, map)) : "")),
      column(t("Zeros"), (map) => (grid ? percent(at(grid.zeroFraction, map)) : "")),
      column(t("Rank by mean"), (map) =>
        grid ? String(byLargest(grid.means).indexOf(map) + 1) : "",
      ),
      column("", (map) => (grid && markOf(grid, map)) ?? ""),
    ]}
    @row-select=${(event: CustomEvent<number>) => select(at(maps, event.detail))}
  ></convlens-table>`;
}
