import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import type { ActivationGrid, MapValues, Rect } from "../../../src/shared/contract/lenses.ts";
import { colormapChoice, legend, segments, slider, toggle } from "../../common/controls/index.ts";
import { colormap, type ColormapName, pageSizeFor } from "../../common/drawing/index.ts";
import { epochsItem, filterFor, Own, Resource } from "../../common/state/index.ts";
import { icon } from "../../common/styles/index.ts";
import { fileName, num, percent, t } from "../../common/text/index.ts";
import { whyNot } from "../../components/empty/empty.ts";
import { keep } from "../../components/export/keepable.ts";
import { status } from "../../components/status/status.ts";
import { split, toolbar } from "../frame.ts";
import { layerNumbers } from "../layer-numbers.ts";
import { cellAt } from "../cell.ts";
import { TileLens } from "../tile-lens.ts";
import type { Cell } from "../../../src/shared/contract/intent.ts";
import { MapControls } from "./map-controls.ts";
import { mapTable } from "./map-table.ts";
import { markedMaps, markOf, shownMaps } from "./maps.ts";
import "./details.ts";
import "./overview.ts";

/** Feature maps of one layer on one picture, or the overview of all layers. */
@customElement("convlens-activations")
export class ConvlensActivations extends TileLens<ActivationGrid> {
  @state() private overview = false;
  @state() private cell: Cell | null = null;
  private readonly colours = new Own<ColormapName>(this, "viridis");
  /** Of a volume, 0..1 of its depth. */
  private readonly depth = new Own(this, 0.5);
  private readonly maps = new MapControls(this, this.size);
  private shownLayer: string | null = null;
  private keepsChannel = false;

  private readonly values = new Resource<MapValues>(this);
  private readonly hoveredValues = new Resource<MapValues>(this);
  private readonly field = new Resource<Rect>(this);

  private get layer(): string | null {
    const { summary, intent } = this.app;
    const layer = summary.layers.find((each) => each.name === intent.layer);
    return layer?.spatial ? layer.name : null;
  }
  /** How many slices the maps of the layer have; null: it is of no volume. */
  private get slices(): number | null {
    return this.app.summary.layers.find((each) => each.name === this.layer)?.slices ?? null;
  }
  /** The slice that is looked at. */
  private get slice(): number | undefined {
    const { slices } = this;
    if (slices === null) return undefined;
    return Math.min(slices - 1, Math.floor(this.depth.value * slices));
  }
  private get isOverview(): boolean {
    return this.overview || this.app.intent.layer === null;
  }
  private get hasProduct(): boolean {
    return this.app.summary.layers.some((each) => each.name === this.layer && each.hasKernel);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { layer } = this;
    if (layer !== this.shownLayer) this.follow(layer, changed.has("app"));
    const { remote, epoch, intent, summary } = this.app;
    const { image } = intent;
    const runs = this.canRun && image !== null && !this.isOverview;
    const preActivation = this.maps.preActivation.value;
    const { slice } = this;
    const own = { preActivation, ...(slice !== undefined && { slice }) };
    const of = runs && layer !== null ? { layer, image, ...own } : null;
    const shape = summary.layers.find((each) => each.name === layer)?.mapShape;
    this.pages.open(
      of && { ...of, scale: this.maps.scale.value },
      epoch,
      pageSizeFor((shape?.[1] ?? 16) * (shape?.[2] ?? 16)),
      remote.activations,
    );
    if (!of || !this.grid || this.pages.stale) return;
    this.values.load({ ...of, channel: this.selected }, epoch, remote.mapValues);
    if (this.point)
      this.hoveredValues.load({ ...of, channel: this.point.index }, epoch, remote.mapValues);
    const cell = this.slices === null &&
      this.cell && { layer: of.layer, y: this.cell.y, x: this.cell.x };
    this.field.load(cell || null, epoch, remote.receptiveField);
  }

  /** Another layer is looked at: what was chosen in the one before is forgotten. */
  private follow(layer: string | null, byIntent: boolean): void {
    const { summary, intent } = this.app;
    this.shownLayer = layer;
    this.cell = this.point = null;
    if (byIntent && !this.keepsChannel)
      this.selected = filterFor(
        intent,
        summary.layers.find((each) => each.name === layer),
      );
    this.keepsChannel = false;
    if (layer !== null) this.overview = false;
  }

  private readonly describe = (channel: number): string => {
    const { grid } = this;
    if (!grid) return "";
    const mark = markOf(grid, channel);
    const numbers = [num(at(grid.means, channel)), percent(at(grid.zeroFraction, channel))];
    return mark !== null
      ? t("Map {0}, {1}: mean {2}, {3} zeros", channel, mark, ...numbers)
      : t("Map {0}: mean {1}, {2} zeros", channel, ...numbers);
  };

  protected override render(): TemplateResult {
    const { app, isOverview } = this;
    const blocked = whyNot(app, "activations", isOverview ? null : app.intent.layer);
    if (blocked) return html`${app.intent.image ? this.renderToolbar(false) : nothing}${blocked}`;
    if (isOverview) return html`${this.renderToolbar(false)} ${this.renderOverview()}`;
    return html`${this.renderToolbar(true)}
    ${split(
      html`${status(this.pages, t("Computing feature maps"))}
      ${this.asText.value ? this.renderText() : this.renderGrid()} ${this.renderPointer()}`,
      t("Selected map"),
      this.renderDetails(),
    )}`;
  }

