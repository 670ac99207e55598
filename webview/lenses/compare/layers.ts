import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { DiffRow, LayerPair, ModelDiff } from "../../../src/shared/contract/compare.ts";
import { painted, send, type App } from "../../common/state/app.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { compact, num } from "../../common/text/format.ts";
import { icon } from "../../common/styles/icons.ts";
import { t } from "../../common/text/l10n.ts";
import { base } from "../../common/styles/theme.ts";
import { Resource } from "../../common/state/resource.ts";
import { fileName } from "../../common/text/file-name.ts";
import type { Against } from "./compare.ts";
import { sideStyles, viewStyles } from "./compare.styles.ts";
import { summaryOf } from "./words.ts";
import "../../components/status/status.ts";

/** The graphs of both models, layer by layer: what only one has, what differs, how far the weights lie apart. */
@customElement("convlens-compare-layers")
export class ConvlensCompareLayers extends LitElement {
  static override styles = [
    base,
    controls,
    sideStyles,
    viewStyles,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 12px;
      }
      th {
        position: sticky;
        top: 0;
        z-index: 1;
        padding: 5px 10px;
        font-weight: 600;
        text-align: left;
        color: var(--cl-muted);
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
      .bar {
        display: inline-block;
        width: 76px;
        height: 7px;
        margin-right: 8px;
        background: color-mix(in srgb, var(--cl-fg) 10%, transparent);
        border-radius: 3px;
        overflow: hidden;
        outline: 1px solid var(--cl-outline);
      }
      .bar i {
        display: block;
        height: 100%;
        background: #db7a2b;
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

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) against!: Against;
  @state() private onlyDifferences = false;
  private readonly diff = new Resource<ModelDiff>(
    this,
    (diff) => send(this, "convlens-provenance", diff),
    ({ partial }) => {
      if (isDiff(partial)) this.diff.show(partial);
    },
  );

  protected override willUpdate(): void {
    const { app, against } = this;
    this.diff.load({ of: against.key }, app.epoch, (_, options) => app.remote.compare({}, options));
  }
  protected override updated(): void {
    if (this.diff.value) painted(this, "compare");
  }

  protected override render(): TemplateResult {
    const { value } = this.diff;
    return html`<div class="toolbar" role="toolbar" aria-label=${t("Layers of both models")}>
        <label
          ><input
            type="checkbox"
            .checked=${this.onlyDifferences}
            @change=${(event: Event) => {
              this.onlyDifferences = (event.target as HTMLInputElement).checked;
            }}
          />${t("Only differences")}</label
        >
        <span class="muted">${value ? summaryOf(value) : ""}</span>
        <span class="end"
          ><convlens-keep
            what=${t("the comparison of the layers")}
            .of=${
              value && {
                name: fileName(value.names[0], "compared", value.names[1]),
                json: () => value,
              }
            }
          ></convlens-keep
        ></span>
      </div>
      <convlens-status .of=${this.diff} doing=${t("Comparing the weights")}></convlens-status>
      ${value ? this.renderTable(value) : nothing}`;
  }

  private renderTable(diff: ModelDiff): TemplateResult {
    const rows = diff.rows.filter((row) => !this.onlyDifferences || differs(row));
    const most = Math.max(
      ...diff.rows.map((row) => ("by" in row ? (row.weights?.relative ?? 0) : 0)),
    );
    const [own, other] = diff.preprocessing;
    return html`${
        own === other
          ? nothing
          : html`<p class="note" role="note">
              ${icon("info")}<span
                >${t("They do not see the same: A takes {0}; B takes {1}.", own, other)}</span
              >
            </p>`
      }
      <div class="body" tabindex="0" role="group" aria-label=${t("Layers of both models")}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span class="side">A</span> ${t("{0} parameters", compact(diff.params[0]))}
              </th>
              <th scope="col">
                <span class="side b">B</span> ${t("{0} parameters", compact(diff.params[1]))}
              </th>
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
        }
      </div>`;
  }

  private renderPair(row: LayerPair, most: number): TemplateResult {
    const { weights } = row;
    const width = weights && most > 0 ? (100 * weights.relative) / most : 0;
    const look = (text: string, view: "filters" | "maps"): TemplateResult =>
      html`<button
        class="link"
        aria-label=${t("{0} of {1}, side by side", text, row.a)}
        @click=${() => send(this, "convlens-intent", { compare: view, layer: row.a })}
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
            ? html`<span class="bar" aria-hidden="true"
                  ><i style=${`width:${width.toFixed(1)}%`}></i></span
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
      <span class="only"
        >${t("only in")}
        <span class=${side === "a" ? "side" : "side b"}>${side.toUpperCase()}</span></span
      >
      <span class="what">${className}</span>
    </td>
    <td></td>
    <td></td>
  </tr>`;
}

const differs = (row: DiffRow): boolean =>
  !("by" in row) || row.changes.length > 0 || (row.weights?.relative ?? 0) > 0;

function isDiff(partial: unknown): partial is ModelDiff {
  return typeof partial === "object" && partial !== null && "rows" in partial;
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-compare-layers": ConvlensCompareLayers;
  }
}
