import { html, type TemplateResult } from "lit";
import type { FilterGrid } from "../../../src/shared/contract/lenses.ts";
import { num, percent, t } from "../../common/text/index.ts";
import type { Column } from "../../components/table/table.ts";
import "../../components/table/table.ts";

/** A layer's filters as numbers. */
export function filterTable(
  grid: FilterGrid | null,
  selected: number,
  select: (filter: number) => void,
): TemplateResult {
  const fact = (title: string, list: Float32Array | null | undefined, pc = false): Column => ({
    title,
    least: 76,
    grow: 1,
    numeric: true,
    cell: (row) => {
      const value = list?.[row];
      return value === undefined ? "–" : pc ? percent(value) : num(value);
    },
  });
  return html`<convlens-table
    label=${t("Filters as numbers")}
    .rows=${grid?.norms.length ?? 0}
    .selected=${selected}
    .columns=${[
      { title: t("Filter"), least: 64, cell: String },
      fact(t("Norm"), grid?.norms),
      fact(t("Mean"), grid?.means),
      fact(t("Zeros"), grid?.sparsity, true),
      fact(t("Bias"), grid?.bias),
    ]}
    @row-select=${(event: CustomEvent<number>) => select(event.detail)}
  ></convlens-table>`;
}
