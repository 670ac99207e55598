import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type {
  ComparedNumbers,
  ComparedTiles,
  DifferenceScale,
} from "../../../src/shared/contract/compare.ts";
import type { Tiles } from "../../../src/shared/contract/lenses.ts";
import { composite, layoutOf, partAt } from "../../../src/shared/composite.ts";
import type { CallOptions } from "../../../src/rpc/index.ts";
import { painted, send, type App } from "../../common/state/app.ts";
import { colormap, type ColormapName } from "../../common/drawing/colormaps.ts";
import { dropdown, segments, slider } from "../../common/styles/controls.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { num } from "../../common/text/format.ts";
import { icon } from "../../common/styles/icons.ts";
import { heard, t } from "../../common/text/l10n.ts";
import { lensLayout } from "../../common/styles/lens-layout.ts";
import { Pages, pageSizeFor, type PageRequest } from "../../common/drawing/tile-pages.ts";
import { Resource } from "../../common/state/resource.ts";
import { base } from "../../common/styles/theme.ts";
import type { ConvlensTiles, TilePoint } from "../../components/tiles/tiles.ts";
import type { Against } from "./compare.ts";
import { sideStyles, viewStyles } from "./compare.styles.ts";
import { differenceChoice, scaleBars } from "./scales.ts";
import { tilesKeepable } from "./keepables.ts";
import "../../components/status/status.ts";
import "../../components/tiles/tiles.ts";
import "./triple.ts";

interface Page extends ComparedTiles {
  readonly tiles: Tiles;
}

/** Filters or maps of both: each tile is A, B and B - A, what changed most first. */
@customElement("convlens-compare-tiles")
export class ConvlensCompareTiles extends LitElement {
  static override styles = [
    base,
    controls,
    lensLayout,
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

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) against!: Against;
  @property() kind: "filters" | "maps" = "filters";
  @property() layer = "";
  @state() private sort: "index" | "change" = "change";
  @state() private difference: DifferenceScale = "same";
  @state() private channel: number | "colour" = "colour";
  @state() private size: number | null = null;
  @state() private selected = 0;
  @state() private point: TilePoint | null = null;
  @query("convlens-tiles") private readonly tiles!: ConvlensTiles | null;

