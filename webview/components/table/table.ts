import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { ref } from "lit/directives/ref.js";
import { base } from "../../common/styles/index.ts";
import { moveByKey, ScrollWindow } from "../../common/drawing/index.ts";
import { t } from "../../common/text/index.ts";

/** A column of the table. `numeric` ones are set to the right. */
export interface Column {
  readonly title: string;
  /** Least width in CSS pixels, and the share of what is left over. */
  readonly least: number;
  readonly grow?: number;
  readonly numeric?: boolean;
  /** What stands in a row, by its number from 0. */
  readonly cell: (row: number) => string | TemplateResult;
}

const ROW = 26;
const GAP = 14;
const MARGIN = 12;

/** Every row is a grid of its own: equal tracks keep the columns in line. */
function tracks(columns: readonly Column[]): string {
  const widths = columns.map(({ least, grow }) =>
    grow === undefined ? `${least}px` : `minmax(${least}px, ${grow}fr)`,
  );
  const sum = columns.reduce((total, { least }) => total + least + GAP, 2 * MARGIN - GAP);
  return `--columns:${widths.join(" ")};--least:${sum}px`;
}

/**
 * A table of any number of rows; only the visible ones exist. Arrow keys move the selected row.
 * @fires row-select detail: row
 */
@customElement("convlens-table")
export class ConvlensTable extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
        min-height: 0;
      }
      .scroller {
        position: absolute;
        inset: 0;
        overflow: auto;
      }
      .row {
        display: grid;
        grid-template-columns: var(--columns);
        align-items: center;
        width: 100%;
        min-width: var(--least);
        height: 26px;
        padding: 0 12px;
        column-gap: 14px;
        font-size: 12px;
      }
      .head {
        position: sticky;
        top: 0;
        z-index: 1;
        background: var(--cl-bg);
        border-bottom: 1px solid var(--cl-line);
        color: var(--cl-muted);
        font-weight: 600;
      }
      .body {
        position: relative;
      }
      .body .row {
        position: absolute;
        left: 0;
        cursor: pointer;
      }
      .body .row:hover {
        background: var(--cl-hover);
      }
      .body .row[aria-selected="true"] {
        color: var(--cl-active-fg);
        background: var(--cl-active);
        outline: 1px solid var(--cl-active-line);
        outline-offset: -1px;
      }
      [aria-selected="true"] .muted {
        color: inherit;
      }
      .row > * {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .numeric {
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      .count {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .track {
        flex: none;
        width: 56px;
        height: 6px;
        border-radius: 2px;
        overflow: hidden;
        background: color-mix(in srgb, var(--cl-fg) 16%, transparent);
      }
      .with-icon {
        display: inline-flex;
        align-items: center;
        gap: 7px;
        vertical-align: middle;
      }
    `,
  ];

  @property({ attribute: false }) columns: readonly Column[] = [];
  @property({ type: Number }) rows = 0;
  @property({ type: Number }) selected = -1;
  @property() label = t("Table");

  private readonly rowWindow = new ScrollWindow(this, ROW, ROW + 1);

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("selected") || changed.has("rows")) this.rowWindow.reveal(this.selected);
  }

  private choose(row: number): void {
    this.dispatchEvent(new CustomEvent("row-select", { detail: row }));
  }

  private key(event: KeyboardEvent): void {
    if (!/^(Arrow(Up|Down)|Page|Home$|End$)/.test(event.key) || this.rows === 0) return;
    event.preventDefault();
    const from = this.selected;
    this.choose(
      from < 0 && event.key !== "End"
        ? 0
        : moveByKey(event.key, from, this.rows, 1, this.rowWindow.pageRows),
    );
  }

  protected override render(): TemplateResult {
    const [first, end] = this.rowWindow.range(this.rows);
    const shown = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
    const active =
      this.selected >= first && this.selected < end ? `row-${String(this.selected)}` : "";
    return html`<div
      class="scroller"
      role="grid"
      tabindex="0"
      aria-label=${this.label}
      aria-rowcount=${this.rows + 1}
      aria-activedescendant=${active}
      style=${tracks(this.columns)}
      ${ref(this.rowWindow.attach)}
      @keydown=${(event: KeyboardEvent) => this.key(event)}
    >
      <div class="row head" role="row" aria-rowindex="1">
        ${this.columns.map(
          (column) =>
            html`<span role="columnheader" class=${column.numeric ? "numeric" : ""}
              >${column.title}</span
            >`,
        )}
      </div>
      <div class="body" role="rowgroup" style=${`height:${String(this.rows * ROW)}px`}>
        ${shown.map((row) => this.renderRow(row))}
      </div>
    </div>`;
  }

  private renderRow(row: number): TemplateResult {
    return html`<div
      class="row"
      role="row"
      id=${`row-${String(row)}`}
      aria-rowindex=${row + 2}
      aria-selected=${row === this.selected ? "true" : "false"}
      style=${`top:${String(row * ROW)}px`}
      @click=${() => this.choose(row)}
    >
      ${this.columns.map(
        (column) =>
          html`<span role="gridcell" class=${column.numeric ? "numeric" : ""}
            >${column.cell(row)}</span
          >`,
      )}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-table": ConvlensTable;
  }
  interface HTMLElementEventMap {
    "row-select": CustomEvent<number>;
  }
}
