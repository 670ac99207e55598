import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type {
  ActivationGrid,
  MapValues,
  Picture,
  Rect,
} from "../../../src/shared/contract/lenses.ts";
import { colormap, type ColormapName } from "../../common/drawing/colormaps.ts";
import { slider } from "../../common/styles/controls.ts";
import { num, percent } from "../../common/text/format.ts";
import { icon } from "../../common/styles/icons.ts";
import type { TilePlace } from "../../common/drawing/tile-pages.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { t } from "../../common/text/l10n.ts";
import { lensLayout } from "../../common/styles/lens-layout.ts";
import { base } from "../../common/styles/theme.ts";
import type { MapPixels, PicturePoint } from "../../components/picture/picture.ts";
import { markedMaps } from "./maps.ts";
import "../../components/picture/picture.ts";

export interface MapCell {
  readonly y: number;
  readonly x: number;
}

/**
 * One map: enlarged, on the picture, with its numbers and the region that the chosen cell sees.
 * @fires cell-select detail: MapCell
 * @fires explain to show how the cell's number came about
 */
@customElement("convlens-map-details")
export class ConvlensMapDetails extends LitElement {
  static override styles = [
    base,
    controls,
    lensLayout,
    css`
      :host {
        display: block;
        height: auto;
        container-type: normal;
      }
      .title {
        margin-bottom: 8px;
        font-size: 15px;
        color: var(--cl-strong);
      }
      .head h2 {
        white-space: nowrap;
      }
      .head {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 2px 10px;
        margin: 12px 0 5px;
      }
      .cell {
        display: grid;
        gap: 8px;
        margin-top: 10px;
        padding: 9px 10px;
        font-size: 12px;
        border: 1px solid var(--cl-outline);
        border-radius: 6px;
        background: var(--cl-card);
      }
      .cell button {
        justify-self: start;
      }
    `,
  ];

  @property({ attribute: false }) grid!: ActivationGrid;
  @property({ type: Number }) channel = 0;
  @property({ attribute: false }) place: TilePlace | null = null;
  @property({ attribute: false }) picture: Picture | null = null;
  @property({ attribute: false }) values: MapValues | null = null;
  @property({ attribute: false }) cell: MapCell | null = null;
  /** What the cell sees of the picture. */
  @property({ attribute: false }) field: Rect | null = null;
  @property() colours: ColormapName = "viridis";
  /** The layer is a convolution: its numbers can be explained. */
  @property({ type: Boolean }) explains = false;
  @state() private opacity = 0.55;

  private get map(): MapPixels | null {
    if (!this.place) return null;
    const { tiles, slot } = this.place;
    const { width, height } = tiles;
    const from = slot * width * height;
    return { pixels: tiles.pixels.subarray(from, from + width * height), width, height };
  }

  private cellAt(point: PicturePoint): MapCell {
    const [height, width] = this.grid.mapShape;
    return { y: Math.floor(point.v * height), x: Math.floor(point.u * width) };
  }

  protected override render(): TemplateResult {
    const { grid, channel, place } = this;
    const mark = markedMaps(grid).get(channel);
    const { map } = this;
    const range = place?.tiles.ranges;
    const [low, high] = place
      ? [range?.[place.slot * 2] ?? 0, range?.[place.slot * 2 + 1] ?? 0]
      : [0, 0];
    return html`<div class="title">
        ${t("Map {0}", channel)}${mark ? html` <span class="muted">${mark}</span>` : nothing}
      </div>
      ${map ? this.renderPictures(map) : html`<p class="muted">${t("Reading …")}</p>`}
      <dl>
        <dt>${t("Range")}</dt>
        <dd>${num(low)} … ${num(high)}</dd>
        <dt>${t("Mean")}</dt>
        <dd>${num(grid.means[channel] ?? 0)}</dd>
        <dt>${t("Zeros")}</dt>
        <dd>${percent(grid.zeroFraction[channel] ?? 0)}</dd>
      </dl>`;
  }

  private renderPictures(map: MapPixels): TemplateResult {
    const { cell } = this;
    const select = (event: CustomEvent<PicturePoint>): boolean =>
      this.dispatchEvent(new CustomEvent("cell-select", { detail: this.cellAt(event.detail) }));
    return html`<convlens-picture
        clickable
        .map=${map}
        .lut=${colormap(this.colours)}
        .rect=${cell ? { x: cell.x, y: cell.y, width: 1, height: 1 } : null}
        .label=${t("Feature map {0}; click a cell", this.channel)}
        @picture-click=${select}
      ></convlens-picture>
      ${this.renderCell()}
      ${
        this.picture
          ? html`<div class="head">
                <h2>${t("On the picture")}</h2>
                ${slider(t("Opacity"), { min: 0, max: 1, step: 0.05 }, this.opacity, (opacity) => {
                  this.opacity = opacity;
                })}
              </div>
              <convlens-picture
                clickable
                smooth
                .picture=${this.picture}
                .map=${map}
                .lut=${colormap(this.colours)}
                .opacity=${this.opacity}
                .rect=${this.field}
                label=${t("The map over the picture, with the region that the chosen cell sees")}
                @picture-click=${select}
              ></convlens-picture>`
          : nothing
      }`;
  }

  private renderCell(): TemplateResult {
    const { cell, field, values, grid } = this;
    if (!cell)
      return html`<div class="cell">
        <span class="muted">${t("Click a cell of the map to see what it looks at.")}</span>
        <span>${this.renderExplain(t("Take the strongest cell"))}</span>
      </div>`;
    const ready = values?.channel === this.channel && values.layer === grid.layer;
    const value = ready ? values.values[cell.y * values.shape[1] + cell.x] : undefined;
    return html`<div class="cell">
      <span
        >${t("Cell y {0}, x {1}:", cell.y, cell.x)}
        <strong class="mono">${value === undefined ? "…" : num(value)}</strong></span
      >
      ${
        field
          ? html`<span class="muted"
              >${t("sees {0} × {1} pixels from x {2}, y {3}", field.width, field.height, field.x, field.y)}</span
            >`
          : nothing
      }
      ${
        this.explains
          ? html`<button
              class="primary"
              @click=${() => this.dispatchEvent(new CustomEvent("explain"))}
            >
              ${t("How a filter works")}${icon("right")}
            </button>`
          : nothing
      }
    </div>`;
  }

  private renderExplain(text: string): TemplateResult {
    return html`<button
      ?disabled=${this.values === null}
      @click=${() => {
        const { values } = this;
        if (!values) return;
        const at = values.values.indexOf(Math.max(...values.values));
        const [, width] = values.shape;
        const detail: MapCell = { y: Math.floor(at / width), x: at % width };
        this.dispatchEvent(new CustomEvent("cell-select", { detail }));
      }}
    >
      ${text}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-map-details": ConvlensMapDetails;
  }
  interface HTMLElementEventMap {
    "cell-select": CustomEvent<MapCell>;
    explain: CustomEvent<null>;
  }
}
