import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type {
  ActivationGrid,
  DotProduct,
  MapScale,
  MapValues,
  Rect,
} from "../../../src/shared/contract/lenses.ts";
import { painted, send, type App } from "../../common/state/app.ts";
import { colormap, type ColormapName } from "../../common/drawing/colormaps.ts";
import { colormapChoice, legend, segments, toggle } from "../../common/styles/controls.ts";
import { num, percent } from "../../common/text/format.ts";
import { icon } from "../../common/styles/icons.ts";
import { filterFor } from "../../common/state/intent.ts";
import { Pages, pageSizeFor } from "../../common/drawing/tile-pages.ts";
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
import type { MapCell } from "./details.ts";
import { mapControls, type MapControls } from "./map-controls.ts";
import { mapTable } from "./map-table.ts";
import { markedMaps, shownMaps, type MapFilter } from "./maps.ts";
import "./details.ts";
import "./overview.ts";
import "../../components/status/status.ts";
import "../../components/tiles/tiles.ts";

/** Feature maps of one layer on one picture, or the overview of all layers. */
@customElement("convlens-activations")
export class ConvlensActivations extends LitElement {
  static override styles = [base, controls, lensLayout];

  @property({ attribute: false }) app!: App;
  @state() private overview = false;
  @state() private scale: MapScale = "map";
  @state() private preActivation = false;
  @state() private sort: "index" | "mean" = "index";
  @state() private only: MapFilter = "all";
  @state() private colours: ColormapName = "viridis";
  @state() private size: number | null = null;
  @state() private asText = false;
  @state() private selected = 0;
  @state() private cell: MapCell | null = null;
  @state() private story = false;
  @state() private point: TilePoint | null = null;
  @query("convlens-tiles") private readonly tiles!: HTMLElement | null;
  private shownLayer: string | null = null;

  private readonly pages = new Pages<ActivationGrid>(this, (grid) => {
    send(this, "convlens-provenance", grid);
  });
  private readonly values = new Resource<MapValues>(this);
  private readonly hoveredValues = new Resource<MapValues>(this);
  private readonly field = new Resource<Rect>(this);
  private readonly product = new Resource<DotProduct>(this);

  private get layer(): string | null {
    const { summary, intent } = this.app;
    const layer = summary.layers.find((each) => each.name === intent.layer);
    return layer?.spatial ? layer.name : null;
  }
  private get isOverview(): boolean {
    return this.overview || this.app.intent.layer === null;
  }
  private get hasProduct(): boolean {
    return this.app.summary.layers.some((each) => each.name === this.layer && each.hasKernel);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { layer } = this;
    if (layer !== this.shownLayer) {
      this.shownLayer = layer;
      this.cell = this.point = null;
      this.story = false;
      if (changed.has("app") && !this.keepsChannel) {
        const { summary, intent } = this.app;
        this.selected = filterFor(
          intent,
          summary.layers.find((each) => each.name === layer),
        );
      }
      this.keepsChannel = false;
      if (layer !== null) this.overview = false;
    }
    const { remote, epoch, intent, trusted, summary } = this.app;
    const { image } = intent;
    const runs = trusted && summary.notRunnable === null && image !== null && !this.isOverview;
    const of = runs && layer !== null ? { layer, image, preActivation: this.preActivation } : null;
    const shape = summary.layers.find((each) => each.name === layer)?.mapShape;
    this.pages.open(
      of && { ...of, scale: this.scale },
      epoch,
      pageSizeFor((shape?.[1] ?? 16) * (shape?.[2] ?? 16)),
      remote.activations,
    );
    if (!of || !this.pages.meta || this.pages.stale) return;
    this.values.load({ ...of, channel: this.selected }, epoch, remote.mapValues);
    if (this.point)
      this.hoveredValues.load({ ...of, channel: this.point.index }, epoch, remote.mapValues);
    const cell = this.cell && { layer: of.layer, y: this.cell.y, x: this.cell.x };
    this.field.load(cell, epoch, remote.receptiveField);
    const asked = cell && this.story ? { ...cell, image: of.image, filter: this.selected } : null;
    this.product.load(asked, epoch, remote.dotProduct);
  }
  private keepsChannel = false;