  private renderOverview(): TemplateResult {
    return html`<convlens-overview
      .app=${this.app}
      .colours=${this.colours.value}
      @tile-painted=${this.drawn}
      @open-map=${(event: CustomEvent<{ layer: string; channel: number | null }>) => {
        const { layer, channel } = event.detail;
        this.overview = false;
        this.keepsChannel = layer !== this.app.intent.layer;
        this.selected = channel ?? 0;
        this.go({ layer });
      }}
    ></convlens-overview>`;
  }

  private renderToolbar(maps: boolean): TemplateResult {
    const show = (what: "overview" | "maps"): void => {
      this.overview = what === "overview";
      const { firstKernel, layers } = this.app.summary;
      const layer = firstKernel ?? layers.find((each) => each.spatial)?.name ?? null;
      if (what === "maps" && this.app.intent.layer === null) this.go({ layer });
    };
    return toolbar(
      t("Activations"),
      html`${segments<"overview" | "maps">(
        t("What is shown"),
        [
          ["overview", t("Overview"), t("From the first layers to the last")],
          ["maps", t("Maps"), t("All maps of one layer")],
        ],
        { value: this.isOverview ? "overview" : "maps", set: show },
      )}
      ${maps ? this.renderSlice() : nothing} ${maps ? this.maps.render(this.grid) : nothing}
      ${colormapChoice(this.colours)}`,
      maps ? this.renderKeep() : nothing,
    );
  }

  private renderSlice(): TemplateResult | typeof nothing {
    const { slices, slice } = this;
    if (slices === null || slice === undefined || slices < 2) return nothing;
    return html`${slider(
        t("Slice"),
        { min: 0, max: slices - 1, step: 1 },
        { value: slice, set: (next) => this.depth.set((next + 0.5) / slices) },
      )}<span class="mono small">${slice + 1}/${slices}</span>`;
  }

  private renderKeep(): TemplateResult {
    const { layer, app } = this;
    const { image } = app.intent;
    const preActivation = this.maps.preActivation.value;
    const of =
      layer === null || image === null
        ? null
        : {
            name: `${fileName(app.summary.name, layer)}.maps`,
            picture: this.asText.value ? null : this.png,
            numbers: layerNumbers(app, { layer, image, preActivation }),
            json: this.values.value ? () => this.values.value : null,
            more: epochsItem(this, app, { kind: "maps", layer, image }),
          };
    return html`${toggle(icon("table"), t("Show as a table"), this.asText)}
    ${keep(t("the maps"), of)}`;
  }

  private renderGrid(): TemplateResult {
    const { grid } = this;
    return this.renderTiles({
      label: t("Feature maps"),
      order: grid && shownMaps(grid, this.maps.only.value, this.maps.sort.value),
      least: 72,
      // maps over a series are strips
      ...(grid?.mapShape[0] === 1 && { native: { width: 24, height: 5 }, least: 160, most: 420 }),
      lut: colormap(this.colours.value),
      ...(grid && { dimmed: markedMaps(grid) }),
      describe: this.describe,
    });
  }

  private renderText(): TemplateResult {
    const { grid } = this;
    const maps = grid ? shownMaps(grid, this.maps.only.value, this.maps.sort.value) : [];
    return mapTable(grid, maps, this.selected, this.select);
  }

  private renderPointer(): TemplateResult {
    const { point, grid } = this;
    if (!point || !grid) {
      const fact = grid
        ? `${grid.mapShape.join(" × ")} · ${t("{0} of {1} dead on this picture", grid.dead.length, grid.means.length)}`
        : "";
      return html`<div class="pointer muted">
        <span class="fact">${fact}</span>
        <span class="spacer"></span>${legend(this.colours.value, t("min"), t("max"))}
      </div>`;
    }
    const values = this.hoveredValues.value;
    const { y, x } = cellAt(point, grid.mapShape);
    const ready = values?.channel === point.index && values.layer === grid.layer;
    return html`<div class="pointer">
      <span>${t("Map {0}", point.index)}</span><span class="muted">y ${y}, x ${x}</span>
      <span class="mono">${ready ? num(at(values.values, y * grid.mapShape[1] + x)) : "…"}</span>
    </div>`;
  }

  private renderDetails(): TemplateResult | typeof nothing {
    const { grid } = this;
    if (!grid) return nothing;
    return html`<convlens-map-details
      .grid=${grid}
      .channel=${this.selected}
      .place=${this.pages.tile(this.selected)}
      .picture=${this.slices === null ? this.app.picture : null}
      .values=${this.values.value}
      .cell=${this.cell}
      .field=${this.cell ? this.field.value : null}
      .colours=${this.colours.value}
      .explains=${this.hasProduct && this.slices === null}
      @cell-select=${(event: CustomEvent<Cell>) => {
        this.cell = event.detail;
      }}
      @explain=${() => this.go({ lens: "how", filter: this.selected, cell: this.cell })}
    ></convlens-map-details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-activations": ConvlensActivations;
  }
}
