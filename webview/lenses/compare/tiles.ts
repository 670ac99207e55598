import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import type { CallOptions } from "../../../src/rpc/index.ts";
import { composite, layoutOf, partAt } from "../../../src/shared/composite.ts";
import type {
  ComparedNumbers,
  ComparedTiles,
  DifferenceScale,
} from "../../../src/shared/contract/compare.ts";
import type { Tiles } from "../../../src/shared/contract/lenses.ts";
import { dropdown, labelled, segments, sizeSlider } from "../../common/controls/index.ts";
import {
  colormap,
  type ColormapName,
  type PageRequest,
  pageSizeFor,
} from "../../common/drawing/index.ts";
import { Own, Resource } from "../../common/state/index.ts";
import { icon } from "../../common/styles/index.ts";
import { heard, num, t } from "../../common/text/index.ts";
import { keep } from "../../components/export/keepable.ts";
import { SIDES, sideStyles } from "../../components/sides/sides.ts";
import { status } from "../../components/status/status.ts";
import { cellAt } from "../cell.ts";
import { split, toolbar } from "../frame.ts";
import { TileLens } from "../tile-lens.ts";
import type { Against } from "./against.ts";
import { viewStyles } from "./compare.styles.ts";
import { tilesKeepable } from "./keepables.ts";
import { differenceChoice, scaleBars } from "./scales.ts";
import "./details.ts";

interface Page extends ComparedTiles {
  readonly tiles: Tiles;
}

/** Filters or maps of both: each tile is A, B and B - A, what changed most first. */
@customElement("convlens-compare-tiles")
export class ConvlensCompareTiles extends TileLens<Page> {
  static override styles = [
    TileLens.styles,
    sideStyles,
    viewStyles,
    css`
      .split {
        flex: 1;
      }
      .name {
        font-size: 12px;
        color: var(--cl-strong);
      }
    `,
  ];

  @property({ attribute: false }) against!: Against;
  @property() kind: "filters" | "maps" = "filters";
  @property() layer = "";
  private readonly sort = new Own<"index" | "change">(this, "change");
  private readonly difference = new Own<DifferenceScale>(this, "same");
  private readonly channel = new Own<number | "colour">(this, "colour");

  /** Which filter or map stands at a place of the grid. */
  private indices = new Map<number, number>();
  private readonly numbers = new Resource<ComparedNumbers>(this);

