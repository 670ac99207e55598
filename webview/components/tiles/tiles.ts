import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { base } from "../../common/styles/index.ts";
import {
  colormap,
  displaySize,
  fittingSize,
  layoutTiles,
  type Lut,
  moveByKey,
  tileAt,
  type TileLayout,
  tileOrigin,
  type TileSource,
  visibleTiles,
} from "../../common/drawing/index.ts";
import { t } from "../../common/text/index.ts";
import { captionWidth, paint } from "./paint.ts";
import { canvasPainter, type TilePainter } from "./painter.ts";
import { styles } from "./tiles.styles.ts";
import { WebGlPainter } from "./webgl/painter.ts";

/** A place in a tile: u to the right, v down, 0..1. */
export interface TilePoint {
  readonly index: number;
  readonly u: number;
  readonly v: number;
}

/**
 * A grid of any number of tiles, drawn into one canvas of the size of the window. Only what is visible is asked for.
 * Arrow keys move the selected tile, Enter opens it; a screen reader hears `describe(index)`.
 *
 * @fires tile-select detail: index
 * @fires tile-open detail: index
 * @fires tile-hover detail: TilePoint or null
 * @fires tile-painted after tiles with data were drawn
 */
@customElement("convlens-tiles")
export class ConvlensTiles extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) source: TileSource | null = null;
  /** Changes when the source has something else to show. */
  @property({ type: Number }) revision = 0;
  /** Tiles in the order they are shown; null: as they come. */
  @property({ attribute: false }) order: readonly number[] | null = null;
  @property({ type: Number }) nativeWidth = 1;
  @property({ type: Number }) nativeHeight = 1;
  /** Longest side of a tile on the screen, CSS pixels; null: as large as lets all tiles be seen. */
  @property({ type: Number }) size: number | null = null;
  /** The least size that is chosen on its own. */
  @property({ type: Number }) least = 40;
  /** The largest. */
  @property({ type: Number }) most = 176;
  @property({ attribute: false }) lut: Lut = colormap("gray");
  @property({ type: Number }) selected: number | null = null;
  /** Tiles shown faintly, with the word that says why. */
  @property({ attribute: false }) dimmed: ReadonlyMap<number, string> = new Map();
  @property({ attribute: false }) caption: (index: number) => string = String;
  @property({ attribute: false }) describe: (index: number) => string = String;
  @property() label = t("Tiles");

  @query("canvas") private readonly canvas!: HTMLCanvasElement;
  @query(".viewport") private readonly viewport!: HTMLElement;
  /** What draws the tiles; chosen when there is something to draw. */
  painter: TilePainter | null = null;
  private hovered: number | null = null;
  private frame = 0;
  private readonly resized = new ResizeObserver(() => this.requestUpdate());
  private readonly themed = new MutationObserver(() => this.schedule());

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
    const attributeFilter = ["class", "style"];
    for (const element of [document.documentElement, document.body])
      this.themed.observe(element, { attributes: true, attributeFilter });
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.themed.disconnect();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.painter?.dispose();
    this.painter = null;
  }

  private get count(): number {
    return this.order?.length ?? this.source?.total ?? 0;
  }
  private readonly indexAt = (position: number): number => this.order?.[position] ?? position;
  private positionOf(index: number | null): number {
    if (index === null) return -1;
    return this.order ? this.order.indexOf(index) : index;
  }

  private get layout(): TileLayout {
    const size = this.size ?? fittingSize(this.layoutOf, this.clientHeight, this.least, this.most);
    return this.layoutOf(size);
  }

  private readonly layoutOf = (size: number): TileLayout => {
    const { nativeWidth: w, nativeHeight: h } = this;
    return layoutTiles({
      width: this.clientWidth,
      count: this.count,
      tileWidth: displaySize(w, h, size, devicePixelRatio),
      tileHeight: displaySize(h, w, size, devicePixelRatio),
      minPitch: captionWidth(this.dimmed.size > 0 ? 8 : String(this.count).length),
    });
  };

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("selected") || changed.has("order")) this.reveal();
    this.schedule();
  }

  private reveal(): void {
    const position = this.positionOf(this.selected);
    if (position < 0) return;
    const { layout, viewport } = this;
    const { y } = tileOrigin(layout, position);
    if (y < viewport.scrollTop) viewport.scrollTop = y - layout.top;
    else if (y + layout.pitchY > viewport.scrollTop + viewport.clientHeight)
      viewport.scrollTop = y + layout.pitchY - viewport.clientHeight;
  }

  private schedule(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { canvas, viewport, source, layout } = this;
    const dpr = devicePixelRatio;
    const width = Math.round(viewport.clientWidth * dpr);
    const height = Math.round(viewport.clientHeight * dpr);
    if (width === 0 || height === 0 || !source) return;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const range = visibleTiles(layout, viewport.scrollTop, viewport.clientHeight);
    const positions = Array.from({ length: range[1] - range[0] }, (_, i) => range[0] + i);
    source.need(positions.map(this.indexAt));
    this.painter ??= WebGlPainter.create() ?? canvasPainter;
    const drawn = paint(canvas, {
      painter: this.painter,
      layout,
      range,
      source,
      dpr,
      scrollTop: viewport.scrollTop,
      indexAt: this.indexAt,
      lut: this.lut,
      selected: this.selected,
      hovered: this.hovered,
      dimmed: this.dimmed,
      caption: this.caption,
      colours: getComputedStyle(this),
    });
    if (drawn > 0) this.dispatchEvent(new CustomEvent("tile-painted"));
  }

  private pointAt(event: MouseEvent): TilePoint | null {
    const box = this.viewport.getBoundingClientRect();
    const y = event.clientY - box.top + this.viewport.scrollTop;
    const hit = tileAt(this.layout, event.clientX - box.left, y);
    return hit && { index: this.indexAt(hit.position), u: hit.u, v: hit.v };
  }

  private hover(point: TilePoint | null): void {
    if (point === null && this.hovered === null) return;
    this.hovered = point?.index ?? null;
    this.dispatchEvent(new CustomEvent("tile-hover", { detail: point }));
    this.schedule();
  }

  private choose(index: number): void {
    this.dispatchEvent(new CustomEvent("tile-select", { detail: index }));
  }

  private key(event: KeyboardEvent): void {
    const { layout, viewport } = this;
    const position = this.positionOf(this.selected);
    if (event.key === "Enter" && this.selected !== null) {
      this.dispatchEvent(new CustomEvent("tile-open", { detail: this.selected }));
      return;
    }
    const rows = Math.max(1, Math.floor(viewport.clientHeight / layout.pitchY));
    const columns = Math.max(2, layout.columns);
    const target = position < 0 ? 0 : moveByKey(event.key, position, this.count, columns, rows);
    const known = /^(Arrow|Page|Home$|End$)/.test(event.key);
    if (!known || this.count === 0) return;
    event.preventDefault();
    this.choose(this.indexAt(target));
  }

  protected override render(): TemplateResult {
    const position = this.positionOf(this.selected);
    const active = position >= 0 ? this.indexAt(position) : this.indexAt(0);
    return html`<div
      class="viewport"
      role="listbox"
      tabindex="0"
      aria-label=${this.label}
      aria-activedescendant="active"
      @scroll=${() => this.schedule()}
      @keydown=${(event: KeyboardEvent) => this.key(event)}
      @pointermove=${(event: PointerEvent) => this.hover(this.pointAt(event))}
      @pointerleave=${() => this.hover(null)}
      @click=${(event: MouseEvent) => {
        const point = this.pointAt(event);
        if (point) this.choose(point.index);
      }}
      @dblclick=${(event: MouseEvent) => {
        const point = this.pointAt(event);
        if (point) this.dispatchEvent(new CustomEvent("tile-open", { detail: point.index }));
      }}
    >
      <canvas aria-hidden="true"></canvas>
      <div class="extent" style=${`height:${String(this.layout.height)}px`}></div>
      <div
        id="active"
        class="sr-only"
        role="option"
        aria-selected=${position >= 0 ? "true" : "false"}
        aria-posinset=${Math.max(0, position) + 1}
        aria-setsize=${Math.max(1, this.count)}
      >
        ${this.count > 0 ? this.describe(active) : t("Nothing to show")}
      </div>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-tiles": ConvlensTiles;
  }
  interface HTMLElementEventMap {
    "tile-select": CustomEvent<number>;
    "tile-open": CustomEvent<number>;
    "tile-hover": CustomEvent<TilePoint | null>;
    "tile-painted": CustomEvent<null>;
  }
}
