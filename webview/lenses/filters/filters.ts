import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import type {
  FilterGrid,
  FilterScale,
  FiltersRequest,
  FilterValues,
} from "../../../src/shared/contract/lenses.ts";
import {
  dropdown,
  labelled,
  legend,
  segments,
  sizeSlider,
  toggle,
} from "../../common/controls/index.ts";
import { colormap } from "../../common/drawing/index.ts";
import { epochsItem, filterFor, layerFor, Own, Resource } from "../../common/state/index.ts";
import { icon } from "../../common/styles/index.ts";
import { fileName, num, percent, t } from "../../common/text/index.ts";
import { empty, whyNot } from "../../components/empty/empty.ts";
import { keep } from "../../components/export/keepable.ts";
import { status } from "../../components/status/status.ts";
import { split, toolbar } from "../frame.ts";
import { layerNumbers } from "../layer-numbers.ts";
import { cellAt } from "../cell.ts";
import { TileLens } from "../tile-lens.ts";
import { channelChoice } from "./channel-choice.ts";
import { filterOrder, type FilterSort } from "./filter-order.ts";
import { filterTable } from "./filter-table.ts";
import "./details.ts";

type View = FiltersRequest["view"];
const PAGE = 128;

/** The weights of a convolution as pictures. Read from the file: needs neither a picture nor an engine. */
@customElement("convlens-filters")
export class ConvlensFilters extends TileLens<FilterGrid> {
  @state() private view: View = "colour";
  private readonly scale = new Own<FilterScale>(this, "filter");
  private readonly sort = new Own<FilterSort>(this, "index");
  private shownLayer: string | null = null;

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
    const { view } = this;
    const wanted = layer === null ? null : { layer, scale: this.scale.value, view };
    this.pages.open(wanted, epoch, PAGE, remote.filters);
    // values belong to a filter of the grid that has arrived, not of one on its way
    if (layer === null || !this.grid || this.pages.stale) return;
    const of = (tile: number): { layer: string; filter: number } => ({
      layer,
      filter: this.filterOf(tile),
    });
    this.values.load(of(this.selected), epoch, remote.filterValues);
    if (this.point) this.hoveredValues.load(of(this.point.index), epoch, remote.filterValues);
  }

  private get oneFilter(): number | null {
    return typeof this.view === "object" && "filter" in this.view ? this.view.filter : null;
  }
  /** The filter that a tile belongs to: all do to the same in the view of one filter's channels. */
  private filterOf(tile: number): number {
    return this.oneFilter ?? tile;
  }

  /** Which input channel the chosen tile is of; null: of three, in colour. */
  private get tileChannel(): number | null {
    const view = this.grid?.view ?? "colour";
    if (view === "colour") return null;
    return "channel" in view ? view.channel : this.selected;
  }

  private readonly describe = (tile: number): string => {
    const { grid, oneFilter } = this;
    if (oneFilter !== null) return t("Filter {0}, input channel {1}", oneFilter, tile);
    if (!grid) return "";
    const { norms, means, sparsity } = grid;
    return t(
      "Filter {0}: norm {1}, mean {2}, {3} zeros",
      tile,
      num(at(norms, tile)),
      num(at(means, tile)),
      percent(at(sparsity, tile)),
    );
  };

  /** Another filter, which is looked for among all of them. */
  private readonly choose = (filter: number): void => {
    this.selected = filter;
    if (this.oneFilter !== null) this.view = "colour";
  };

  protected override render(): TemplateResult {
    if (this.layer === null)
      return (
        whyNot(this.app, "filters", this.app.intent.layer) ??
        empty(
          t("No convolution in this model"),
          t("There is no layer with a convolution kernel to draw."),
        )
      );
    const { grid } = this;
    return html`${this.renderToolbar(this.layer)}
    ${split(
      html`${status(this.pages, t("Reading filters"))}
      ${
        this.asText.value
          ? filterTable(grid, this.filterOf(this.selected), this.choose)
          : this.renderGrid()
      }
      ${this.renderPointer()}`,
      t("Selected filter"),
      grid &&
        html`<convlens-filter-details
          .app=${this.app}
          .grid=${grid}
          .filter=${this.filterOf(this.selected)}
          .gridScale=${this.scale.value}
          .tileChannel=${this.tileChannel}
          .values=${this.values.value}
          @tile-select=${(event: CustomEvent<number>) => this.choose(event.detail)}
          @view-channels=${() => {
            this.view = { filter: this.filterOf(this.selected) };
          }}
        ></convlens-filter-details>`,
    )}`;
  }

  private renderToolbar(layer: string): TemplateResult {
    const scale = segments<FilterScale>(
      t("Scale"),
      [
        ["filter", t("Per filter"), t("Each filter from its smallest to its largest weight")],
        ["layer", t("Per layer"), t("One scale for the whole layer")],
        ["signed", t("Signed"), t("Red above zero, blue below: one scale for the layer")],
      ],
      this.scale,
    );
    const sort = dropdown<FilterSort>(
      t("Sort by"),
      [
        ["index", t("index")],
        ["norm", t("norm")],
      ],
      this.sort,
    );
    const of = {
      name: `${fileName(this.app.summary.name, layer)}.filters`,
      picture: this.asText.value ? null : this.png,
      numbers: layerNumbers(this.app, { layer, image: null, preActivation: false }),
      json: this.values.value ? () => this.values.value : null,
      more: epochsItem(this, this.app, { kind: "filters", layer }),
    };
    return toolbar(
      t("Filters"),
      html`${scale}
      ${channelChoice(this.grid, this.oneFilter, (view) => {
        if (this.oneFilter !== null) this.selected = this.oneFilter;
        this.view = view;
      })}
      ${this.oneFilter === null ? labelled(t("Sort"), sort) : nothing}
      ${sizeSlider({ min: 16, max: 240, step: 4 }, 64, this.size)}`,
      html`${toggle(icon("table"), t("Show as a table"), this.asText)} ${keep(t("the filters"), of)}`,
    );
  }

  private renderGrid(): TemplateResult {
    const { grid, oneFilter } = this;
    return this.renderTiles({
      label: t("Filters"),
      ...(oneFilter === null && grid && filterOrder(grid, this.sort.value)),
      lut: colormap(this.scale.value === "signed" ? "diverging" : "gray"),
      describe: this.describe,
      open: (filter) => {
        if (oneFilter !== null || !grid || grid.kernelShape[2] < 2) return;
        this.view = { filter };
        this.selected = 0;
      },
    });
  }

  /** Of one scale for the layer with its ends; of each filter's own the details tell those. */
  private renderLegend({ extent: { min, max } }: FilterGrid): TemplateResult {
    const magnitude = Math.max(Math.abs(min), Math.abs(max));
    const legends: Readonly<Record<FilterScale, () => TemplateResult>> = {
      filter: () => legend("gray", t("min"), t("max")),
      layer: () => legend("gray", num(min, 3), num(max, 3)),
      signed: () => legend("diverging", num(-magnitude, 3), num(magnitude, 3)),
    };
    return legends[this.scale.value]();
  }

  private renderPointer(): TemplateResult {
    const { point, grid } = this;
    if (!point || !grid)
      return html`<div class="pointer muted">
        <span class="fact"
          >${grid ? t("{0} (height, width, in, out)", grid.kernelShape.join(" × ")) : ""}</span
        >
        <span class="spacer"></span>
        ${grid && this.renderLegend(grid)}
      </div>`;
    const [, width, channels] = grid.kernelShape;
    const { y, x } = cellAt(point, grid.kernelShape);
    const filter = this.filterOf(point.index);
    const values = this.hoveredValues.value;
    const ready = values?.filter === filter && values.layer === grid.layer ? values : null;
    const value = (channel: number): string =>
      ready ? num(at(ready.kernel, (y * width + x) * channels + channel)) : "…";
    const drawn =
      typeof grid.view === "object" && "channel" in grid.view ? grid.view.channel : null;
    const one = this.oneFilter === null ? drawn : point.index;
    return html`<div class="pointer">
      <span>${t("Filter {0}", filter)}</span><span class="muted">y ${y}, x ${x}</span>
      ${
        one === null
          ? html`<span class="mono">R ${value(0)} G ${value(1)} B ${value(2)}</span>`
          : html`<span class="muted">${t("channel {0}", one)}</span
              ><span class="mono">${value(one)}</span>`
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-filters": ConvlensFilters;
  }
}