  /** The two pictures of maps; null for filters. */
  private get pictures(): readonly [string, string] | null {
    const { image, otherImage } = this.against;
    return this.kind === "maps" && image !== null && otherImage !== null
      ? [image, otherImage]
      : null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("layer") || changed.has("kind")) {
      this.selected = 0;
      this.point = null;
    }
    const { app, kind, layer, pictures } = this;
    const { key } = this.against;
    const blocked = kind === "maps" && pictures === null;
    const look = {
      ...{ kind, layer, pictures, key },
      ...{ sort: this.sort.value, difference: this.difference.value, channel: this.channel.value },
      colours: [this.colours, ...this.gap].join(),
    };
    this.pages.open(blocked ? null : look, app.epoch, pageSizeFor(4096), (asked, options) =>
      this.fetch(asked, options),
    );
    const index = this.pages.stale ? undefined : this.indices.get(this.selected);
    const of = index === undefined || !app.trusted ? null : { layer, pictures, index };
    this.numbers.load(of && { of, key }, app.epoch, (asked, options) =>
      app.remote.compareNumbers(asked.of, options),
    );
  }

  private async fetch({ first, count }: PageRequest, options: CallOptions): Promise<Page> {
    const { remote } = this.app;
    const { layer, pictures } = this;
    const [sort, difference] = [this.sort.value, this.difference.value];
    const request = { layer, sort, difference, first, count };
    const page = pictures
      ? await remote.compareMaps(
          { ...request, image: pictures[0], otherImage: pictures[1] },
          options,
        )
      : await remote.compareFilters({ ...request, channel: this.channel.value }, options);
    if (first === 0) this.indices = new Map();
    page.indices.forEach((index, i) => this.indices.set(first + i, index));
    const looks = {
      values: colormap(page.signed ? "diverging" : this.colours),
      difference: colormap("diverging"),
      gap: this.gap,
    };
    return { ...page, tiles: composite(page, first, looks) };
  }

  private get colours(): ColormapName {
    return this.kind === "filters" ? "gray" : "viridis";
  }
  /** Between the parts of a tile: the panel's own background. */
  private get gap(): readonly [number, number, number] {
    const colour = getComputedStyle(document.body).backgroundColor;
    const [r = 30, g = 30, b = 30] = (colour.match(/\d+/g) ?? []).map(Number);
    return [r, g, b];
  }

  private nameOf(index: number): string {
    return this.kind === "filters" ? t("Filter {0}", index) : t("Map {0}", index);
  }

  private readonly caption = (place: number): string => {
    const index = this.indices.get(place);
    if (index === undefined) return "";
    const change = this.grid?.change;
    return change ? `${String(index)} · ${num(at(change, index), 2)}` : String(index);
  };
  private readonly describe = (place: number): string => {
    const index = this.indices.get(place) ?? place;
    const change = this.grid?.change;
    const what = this.nameOf(index);
    if (!change) return t("{0} of A, of B and their difference", what);
    const by = num(at(change, index), 3);
    return t("{0} of A and of B, changed by {1} of the layer's usual norm", what, by);
  };

  protected override render(): TemplateResult {
    const { grid, kind } = this;
    const filters = kind === "filters";
    const index = this.indices.get(this.selected) ?? 0;
    return html`${this.renderToolbar()}
    ${split(
      html`${status(
        this.pages,
        filters ? t("Reading filters of both") : t("Computing maps of both"),
      )}
      ${
        grid?.note
          ? html`<p class="note" role="note">${icon("info")}<span>${heard(grid.note)}</span></p>`
          : nothing
      }
      ${this.renderTiles({
        label: t("{0} of A, of B and their difference", filters ? t("Filters") : t("Maps")),
        native: grid && layoutOf(grid),
        least: 140,
        most: 330,
        caption: this.caption,
        describe: this.describe,
      })}
      ${grid ? this.renderScales(grid) : nothing}`,
      filters ? t("Selected filter") : t("Selected map"),
      grid &&
        html`<convlens-compare-details
          .page=${grid}
          .heading=${this.nameOf(index)}
          .values=${this.numbers.value}
          .index=${index}
        ></convlens-compare-details>`,
      true,
    )}`;
  }

  private renderToolbar(): TemplateResult {
    const { grid, kind } = this;
    const filters = kind === "filters";
    const [a, b] = grid?.layers ?? [this.layer, this.layer];
    const changed = t("What changed most first: |b − a| as a share of the layer's usual norm");
    const sort = segments<"index" | "change">(
      t("Sort by"),
      [
        ["change", t("Most changed"), changed],
        ["index", t("By number")],
      ],
      {
        value: this.sort.value,
        set: (chosen) => {
          this.sort.set(chosen);
          this.selected = 0;
        },
      },
    );
    return toolbar(
      filters ? t("Filters of both") : t("Maps of both"),
      html`<span class="name">${a === b ? a : `${a} ↔ ${b}`}</span> ${sort}
        ${differenceChoice(this.difference)} ${filters ? this.renderChannel() : nothing}
        ${sizeSlider({ min: 60, max: 480, step: 12 }, 180, this.size)}`,
      keep(
        filters ? t("the filters of both") : t("the maps of both"),
        grid && tilesKeepable(this.app, kind, this.pictures, grid, this.png),
      ),
    );
  }

  private renderChannel(): TemplateResult | typeof nothing {
    const depths = (this.grid?.shapes ?? []).map((shape) => at(shape, 2));
    const count = Math.min(...depths);
    if (depths.length === 0 || count < 2) return nothing;
    const colour = depths.every((depth) => depth === 3);
    const { value, set } = this.channel;
    const options = [
      ...(colour ? [["colour", t("colour")] as const] : []),
      ...Array.from({ length: count }, (_, i) => [i, String(i)] as const),
    ];
    const shown = value === "colour" && !colour ? 0 : value;
    return labelled(
      t("Channel"),
      dropdown<number | "colour">(t("Input channel"), options, { value: shown, set }),
    );
  }

  private renderScales(page: Page): TemplateResult {
    const [low, high] = page.range;
    const difference = page.difference && { magnitude: page.magnitude, largest: page.largest };
    const { total, relative } = page;
    const all =
      relative === null
        ? t("{0} in both", total)
        : t("{0} in both, moved by {1} of their norm", total, num(relative, 3));
    const colours = page.signed ? "diverging" : this.colours;
    const here = this.pointed(page);
    return html`${scaleBars({ colours, low, high, difference })}
      <div class="pointer"><span class=${here ? "" : "muted"}>${here ?? all}</span></div>`;
  }

  /** Where the pointer is; the numbers of the chosen tile stand beside. */
  private pointed(page: Page): string | null {
    const { point } = this;
    const place = point && partAt(layoutOf(page), point.u, point.v);
    if (!point || !place) return null;
    const { height, width } = place.part === 0 ? page.a : page.b;
    const { y, x } = cellAt(place, [height, width]);
    return `${this.caption(point.index)} ${SIDES[place.part]}, y ${String(y)}, x ${String(x)}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-compare-tiles": ConvlensCompareTiles;
  }
}
