import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import type { Cell } from "../../../src/shared/contract/intent.ts";
import type {
  ActivationGrid,
  MapValues,
  Picture,
  Rect,
} from "../../../src/shared/contract/lenses.ts";
import {
  colormap,
  type ColormapName,
  type MapPixels,
  type TilePlace,
} from "../../common/drawing/index.ts";
import { button, opacitySlider } from "../../common/controls/index.ts";
import { num, percent, t } from "../../common/text/index.ts";
import { base, controls, details, icon } from "../../common/styles/index.ts";
import { Own } from "../../common/state/index.ts";
import type { PicturePoint } from "../../components/picture/picture.ts";
import { cellAt, strongestCell } from "../cell.ts";
import { markOf } from "./maps.ts";
import "../../components/picture/picture.ts";

/**
 * One map: enlarged, on the picture, with its numbers and the region that the chosen cell sees.
 * @fires cell-select detail: Cell
 * @fires explain to show how the cell's number came about
 */
@customElement("convlens-map-details")
export class ConvlensMapDetails extends LitElement {
  static override styles = [
    base,
    controls,
    details,
    css`
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
  @property({ attribute: false }) cell: Cell | null = null;
  /** What the cell sees of the picture. */
  @property({ attribute: false }) field: Rect | null = null;
  @property() colours: ColormapName = "viridis";
  /** The layer is a convolution: its numbers can be explained. */
  @property({ type: Boolean }) explains = false;
  private readonly opacity = new Own(this, 0.55);

  private get map(): MapPixels | null {
    if (!this.place) return null;
    const { tiles, slot } = this.place;
    const { width, height } = tiles;
    const from = slot * width * height;
    return { pixels: tiles.pixels.subarray(from, from + width * height), width, height };
  }

  protected override render(): TemplateResult {
    const { grid, channel, place } = this;
    const mark = markOf(grid, channel);
    const { map } = this;
    return html`<div class="title">
        ${t("Map {0}", channel)}${mark ? html` <span class="muted">${mark}</span>` : nothing}
      </div>
      ${map ? this.renderPictures(map) : html`<p class="muted">${t("Reading …")}</p>`}
      <dl>
        <dt>${t("Range")}</dt>
        <dd>${place ? rangeText(place) : "…"}</dd>
        <dt>${t("Mean")}</dt>
        <dd>${num(at(grid.means, channel))}</dd>
        <dt>${t("Zeros")}</dt>
        <dd>${percent(at(grid.zeroFraction, channel))}</dd>
      </dl>`;
  }

  private renderPictures(map: MapPixels): TemplateResult {
    const { cell } = this;
    const select = (event: CustomEvent<PicturePoint>): boolean =>
      this.dispatchEvent(
        new CustomEvent("cell-select", { detail: cellAt(event.detail, this.grid.mapShape) }),
      );
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
                ${opacitySlider(this.opacity)}
              </div>
              <convlens-picture
                clickable
                smooth
                .picture=${this.picture}
                .map=${map}
                .lut=${colormap(this.colours)}
                .opacity=${this.opacity.value}
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
        <span>${this.renderStrongest()}</span>
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
          ? button(
              html`${t("How a filter works")}${icon("right")}`,
              () => this.dispatchEvent(new CustomEvent("explain")),
              { kind: "primary" },
            )
          : nothing
      }
    </div>`;
  }

  private renderStrongest(): TemplateResult {
    const { values } = this;
    const take = (map: MapValues): void => {
      this.dispatchEvent(new CustomEvent("cell-select", { detail: strongestCell(map) }));
    };
    return button(t("Take the strongest cell"), () => values && take(values), {
      disabled: values === null,
    });
  }
}

/** From the smallest to the largest value of a tile. */
function rangeText({ tiles, slot }: TilePlace): string {
  const [low, high] = [at(tiles.ranges, 2 * slot), at(tiles.ranges, 2 * slot + 1)];
  return `${num(low)} … ${num(high)}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-map-details": ConvlensMapDetails;
  }
  interface HTMLElementEventMap {
    "cell-select": CustomEvent<Cell>;
    explain: CustomEvent<null>;
  }
}