  private readonly describe = (channel: number): string => {
    const grid = this.pages.meta;
    if (!grid) return "";
    const mark = markedMaps(grid).get(channel);
    const numbers = [num(grid.means[channel] ?? 0), percent(grid.zeroFraction[channel] ?? 0)];
    return mark
      ? t("Map {0}, {1}: mean {2}, {3} zeros", channel, mark, ...numbers)
      : t("Map {0}: mean {1}, {2} zeros", channel, ...numbers);
  };

  protected override render(): TemplateResult {
    const blocked = whyNot(this.app, "activations", this.isOverview ? null : this.app.intent.layer);
    if (blocked)
      return html`${this.app.intent.image ? this.renderToolbar(false) : nothing}${blocked}`;
    if (this.isOverview)
      return html`${this.renderToolbar(false)}
        <convlens-overview
          .app=${this.app}
          .colours=${this.colours}
          @tile-painted=${() => {
            painted(this, "activations");
          }}
          @open-map=${(event: CustomEvent<{ layer: string; channel: number | null }>) => {
            const { layer, channel } = event.detail;
            this.overview = false;
            this.keepsChannel = layer !== this.app.intent.layer;
            this.selected = channel ?? 0;
            send(this, "convlens-intent", { layer });
          }}
        ></convlens-overview>`;
    return html`${this.renderToolbar(true)}
      <div class="split">
        <div class="main">
          <convlens-status .of=${this.pages} doing=${t("Computing feature maps")}></convlens-status>
          ${this.story ? this.renderStory() : this.asText ? this.renderText() : this.renderTiles()}
          ${this.story ? nothing : this.renderPointer()}
        </div>
        <aside aria-label=${t("Selected map")}>${this.renderDetails()}</aside>
      </div>`;
  }

  private get controls(): MapControls {
    const { scale, preActivation, sort, only, size } = this;
    return { scale, preActivation, sort, only, size };
  }
  private readonly change = (change: Partial<MapControls>): void => {
    Object.assign(this, change);
  };

  private renderToolbar(maps: boolean): TemplateResult {
    return html`<div class="toolbar" role="toolbar" aria-label=${t("Activations")}>
      ${segments(
        t("What is shown"),
        [
          ["overview", t("Overview"), t("From the first layers to the last")],
          ["maps", t("Maps"), t("All maps of one layer")],
        ],
        this.isOverview ? "overview" : "maps",
        (what) => {
          this.overview = what === "overview";
          const { firstKernel, layers } = this.app.summary;
          const layer = firstKernel ?? layers.find((each) => each.spatial)?.name ?? null;
          if (what === "maps" && this.app.intent.layer === null)
            send(this, "convlens-intent", { layer });
        },
      )}
      ${maps ? mapControls(this.pages.meta, this.controls, this.change) : nothing}
      ${colormapChoice(this.colours, (colours) => {
        this.colours = colours;
      })}
      <span class="end"> ${maps ? this.renderSave() : nothing} </span>
    </div>`;
  }

  private renderTiles(): TemplateResult {
    const grid = this.pages.meta;
    const order = grid && shownMaps(grid, this.only, this.sort);
    return html`<convlens-tiles
      class=${this.pages.stale ? "stale" : ""}
      label=${t("Feature maps")}
      .source=${this.pages}
      .revision=${this.pages.revision}
      .order=${order}
      .nativeWidth=${grid?.tiles.width ?? 1}
      .nativeHeight=${grid?.tiles.height ?? 1}
      .size=${this.size}
      .least=${72}
      .lut=${colormap(this.colours)}
      .dimmed=${grid ? markedMaps(grid) : new Map<number, string>()}
      .selected=${this.selected}
      .describe=${this.describe}
      @tile-painted=${() => {
        if (!this.pages.stale) painted(this, "activations");
      }}
      @tile-select=${(event: CustomEvent<number>) => {
        this.selected = event.detail;
      }}
      @tile-hover=${(event: CustomEvent<TilePoint | null>) => {
        this.point = event.detail;
      }}
    ></convlens-tiles>`;
  }

