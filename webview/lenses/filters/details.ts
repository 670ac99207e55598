import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import type { FilterGrid, FilterScale, FilterValues } from "../../../src/shared/contract/lenses.ts";
import { type PixelScale, rangeOf } from "../../../src/shared/tiles.ts";
import { legend } from "../../common/controls/index.ts";
import type { App } from "../../common/state/index.ts";
import {
  byLargest,
  channelOf,
  decimal,
  energies,
  num,
  percent,
  signedScale,
  t,
} from "../../common/text/index.ts";
import { base, controls, details } from "../../common/styles/index.ts";
import "./profile.ts";
import { LUTS } from "../../components/matrix/matrix.ts";

const STRIP = 24;

/**
 * One filter: its numbers, a large picture, and its strongest input channels.
 * @fires tile-select detail: another filter
 * @fires view-channels to show all its channels in the grid
 */
@customElement("convlens-filter-details")
export class ConvlensFilterDetails extends LitElement {
  static override styles = [
    base,
    controls,
    details,
    css`
      h2 {
        margin: 14px 0 6px;
      }
      .strip {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .strip button {
        display: grid;
        gap: 2px;
        min-height: 0;
        padding: 2px;
        font-size: 10px;
        background: none;
        color: var(--cl-muted);
      }
      .strip button[aria-pressed="true"] {
        outline: 2px solid var(--cl-focus);
      }
      pre {
        max-height: 180px;
        margin: 6px 0 0;
        padding: 8px;
        overflow: auto;
        border-radius: 4px;
        background: var(--vscode-textCodeBlock-background, var(--cl-hover));
        font-family: var(--cl-mono);
        font-size: 11px;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) grid!: FilterGrid;
  @property({ type: Number }) filter = 0;
  @property({ attribute: false }) values: FilterValues | null = null;
  /** The input channel of the tile that was clicked; null: it is in colour. */
  @property({ type: Number }) tileChannel: number | null = null;
  /** How the grid's tiles are scaled. */
  @property() gridScale: FilterScale = "filter";
  @state() private channel: number | null = null;

  protected override render(): TemplateResult {
    const { grid, filter } = this;
    const values = this.values?.filter === filter ? this.values : null;
    return html`<div class="title">
        ${t("Filter {0}", filter)} <span class="muted mono">${grid.layer}</span>
      </div>
      ${values ? this.renderPicture(values) : html`<p class="muted">${t("Reading …")}</p>`}
      <dl>
        <dt>${t("Norm")}</dt>
        <dd>${num(at(grid.norms, filter))}</dd>
        <dt>${t("Rank by norm")}</dt>
        <dd>${t("{0} of {1}", byLargest(grid.norms).indexOf(filter) + 1, grid.norms.length)}</dd>
        <dt>${t("Mean")}</dt>
        <dd>${num(at(grid.means, filter))}</dd>
        <dt>${t("Exact zeros")}</dt>
        <dd>${percent(at(grid.sparsity, filter))}</dd>
        <dt>${t("Bias")}</dt>
        <dd>${grid.bias ? num(at(grid.bias, filter)) : t("none")}</dd>
      </dl>
      <convlens-filter-profile
        .app=${this.app}
        .layer=${grid.layer}
        .filter=${filter}
        @tile-select=${(event: CustomEvent<number>) => this.dispatchEvent(new CustomEvent("tile-select", { detail: event.detail }))}
      ></convlens-filter-profile>
      ${values ? this.renderChannels(values) : nothing}`;
  }

  private renderPicture(values: FilterValues): TemplateResult {
    const [, width, channels] = values.shape;
    const colour = channels === 3 && this.chosen === null;
    const channel = this.channelOr(values);
    const shown = colour ? values.kernel : channelOf(values.kernel, channels, channel);
    const scale = this.scaleOf(shown);
    const [low, high] =
      scale.kind === "signed" ? [-scale.magnitude, scale.magnitude] : [scale.min, scale.max];
    return html`<convlens-matrix
        .values=${shown}
        .columns=${width}
        .channels=${colour ? 3 : 1}
        .scale=${scale}
        .size=${196}
        .label=${
          colour
            ? t("Filter {0}, in colour", values.filter)
            : t("Filter {0}, channel {1}", values.filter, channel)
        }
      ></convlens-matrix>
      <p class="small">
        ${legend(LUTS[scale.kind], num(low, 3), num(high, 3))}
        ${colour || channels === 1 ? nothing : html`<span class="muted">${t("channel {0}", channel)}</span>`}
      </p>`;
  }

  /** The scale that the grid gives a tile of these numbers. */
  private scaleOf(shown: Float32Array): PixelScale {
    const { extent } = this.grid;
    const magnitude = Math.max(Math.abs(extent.min), Math.abs(extent.max));
    return {
      filter: { kind: "range", ...rangeOf(shown) },
      layer: { kind: "range", ...extent },
      signed: { kind: "signed", magnitude },
    }[this.gridScale] as PixelScale;
  }

  /** The channel looked at: the one chosen below, else the tile's; null: all, in colour. */
  private get chosen(): number | null {
    return this.channel ?? this.tileChannel;
  }

  private channelOr(values: FilterValues): number {
    const { chosen } = this;
    return chosen !== null && chosen < values.shape[2] ? chosen : at(this.strongest(values), 0);
  }

  private strongest(values: FilterValues): number[] {
    const channels = values.shape[2];
    if (channels === 3) return [0, 1, 2];
    return byLargest(energies(values.kernel, channels)).slice(0, STRIP);
  }

  private renderChannels(values: FilterValues): TemplateResult {
    const [, width, channels] = values.shape;
    const scale = signedScale(values.kernel);
    const chosen = this.channelOr(values);
    const strip = this.strongest(values);
    return html`${
        channels > 1
          ? html`<h2>
                ${channels > strip.length ? t("Strongest input channels") : t("Input channels")}
              </h2>
              <div class="strip">
                ${strip.map(
                  (channel) =>
                    html`<button
                      aria-pressed=${channel === this.chosen ? "true" : "false"}
                      title=${t("Look at input channel {0}", channel)}
                      @click=${() => {
                        this.channel = channel === this.channel ? null : channel;
                      }}
                    >
                      <convlens-matrix
                        .values=${channelOf(values.kernel, channels, channel)}
                        .columns=${width}
                        .scale=${scale}
                        .size=${40}
                        .label=${t("Input channel {0}", channel)}
                      ></convlens-matrix>
                      ${channels === 3 ? ["R", "G", "B"][channel] : channel}
                    </button>`,
                )}
              </div>
              <p style="margin-top: 8px">
                <button @click=${() => this.dispatchEvent(new CustomEvent("view-channels"))}>
                  ${t("All {0} channels in the grid", channels)}
                </button>
              </p>`
          : nothing
      }
      <h2>${channels > 1 ? t("Numbers, channel {0}", chosen) : t("Numbers")}</h2>
      <pre tabindex="0" aria-label=${t("Weights")}>
${matrixText(channelOf(values.kernel, channels, chosen), width)}</pre>`;
  }
}

function matrixText(values: Float32Array, columns: number): string {
  const cells = Array.from(values, (value) => decimal(value.toFixed(4)).padStart(8));
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, y) =>
    cells.slice(y * columns, (y + 1) * columns).join(" "),
  );
  return rows.join("\n");
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-filter-details": ConvlensFilterDetails;
  }
  interface HTMLElementEventMap {
    "view-channels": CustomEvent<null>;
  }
}