  /** Which filter or map stands at a place of the grid. */
  private indices = new Map<number, number>();
  private readonly pages = new Pages<Page>(this, (page) => send(this, "convlens-provenance", page));
  private readonly numbers = new Resource<ComparedNumbers>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("layer") || changed.has("kind")) {
      this.selected = 0;
      this.point = null;
    }
    const { app, against, kind, layer, sort, difference, channel } = this;
    const { image, otherImage, key } = against;
    const blocked = kind === "maps" && (image === null || otherImage === null);
    const wanted = blocked
      ? null
      : { key, kind, layer, sort, difference, channel, image, otherImage };
    const colours = [key, this.values, this.gap.join()].join();
    this.pages.open(
      wanted && { ...wanted, colours },
      app.epoch,
      pageSizeFor(4096),
      (asked, options) => this.fetch(asked, options),
    );
    const at = this.pages.stale ? undefined : this.indices.get(this.selected);
    const pictures = kind === "maps" ? ([image ?? "", otherImage ?? ""] as const) : null;
    const of = at === undefined || blocked || !app.trusted ? null : { layer, pictures, index: at };
    this.numbers.load(of && { of, key }, app.epoch, (asked, options) =>
      app.remote.compareNumbers(asked.of, options),
    );
  }

  private async fetch({ first, count }: PageRequest, options: CallOptions): Promise<Page> {
    const { remote } = this.app;
    const { layer, sort, difference, channel, against } = this;
    const request = { layer, sort, difference, first, count };
    const [image, otherImage] = [against.image ?? "", against.otherImage ?? ""];
    const page =
      this.kind === "filters"
        ? await remote.compareFilters({ ...request, channel }, options)
        : await remote.compareMaps({ ...request, image, otherImage }, options);
    if (first === 0) this.indices = new Map();
    page.indices.forEach((index, i) => this.indices.set(first + i, index));
    const looks = {
      values: colormap(page.signed ? "diverging" : this.values),
      difference: colormap("diverging"),
      gap: this.gap,
    };
    return { ...page, tiles: composite(page, first, looks) };
  }

  private get values(): ColormapName {
    return this.kind === "filters" ? "gray" : "viridis";
  }
  /** Between the parts of a tile: the panel's own background. */
  private get gap(): readonly [number, number, number] {
    const colour = getComputedStyle(document.body).backgroundColor;
    const [r = 30, g = 30, b = 30] = (colour.match(/\d+/g) ?? []).map(Number);
    return [r, g, b];
  }
  private get page(): Page | null {
    return this.pages.meta;
  }

  private readonly caption = (place: number): string => {
    const index = this.indices.get(place);
    if (index === undefined) return "";
    const change = this.page?.change?.[index];
    return change === undefined ? String(index) : `${String(index)} · ${num(change, 2)}`;
  };
  private readonly describe = (place: number): string => {
    const index = this.indices.get(place) ?? place;
    const change = this.page?.change?.[index];
    const what = this.kind === "filters" ? t("Filter {0}", index) : t("Map {0}", index);
    if (change === undefined) return t("{0} of A, of B and their difference", what);
    return t("{0} of A and of B, changed by {1} of the layer's usual norm", what, num(change, 3));
  };

  protected override render(): TemplateResult {
    const { page, kind } = this;
    return html`${this.renderToolbar()}
      <div class="split">
        <div class="main">
          <convlens-status
            .of=${this.pages}
            doing=${kind === "filters" ? t("Reading filters of both") : t("Computing maps of both")}
          ></convlens-status>
          ${
            page?.note
              ? html`<p class="note" role="note">
                  ${icon("info")}<span>${heard(page.note)}</span>
                </p>`
              : nothing
          }
          ${this.renderTiles()} ${page ? this.renderScales(page) : nothing}
        </div>
        <aside
          tabindex="0"
          aria-label=${kind === "filters" ? t("Selected filter") : t("Selected map")}
        >
          ${
            page
              ? html`<convlens-compare-triple
                  .page=${page}
                  .kind=${kind}
                  .values=${this.numbers.value}
                  .index=${this.indices.get(this.selected) ?? 0}
                ></convlens-compare-triple>`
              : nothing
          }
        </aside>
      </div>`;
  }

  private renderToolbar(): TemplateResult {
    const { page, kind } = this;
    const [a, b] = page?.layers ?? [this.layer, this.layer];
    return html`<div
      class="toolbar"
      role="toolbar"
      aria-label=${kind === "filters" ? t("Filters of both") : t("Maps of both")}
    >
      <span class="name">${a === b ? a : `${a} ↔ ${b}`}</span>
      ${segments<"index" | "change">(
        t("Sort by"),
        [
          [
            "change",
            t("Most changed"),
            t("What changed most first: |b − a| as a share of the layer's usual norm"),
          ],
          ["index", t("By number")],
        ],
        this.sort,
        (sort) => {
          this.sort = sort;
          this.selected = 0;
        },
      )}
      ${differenceChoice(this.difference, (difference) => {
        this.difference = difference;
      })}
      ${kind === "filters" ? this.renderChannel() : nothing}
      ${slider(t("Size"), { min: 60, max: 480, step: 12 }, this.size ?? 180, (size) => {
        this.size = size;
      })}
      <span class="end"
        ><convlens-keep
          .what=${kind === "filters" ? t("the filters of both") : t("the maps of both")}
          .of=${page && tilesKeepable(this.app, this.against, kind, page, () => this.tiles?.shadowRoot?.querySelector("canvas") ?? null)}
        ></convlens-keep
      ></span>
    </div>`;
  }

  private renderChannel(): TemplateResult | typeof nothing {
    const [a, b] = this.page?.shapes ?? [[], []];
    const count = Math.min(a[2] ?? 1, b[2] ?? 1);
    if (count < 2) return nothing;
    const colour = a[2] === 3 && b[2] === 3;
    const names = Array.from({ length: count }, (_, i) => String(i));
    const value = this.channel === "colour" ? (colour ? "colour" : "0") : String(this.channel);
    return html`<label
      >${t("Channel")}
      ${dropdown(
        t("Input channel"),
        [
          ...(colour ? [["colour", t("colour")] as const] : []),
          ...names.map((name) => [name, name] as const),
        ],
        value,
        (chosen) => {
          this.channel = chosen === "colour" ? "colour" : Number(chosen);
        },
      )}</label
    >`;
  }

  private renderTiles(): TemplateResult {
    const { page } = this;
    const layout = page && layoutOf(page);
    return html`<convlens-tiles
      class=${this.pages.stale ? "stale" : ""}
      .label=${t("{0} of A, of B and their difference", this.kind === "filters" ? t("Filters") : t("Maps"))}
      .source=${this.pages}
      .revision=${this.pages.revision}
      .nativeWidth=${layout?.width ?? 1}
      .nativeHeight=${layout?.height ?? 1}
      .size=${this.size}
      .least=${140}
      .most=${330}
      .selected=${this.selected}
      .caption=${this.caption}
      .describe=${this.describe}
      @tile-painted=${() => painted(this, "compare")}
      @tile-select=${(event: CustomEvent<number>) => {
        this.selected = event.detail;
      }}
      @tile-hover=${(event: CustomEvent<TilePoint | null>) => {
        this.point = event.detail;
      }}
    ></convlens-tiles>`;
  }

  private renderScales(page: Page): TemplateResult {
    const [low, high] = page.range;
    const difference = page.difference && { magnitude: page.magnitude, largest: page.largest };
    const here = this.pointed(page);
    return html`${scaleBars({ colours: page.signed ? "diverging" : this.values, low, high, difference })}
      <div class="pointer">
        ${
          here
            ? html`<span>${here}</span>`
            : html`<span class="muted"
                >${
                  page.relative === null
                    ? t("{0} in both", page.total)
                    : t(
                        "{0} in both, moved by {1} of their norm",
                        page.total,
                        num(page.relative, 3),
                      )
                }</span
              >`
        }
      </div>`;
  }

  /** Where the pointer is; the numbers of the chosen tile stand beside. */
  private pointed(page: Page): string | null {
    const { point } = this;
    const place = point && partAt(layoutOf(page), point.u, point.v);
    if (!point || !place) return null;
    const tiles = place.part === 0 ? page.a : page.b;
    const [y, x] = [Math.floor(place.v * tiles.height), Math.floor(place.u * tiles.width)];
    const side = ["A", "B", "B − A"][place.part] ?? "";
    return `${this.caption(point.index)} ${side}, y ${String(y)}, x ${String(x)}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-compare-tiles": ConvlensCompareTiles;
  }
}