  private renderPointer(): TemplateResult {
    const { point } = this;
    const grid = this.pages.meta;
    const values = this.hoveredValues.value;
    if (!point || !grid) {
      const dead = grid
        ? t("{0} of {1} dead on this picture", grid.dead.length, grid.means.length)
        : "";
      return html`<div class="pointer muted">
        <span class="fact">${grid ? `${grid.mapShape.join(" × ")} · ${dead}` : ""}</span>
        <span class="spacer"></span>${legend(this.colours, t("min"), t("max"))}
      </div>`;
    }
    const [height, width] = grid.mapShape;
    const y = Math.floor(point.v * height);
    const x = Math.floor(point.u * width);
    const ready = values?.channel === point.index && values.layer === grid.layer;
    return html`<div class="pointer">
      <span>${t("Map {0}", point.index)}</span><span class="muted">y ${y}, x ${x}</span>
      <span class="mono">${ready ? num(values.values[y * width + x] ?? 0) : "…"}</span>
    </div>`;
  }

  private renderText(): TemplateResult {
    const grid = this.pages.meta;
    const maps = grid ? shownMaps(grid, this.only, this.sort) : [];
    return mapTable(grid, maps, this.selected, (map) => {
      this.selected = map;
    });
  }

  private renderDetails(): TemplateResult | typeof nothing {
    const grid = this.pages.meta;
    if (!grid) return nothing;
    const place = this.pages.tile(this.selected);
    return html`<convlens-map-details
      .grid=${grid}
      .channel=${this.selected}
      .place=${place}
      .picture=${this.app.picture}
      .values=${this.values.value}
      .cell=${this.cell}
      .field=${this.cell ? this.field.value : null}
      .colours=${this.colours}
      .explains=${this.hasProduct}
      @cell-select=${(event: CustomEvent<MapCell>) => {
        this.cell = event.detail;
      }}
      @explain=${() => {
        this.story = true;
      }}
    ></convlens-map-details>`;
  }

  private renderStory(): TemplateResult {
    void import("./dot-product.ts");
    return html`<convlens-status .of=${this.product} doing=${t("Computing")}></convlens-status>
      <div class="scroll">
        <convlens-dot-product
          .of=${this.product.value}
          .picture=${this.app.picture}
          @close-story=${() => {
            this.story = false;
          }}
        ></convlens-dot-product>
      </div>`;
  }

  private renderSave(): TemplateResult {
    const name = fileName(this.app.summary.name, this.layer ?? "");
    const drawn = !this.asText && !this.story;
    const { layer } = this;
    const { image } = this.app.intent;
    const canvas = (): HTMLCanvasElement | null =>
      this.tiles?.shadowRoot?.querySelector("canvas") ?? null;
    return html`${toggle(icon("table"), t("Show as a table"), this.asText, (on) => {
        this.asText = on;
      })}<convlens-keep
        what=${t("the maps")}
        .of=${
          layer === null || image === null
            ? null
            : {
                name: `${name}.maps`,
                picture: drawn ? () => pngOrNull(canvas()) : null,
                numbers: async () => {
                  const { preActivation } = this;
                  const asked = { layer, image, preActivation };
                  const { shape, values } = await this.app.remote.layerNumbers(asked);
                  return { shape, data: values };
                },
                json: this.values.value ? () => this.values.value : null,
                more: epochsItem(this, this.app, { kind: "maps", layer, image }),
              }
        }
      ></convlens-keep>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-activations": ConvlensActivations;
  }
}
