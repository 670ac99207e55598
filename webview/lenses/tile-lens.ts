import { html, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import type { Provenance, Tiles } from "../../src/shared/contract/lenses.ts";
import { colormap, type Lut, Pages, pngOrNull } from "../common/drawing/index.ts";
import { Own } from "../common/state/index.ts";
import type { TilePoint } from "../components/tiles/tiles.ts";
import { LensElement } from "./lens.ts";
import "../components/tiles/tiles.ts";

/** How a grid is drawn; all but the words has a usual value. */
interface TileLook {
  readonly label: string;
  /** What a screen reader hears of a tile. */
  readonly describe: (index: number) => string;
  readonly caption?: (index: number) => string;
  /** Rows and columns of a tile's own pixels. */
  readonly native?: { readonly width: number; readonly height: number } | null;
  readonly order?: readonly number[] | null;
  readonly lut?: Lut;
  readonly dimmed?: ReadonlyMap<number, string>;
  /** Of the size that is chosen on its own, CSS pixels. */
  readonly least?: number;
  readonly most?: number;
  readonly open?: (index: number) => void;
}
const NONE: ReadonlyMap<number, string> = new Map();

/** A lens on a grid of tiles of a layer: one is chosen, one is pointed at, all can be kept as one picture. */
export abstract class TileLens<
  G extends Provenance & { readonly tiles: Tiles },
> extends LensElement {
  @state() protected selected = 0;
  @state() protected point: TilePoint | null = null;
  @query("convlens-tiles") private readonly tiles!: HTMLElement | null;
  protected readonly size = new Own<number | null>(this, null);
  protected readonly asText = new Own(this, false);
  protected readonly pages = new Pages<G>(this, this.arrived);

  /** Facts of the grid that is shown; null until its first page is there. */
  protected get grid(): G | null {
    return this.pages.meta;
  }

  protected readonly select = (index: number): void => {
    this.selected = index;
  };

  /** The tiles that are seen, PNG. */
  protected readonly png = (): Promise<Uint8Array | null> =>
    pngOrNull(this.tiles?.shadowRoot?.querySelector("canvas") ?? null);

  protected renderTiles(look: TileLook): TemplateResult {
    const { native = this.grid?.tiles, order = null, dimmed = NONE } = look;
    return html`<convlens-tiles
      class=${this.pages.stale ? "stale" : ""}
      .label=${look.label}
      .source=${this.pages}
      .revision=${this.pages.revision}
      .order=${order}
      .nativeWidth=${native?.width ?? 1}
      .nativeHeight=${native?.height ?? 1}
      .size=${this.size.value}
      .least=${look.least ?? 40}
      .most=${look.most ?? 176}
      .lut=${look.lut ?? colormap("gray")}
      .dimmed=${dimmed}
      .selected=${this.selected}
      .caption=${look.caption ?? String}
      .describe=${look.describe}
      @tile-painted=${() => {
        if (!this.pages.stale) this.drawn();
      }}
      @tile-select=${(event: CustomEvent<number>) => this.select(event.detail)}
      @tile-open=${(event: CustomEvent<number>) => look.open?.(event.detail)}
      @tile-hover=${(event: CustomEvent<TilePoint | null>) => {
        this.point = event.detail;
      }}
    ></convlens-tiles>`;
  }
}
