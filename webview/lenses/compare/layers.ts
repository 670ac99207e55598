import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { DiffRow, LayerPair, ModelDiff } from "../../../src/shared/contract/compare.ts";
import { checkbox } from "../../common/controls/index.ts";
import { Own } from "../../common/state/index.ts";
import { icon } from "../../common/styles/index.ts";
import { compact, fileName, num, t } from "../../common/text/index.ts";
import { keep } from "../../components/export/keepable.ts";
import { sideMark } from "../../components/sides/sides.ts";
import { status } from "../../components/status/status.ts";
import { scroller, toolbar } from "../frame.ts";
import { ComparedView } from "./view.ts";
import { movedBy, summaryOf } from "./words.ts";

/** The graphs of both models, layer by layer: what only one has, what differs, how far the weights lie apart. */
@customElement("convlens-compare-layers")
export class ConvlensCompareLayers extends ComparedView {
  static override styles = [
    ComparedView.styles,
    css`
      table {
        width: 100%;
      }
      th {
        position: sticky;
        top: 0;
        z-index: 1;
        padding: 5px 10px;
        background: var(--cl-bg);
        border-bottom: 1px solid var(--cl-line);
        white-space: nowrap;
      }
      td {
        padding: 3px 10px;
        vertical-align: top;
        border-bottom: 1px solid color-mix(in srgb, var(--cl-line) 45%, transparent);
      }
      td.name {
        max-width: 220px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--cl-strong);
      }
      tr.added td.name,
      tr.removed td.name {
        font-style: italic;
      }
      tr:hover td {
        background: var(--cl-hover);
      }
      .what {
        color: var(--cl-muted);
      }
      .only {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      .track {
        display: inline-block;
        width: 76px;
        margin: 0 8px 0 0;
      }
      .weights {
        white-space: nowrap;
      }
      .go {
        white-space: nowrap;
      }
      .go button {
        margin-right: 8px;
      }
    `,
  ];

  private readonly onlyDifferences = new Own(this, false);
  private readonly diff = this.fetched<ModelDiff>("rows");

  protected override willUpdate(): void {
    this.load(this.diff, {}, this.app.remote.compare);
  }
  protected override updated(): void {
    if (this.diff.value) this.drawn();
  }

  protected override render(): TemplateResult {
    const { value } = this.diff;
    return html`${toolbar(
      t("Layers of both models"),
      html`${checkbox(t("Only differences"), this.onlyDifferences)}
        <span class="muted">${value ? summaryOf(value) : ""}</span>`,
      keep(
        t("the comparison of the layers"),
        value && {
          name: fileName(value.names[0], "compared", value.names[1]),
          json: () => value,
        },
      ),
    )}
    ${status(this.diff, t("Comparing the weights"))} ${value ? this.renderTable(value) : nothing}`;
  }

  private renderTable(diff: ModelDiff): TemplateResult {
    const rows = diff.rows.filter((row) => !this.onlyDifferences.value || differs(row));
    const most = Math.max(...diff.rows.map(movedBy));
    const [own, other] = diff.preprocessing;
    const parameters = (side: 0 | 1): TemplateResult =>
      html`<th scope="col">
        ${sideMark(side)} ${t("{0} parameters", compact(diff.params[side]))}
      </th>`;
    return html`${
      own === other
        ? nothing
        : html`<p class="note" role="note">
            ${icon("info")}<span
              >${t("They do not see the same: A takes {0}; B takes {1}.", own, other)}</span
            >
          </p>`
    }
    ${scroller(
      t("Layers of both models"),
      false,
      html`<table>
          <thead>
            <tr>
              ${parameters(0)} ${parameters(1)}
              <th scope="col">${t("What differs")}</th>
              <th scope="col" title=${t("|b − a| / |a| (L2), over all parameters of the layer")}>
                ${t("Weights moved")}
              </th>
              <th scope="col">${t("Look at")}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => ("by" in row ? this.renderPair(row, most) : renderLonely(row)))}
          </tbody>
        </table>
        ${
          rows.length === 0
            ? html`<p class="note">${icon("info")}<span>${t("No layer differs.")}</span></p>`
            : nothing
        }`,
    )}`;
  }

  private renderPair(row: LayerPair, most: number): TemplateResult {
    const { weights } = row;
    const width = weights && most > 0 ? (100 * weights.relative) / most : 0;
    const look = (text: string, view: "filters" | "maps"): TemplateResult =>
      html`<button
        class="link"
        aria-label=${t("{0} of {1}, side by side", text, row.a)}
        @click=${() => this.go({ compare: view, layer: row.a })}
      >
        ${text}
      </button>`;
    return html`<tr>
      <td class="name" title=${row.a}>${row.a}</td>
      <td
        class="name"
        title=${row.by === "order" ? t("{0}, by its place and shape", row.b) : row.b}
      >
        ${row.a === row.b ? html`<span class="muted">${t("same")}</span>` : row.b}
        ${row.by === "order" && row.a !== row.b ? html`<span class="what">≈</span>` : nothing}
      </td>
      <td>
        ${row.changes.map(
          ({ what, from, to }) =>
            html`<div><span class="what">${what}</span> ${from} → ${to}</div>`,
        )}
      </td>
      <td class="weights">
        ${
          weights
            ? html`<span class="track" aria-hidden="true"
                  ><i class="b" style=${`width:${width.toFixed(1)}%`}></i></span
                ><span class="mono">${num(weights.relative, 3)}</span>`
            : nothing
        }
      </td>
      <td class="go">
        ${row.kernels ? look(t("Filters"), "filters") : nothing}
        ${row.maps ? look(t("Maps"), "maps") : nothing}
      </td>
    </tr>`;
  }
}

function renderLonely({ name, className, side }: Exclude<DiffRow, LayerPair>): TemplateResult {
  const own = html`<td class="name" title=${name}>${name}</td>`;
  const none = html`<td class="muted">–</td>`;
  return html`<tr class=${side === "a" ? "removed" : "added"}>
    ${side === "a" ? html`${own}${none}` : html`${none}${own}`}
    <td>
      <span class="only">${t("only in")} ${sideMark(side === "a" ? 0 : 1)}</span>
      <span class="what">${className}</span>
    </td>
    <td></td>
    <td></td>
  </tr>`;
}

const differs = (row: DiffRow): boolean =>
  !("by" in row) || row.changes.length > 0 || movedBy(row) > 0;

declare global {
  interface HTMLElementTagNameMap {
    "convlens-compare-layers": ConvlensCompareLayers;
  }
}
