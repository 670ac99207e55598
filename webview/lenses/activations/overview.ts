import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Overview, OverviewRow } from "../../../src/shared/contract/lenses.ts";
import { isPart, Resource } from "../../common/state/index.ts";
import { colormap, type ColormapName } from "../../common/drawing/index.ts";
import { button } from "../../common/controls/index.ts";
import { base, controls, icon } from "../../common/styles/index.ts";
import { t } from "../../common/text/index.ts";
import { status } from "../../components/status/status.ts";
import { LensElement } from "../lens.ts";
import "./strip.ts";

const PER_LAYER = 8;

/**
 * From the first layers to the last: the maps of each that vary most over the picture, one row a layer, filling as they arrive.
 * @fires open-map detail: layer and channel (null: the whole layer)
 */
@customElement("convlens-overview")
export class ConvlensOverview extends LensElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .rows {
        flex: 1;
        overflow: auto;
        padding: 6px 12px 20px;
      }
      .row {
        display: grid;
        grid-template-columns: minmax(130px, 190px) minmax(0, 1fr);
        gap: 12px;
        align-items: center;
        padding: 6px 0;
        content-visibility: auto;
        contain-intrinsic-height: auto 92px;
        border-bottom: 1px solid var(--cl-line);
      }
      .about {
        display: grid;
        gap: 1px;
        min-width: 0;
        font-size: 11px;
        color: var(--cl-muted);
      }
      .about button {
        justify-content: start;
        max-width: 100%;
        font-size: 13px;
      }
      .about button span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .deadbar {
        height: 4px;
        margin-top: 3px;
        overflow: hidden;
        border-radius: 2px;
        background: color-mix(in srgb, var(--cl-fg) 14%, transparent);
      }
      .deadbar i {
        display: block;
        height: 100%;
        background: var(--cl-red);
      }
    `,
  ];

  @property() colours: ColormapName = "viridis";
  @state() private rows: readonly OverviewRow[] = [];
  private fresh = false;

  private readonly overview = new Resource<Overview>(
    this,
    (overview) => {
      this.rows = overview.rows;
      this.arrived(overview);
    },
    ({ partial }) => {
      if (!isPart<OverviewRow>(partial, "tiles")) return;
      this.rows = this.fresh ? [partial] : [...this.rows, partial];
      this.fresh = false;
    },
  );

  protected override willUpdate(): void {
    const { remote, intent, epoch } = this.app;
    const { image } = intent;
    const wanted = image === null ? null : { image, perLayer: PER_LAYER };
    this.overview.load(wanted, epoch, (params, options) => {
      // the rows of the earlier picture stay until the first new one is there
      this.fresh = true;
      return remote.overview(params, options);
    });
  }

  private open(layer: string, channel: number | null): void {
    this.dispatchEvent(new CustomEvent("open-map", { detail: { layer, channel } }));
  }

  protected override render(): TemplateResult {
    return html`${status(this.overview, t("Computing the maps of all layers"))}
      <div class="rows" role="list" aria-label=${t("Layers from early to deep")}>
        ${repeat(
          this.rows,
          (row) => row.layer,
          (row) => this.renderRow(row),
        )}
      </div>`;
  }

  private renderRow(row: OverviewRow): TemplateResult {
    const [height, width, channels] = row.mapShape;
    return html`<div class="row" role="listitem">
      <div class="about">
        ${button(
          html`<span>${row.layer}</span>${icon("right")}`,
          () => this.open(row.layer, null),
          { kind: "link", title: t("All maps of {0}", row.layer) },
        )}
        <span>${row.className} · ${height} × ${width} × ${channels}</span>
        ${
          row.dead > 0
            ? html`<span>${t("{0} of {1} dead on this picture", row.dead, channels)}</span>
                <div class="deadbar" aria-hidden="true">
                  <i style=${`width:${((row.dead / channels) * 100).toFixed(1)}%`}></i>
                </div>`
            : nothing
        }
      </div>
      <convlens-strip
        .tiles=${row.tiles}
        .channels=${row.channels}
        .lut=${colormap(this.colours)}
        @tile-select=${(event: CustomEvent<number>) => this.open(row.layer, event.detail)}
      ></convlens-strip>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-overview": ConvlensOverview;
  }
  interface HTMLElementEventMap {
    "open-map": CustomEvent<{ layer: string; channel: number | null }>;
  }
}
