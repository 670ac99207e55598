import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type {
  FilterGrid,
  FilterScale,
  FiltersRequest,
  FilterValues,
} from "../../../src/shared/contract/lenses.ts";
import { painted, send, type App } from "../../common/state/app.ts";
import { colormap } from "../../common/drawing/colormaps.ts";
import { dropdown, legend, segments, slider, toggle } from "../../common/styles/controls.ts";
import { num, percent } from "../../common/text/format.ts";
import { icon } from "../../common/styles/icons.ts";
import { filterFor, layerFor } from "../../common/state/intent.ts";
import { Pages } from "../../common/drawing/tile-pages.ts";
import { byLargest } from "../../common/text/ranking.ts";
import { pngOrNull } from "../../common/drawing/raster.ts";
import { fileName } from "../../common/text/file-name.ts";
import { Resource } from "../../common/state/resource.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { epochsItem } from "../../common/state/epochs.ts";
import { t } from "../../common/text/l10n.ts";
import { lensLayout } from "../../common/styles/lens-layout.ts";
import { base } from "../../common/styles/theme.ts";
import { whyNot } from "../../components/empty/empty.ts";
import type { TilePoint } from "../../components/tiles/tiles.ts";
import { filterTable } from "./filter-table.ts";
import { channelChoice } from "./channel-choice.ts";
import "./details.ts";
import "../../components/status/status.ts";
import "../../components/tiles/tiles.ts";

type View = FiltersRequest["view"];
const PAGE = 128;

/** The weights of a convolution as pictures. Read from the file: needs neither a picture nor an engine. */
@customElement("convlens-filters")
export class ConvlensFilters extends LitElement {
  static override styles = [base, controls, lensLayout];

  @property({ attribute: false }) app!: App;
  @state() private scale: FilterScale = "filter";
  @state() private view: View = "colour";
  @state() private sort: "index" | "norm" = "index";
  @state() private size: number | null = null;
  @state() private asText = false;
  @state() private selected = 0;
  @state() private point: TilePoint | null = null;
  @query("convlens-tiles") private readonly tiles!: HTMLElement | null;
  private shownLayer: string | null = null;

  private readonly pages = new Pages<FilterGrid>(this, (grid) =>
    send(this, "convlens-provenance", grid),
  );
  private readonly values = new Resource<FilterValues>(this);
  private readonly hoveredValues = new Resource<FilterValues>(this);

  private get layer(): string | null {
    const layer = layerFor(this.app.summary, this.app.intent);
    return layer?.hasKernel ? layer.name : null;
  }

  protected override willUpdate(): void {
    const { layer } = this;
    if (layer !== this.shownLayer) {
      this.shownLayer = layer;
      this.selected = filterFor(this.app.intent, layerFor(this.app.summary, this.app.intent));
      this.point = null;
      this.view = "colour";
    }
    const { remote, epoch } = this.app;
    const { scale, view } = this;
    this.pages.open(layer === null ? null : { layer, scale, view }, epoch, PAGE, remote.filters);
    // values belong to a filter of the grid that has arrived, not of one on its way
    if (layer === null || !this.grid || this.pages.stale) return;
    const of = (tile: number): { layer: string; filter: number } => ({
      layer,
      filter: this.filterOf(tile),
    });
    this.values.load(of(this.selected), epoch, remote.filterValues);
    if (this.point) this.hoveredValues.load(of(this.point.index), epoch, remote.filterValues);
  }

  private get grid(): FilterGrid | null {
    return this.pages.meta;
  }
  private get oneFilter(): number | null {
    return typeof this.view === "object" && "filter" in this.view ? this.view.filter : null;
  }
  /** The filter that a tile belongs to: all do to the same in the view of one filter's channels. */
  private filterOf(tile: number): number {
    return this.oneFilter ?? tile;
  }

  private get lut(): Uint8Array {
    return colormap(this.scale === "signed" ? "diverging" : "gray");
  }

  private readonly describe = (tile: number): string => {
    const grid = this.grid;
    if (!grid) return "";
    const one = this.oneFilter;
    if (one !== null) return t("Filter {0}, input channel {1}", one, tile);
    return t(
      "Filter {0}: norm {1}, mean {2}, {3} zeros",
      tile,
      num(grid.norms[tile] ?? 0),
      num(grid.means[tile] ?? 0),
      percent(grid.sparsity[tile] ?? 0),
    );
  };

  protected override render(): TemplateResult {
    const { layer } = this;
    const blocked = layer === null ? whyNot(this.app, "filters", this.app.intent.layer) : null;
    if (layer === null)
      return (
        blocked ??
        html`<convlens-empty
          heading=${t("No convolution in this model")}
          text=${t("There is no layer with a convolution kernel to draw.")}
        ></convlens-empty>`
      );
    return html`${this.renderToolbar()}
      <div class="split">
        <div class="main">
          <convlens-status .of=${this.pages} doing=${t("Reading filters")}></convlens-status>
          ${this.asText ? this.renderText() : this.renderTiles()} ${this.renderPointer()}
        </div>
        <aside aria-label=${t("Selected filter")}>
          ${
            this.grid
              ? html`<convlens-filter-details
                  .app=${this.app}
                  @tile-select=${(event: CustomEvent<number>) => {
                    this.selected = event.detail;
                    if (this.oneFilter !== null) this.view = "colour";
                  }}
                  .grid=${this.grid}
                  .filter=${this.filterOf(this.selected)}
                  .values=${this.values.value}
                  @view-channels=${() => {
                    this.view = { filter: this.filterOf(this.selected) };
                  }}
                ></convlens-filter-details>`
              : nothing
          }
        </aside>
      </div>`;
  }

  private renderToolbar(): TemplateResult {
    return html`<div class="toolbar" role="toolbar" aria-label=${t("Filters")}>
      ${segments<FilterScale>(
        t("Scale"),
        [
          ["filter", t("Per filter"), t("Each filter from its smallest to its largest weight")],
          ["layer", t("Per layer"), t("One scale for the whole layer")],
          ["signed", t("Signed"), t("Red above zero, blue below: one scale for the layer")],
        ],
        this.scale,
        (scale) => {
          this.scale = scale;
        },
      )}
      ${channelChoice(this.grid, this.oneFilter, (view) => {
        if (this.oneFilter !== null) this.selected = this.oneFilter;
        this.view = view;
      })}
      ${
        this.oneFilter === null
          ? html`<label
              >${t("Sort")}
              ${dropdown(
                t("Sort by"),
                [
                  ["index", t("index")],
                  ["norm", t("norm")],
                ],
                this.sort,
                (sort) => {
                  this.sort = sort;
                },
              )}</label
            >`
          : nothing
      }
      ${slider(t("Size"), { min: 16, max: 240, step: 4 }, this.size ?? 64, (size) => {
        this.size = size;
      })}
      <span class="end">
        ${toggle(icon("table"), t("Show as a table"), this.asText, (on) => {
          this.asText = on;
        })}
        ${this.renderSave()}
      </span>
    </div>`;
  }

  private renderTiles(): TemplateResult {
    const { grid } = this;
    const order =
      this.sort === "norm" && this.oneFilter === null && grid ? byLargest(grid.norms) : null;
    return html`<convlens-tiles
      class=${this.pages.stale ? "stale" : ""}
      label=${t("Filters")}
      .source=${this.pages}
      .revision=${this.pages.revision}
      .order=${order}
      .nativeWidth=${grid?.tiles.width ?? 1}
      .nativeHeight=${grid?.tiles.height ?? 1}
      .size=${this.size}
      .lut=${this.lut}
      .selected=${this.selected}
      .describe=${this.describe}
      @tile-painted=${() => painted(this, "filters")}
      @tile-select=${(event: CustomEvent<number>) => {
        this.selected = event.detail;
      }}
      @tile-open=${(event: CustomEvent<number>) => {
        if (this.oneFilter === null && (grid?.kernelShape[2] ?? 1) > 1) {
          this.view = { filter: event.detail };
          this.selected = 0;
        }
      }}
      @tile-hover=${(event: CustomEvent<TilePoint | null>) => {
        this.point = event.detail;
      }}
    ></convlens-tiles>`;
  }

  private renderPointer(): TemplateResult {
    const { point, grid } = this;
    if (!point || !grid)
      return html`<div class="pointer muted">
        <span class="fact"
          >${grid ? t("{0} (height, width, in, out)", grid.kernelShape.join(" × ")) : ""}</span
        >
        <span class="spacer"></span>
        ${this.scale === "signed" ? legend("diverging", "−", "+") : legend("gray", t("min"), t("max"))}
      </div>`;
    const [height, width, channels] = grid.kernelShape;
    const y = Math.floor(point.v * height);
    const x = Math.floor(point.u * width);
    const filter = this.filterOf(point.index);
    const values = this.hoveredValues.value;
    const ready = values?.filter === filter && values.layer === grid.layer ? values : null;
    const at = (channel: number): string =>
      ready ? num(ready.kernel[(y * width + x) * channels + channel] ?? 0) : "…";
    const one =
      this.oneFilter !== null
        ? point.index
        : typeof grid.view === "object" && "channel" in grid.view
          ? grid.view.channel
          : null;
    return html`<div class="pointer">
      <span>${t("Filter {0}", filter)}</span><span class="muted">y ${y}, x ${x}</span>
      ${
        one === null
          ? html`<span class="mono">R ${at(0)} G ${at(1)} B ${at(2)}</span>`
          : html`<span class="muted">${t("channel {0}", one)}</span
              ><span class="mono">${at(one)}</span>`
      }
    </div>`;
  }

  private renderText(): TemplateResult {
    return filterTable(this.grid, this.filterOf(this.selected), (filter) => {
      this.selected = filter;
      if (this.oneFilter !== null) this.view = "colour";
    });
  }

  private renderSave(): TemplateResult {
    const name = fileName(this.app.summary.name, this.layer ?? "");
    const { layer } = this;
    const canvas = (): HTMLCanvasElement | null =>
      this.tiles?.shadowRoot?.querySelector("canvas") ?? null;
    return html`<convlens-keep
      what=${t("the filters")}
      .of=${
        layer === null
          ? null
          : {
              name: `${name}.filters`,
              picture: this.asText ? null : () => pngOrNull(canvas()),
              numbers: async () => {
                const asked = { layer, image: null, preActivation: false };
                const { shape, values } = await this.app.remote.layerNumbers(asked);
                return { shape, data: values };
              },
              json: this.values.value ? () => this.values.value : null,
              more: epochsItem(this, this.app, { kind: "filters", layer }),
            }
      }
    ></convlens-keep>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-filters": ConvlensFilters;
  }
}
