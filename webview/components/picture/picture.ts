import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { ifDefined } from "lit/directives/if-defined.js";
import type { Picture, Rect } from "../../../src/shared/contract/lenses.ts";
import type { Answer } from "../../../src/shared/contract/outputs.ts";
import {
  canvasOf,
  canvasOfMap,
  colormap,
  type Lut,
  type MapPixels,
  paintAnswer,
  paintPlace,
  paintSeries,
  seriesHeight,
  type VolumeSize,
  type PlaceOn,
} from "../../common/drawing/index.ts";
import { describe, t } from "../../common/text/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import { cutControls, CutController } from "./cut.ts";

/** A pixel to be ringed, drawn in its colour. */
export interface PixelMark {
  readonly x: number;
  readonly y: number;
  readonly rgb: readonly [number, number, number];
}
interface Size {
  readonly width: number;
  readonly height: number;
}
/** A place in a picture, 0..1 of its width and height. */
export interface PicturePoint {
  readonly u: number;
  readonly v: number;
}

/**
 * A picture with a map over it and a rectangle on it, as wide as its box.
 * @fires picture-hover detail: PicturePoint or null
 * @fires picture-click detail: PicturePoint
 * @fires picture-painted
 */
@customElement("convlens-picture")
export class ConvlensPicture extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        line-height: 0;
      }
      canvas {
        width: 100%;
        border-radius: 3px;
        outline: 1px solid var(--cl-outline);
      }
      canvas:focus-visible {
        outline: 2px solid var(--cl-focus);
        outline-offset: 1px;
      }
      p {
        margin: 6px 0 0;
        font-size: 12px;
        line-height: 1.4;
      }
      .cut {
        display: flex;
        align-items: center;
        gap: 8px;
        margin-top: 6px;
        line-height: 1.4;
      }
      .cut input {
        flex: 1;
        min-width: 40px;
      }
      :host([clickable]) canvas {
        cursor: crosshair;
      }
    `,
  ];

  @property({ attribute: false }) picture: Picture | null = null;
  @property({ attribute: false }) map: MapPixels | null = null;
  @property({ attribute: false }) lut: Lut = colormap("viridis");
  @property({ type: Number }) opacity = 1;
  /** The picture is gray below the map: its colours would be mistaken for the map's. */
  @property({ type: Boolean }) gray = false;
  /** Interpolates the map; otherwise its cells stay squares. */
  @property({ type: Boolean }) smooth = false;
  /** The picture's own pixels stay squares as well. */
  @property({ type: Boolean }) crisp = false;
  /** In pixels of the picture (of the map where there is no picture); may reach over the border. */
  @property({ attribute: false }) rect: Rect | null = null;
  /** In pixels of the picture. */
  @property({ attribute: false }) marks: readonly PixelMark[] = [];
  /** What the network says of the picture, drawn on it; the place that is asked about. */
  @property({ attribute: false }) answer: Answer | null = null;
  @property({ attribute: false }) place: PlaceOn | null = null;
  /** What the picture shows, in words. */
  @property() label = "";
  @property({ type: Boolean, reflect: true }) clickable = false;
  /** A move with the button down clicks all along. */
  @property({ type: Boolean }) drags = false;
  /** The map can be read as text: with the keyboard at the picture, or by a screen reader. */
  @property({ type: Boolean }) readable = false;
  /** 128 is the map's zero. */
  @property({ type: Boolean }) signed = false;
  /** Of a map of a volume alone: how many slices stand one below another. */
  @property({ attribute: false }) slices: number | undefined = undefined;
  /** Of a volume it shows what other pictures are cut at, and has no slider of its own. */
  @property({ type: Boolean }) follows = false;
  @state() private asText = false;
  private readonly cut = new CutController(this);

  @query("canvas") readonly canvas!: HTMLCanvasElement;
  private readonly resized = new ResizeObserver(() => this.draw());

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  private get size(): { width: number; height: number } {
    return this.picture ?? this.map ?? { width: 1, height: 1 };
  }
  /** A series, or a map of one alone. */
  private get isSeries(): boolean {
    return this.picture?.curves !== undefined || (!this.picture && this.map?.height === 1);
  }
  /** Of a volume; null: it is none. */
  private get volume(): VolumeSize | null {
    const slices = this.slices ?? this.picture?.slices;
    const { width, height } = this.size;
    return slices === undefined ? null : [slices, height / slices, width];
  }
  /** What is seen of a volume, or all of what is none. */
  private get seen(): { picture: Picture | null; map: MapPixels | null; size: Size } {
    const { picture, map, volume, size } = this;
    if (!volume) return { picture, map, size };
    const own = this.cut.of(picture?.rgba ?? map?.pixels ?? new Uint8Array(), volume);
    return {
      picture: picture && { width: own.width, height: own.height, rgba: own.pixels },
      map: map && this.cut.of(map.pixels, volume),
      size: own,
    };
  }

  protected override updated(): void {
    this.draw();
  }

  private draw(): void {
    const { canvas } = this;
    const { picture, map, size } = this.seen;
    const rect = this.volume ? null : this.rect;
    const context = canvas.getContext("2d");
    const width = Math.round(canvas.clientWidth * devicePixelRatio);
    if (!context || width === 0 || (!picture && !map)) return;
    if (this.isSeries) {
      this.drawSeries(context, width);
      return;
    }
    const height = Math.max(1, Math.round((width * size.height) / size.width));
    canvas.width = width;
    canvas.height = height;
    context.imageSmoothingQuality = "high";
    context.imageSmoothingEnabled = !this.crisp;
    if (picture) context.drawImage(canvasOf(picture), 0, 0, width, height);
    if (map && picture && this.gray && this.opacity > 0) withoutColour(context);
    if (map) {
      context.globalAlpha = this.opacity;
      context.imageSmoothingEnabled = this.smooth;
      const cells = canvasOfMap(map, this.lut);
      context.drawImage(cells, 0, 0, width, height);
      context.globalAlpha = 1;
    }
    if (this.answer) paintAnswer(this.answer, context, width / size.width);
    if (this.place) paintPlace(this.place, context);
    for (const mark of this.marks) drawMark(context, mark, width / size.width);
    if (rect) this.drawRect(context, rect, width / size.width);
    this.dispatchEvent(new CustomEvent("picture-painted"));
  }

  private drawSeries(context: CanvasRenderingContext2D, width: number): void {
    const { canvas, picture, map, lut, opacity, signed, rect } = this;
    const style = getComputedStyle(this);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    canvas.width = width;
    canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
    const curves = picture?.curves ?? null;
    const steps = curves?.length ?? map?.width ?? 1;
    const colours = {
      ...{ strong: colour("--cl-strong"), muted: colour("--cl-muted") },
      ...{ line: colour("--cl-line"), font: style.fontFamily },
    };
    paintSeries(context, { curves, map, lut, opacity, signed, steps, colours });
    if (rect) this.drawRect(context, { ...rect, y: 0, height: Infinity }, width / steps);
    this.dispatchEvent(new CustomEvent("picture-painted"));
  }

  private drawRect(context: CanvasRenderingContext2D, rect: Rect, scale: number): void {
    const { canvas } = this;
    const line = devicePixelRatio;
    const x = Math.max(line, rect.x * scale);
    const y = Math.max(line, rect.y * scale);
    const right = Math.min(canvas.width - line, (rect.x + rect.width) * scale);
    const bottom = Math.min(canvas.height - line, (rect.y + rect.height) * scale);
    if (this.picture) {
      const outside = new Path2D();
      outside.rect(0, 0, canvas.width, canvas.height);
      outside.rect(x, y, right - x, bottom - y);
      context.fillStyle = "rgb(0 0 0 / 28%)";
      context.fill(outside, "evenodd");
    }
    // black and white, so that it is seen on every picture
    context.lineWidth = 3 * line;
    context.strokeStyle = "#000";
    context.strokeRect(x, y, right - x, bottom - y);
    context.lineWidth = line;
    context.strokeStyle = "#fff";
    context.strokeRect(x, y, right - x, bottom - y);
  }

  /** Where on the picture the pointer is. */
  point(event: MouseEvent): PicturePoint {
    const box = this.canvas.getBoundingClientRect();
    const within = (value: number): number => Math.min(0.999999, Math.max(0, value));
    const u = within((event.clientX - box.left) / box.width);
    const v = within((event.clientY - box.top) / box.height);
    return this.volume ? this.cut.within(u, v, this.volume) : { u, v };
  }

  protected override render(): TemplateResult {
    const { width, height } = this.seen.size;
    const shape = this.isSeries
      ? `height:${String(seriesHeight(this.picture !== null))}px`
      : `aspect-ratio:${String(width)}/${String(height)}`;
    const words = this.readable && this.map ? describe(this.map, this.signed) : null;
    return html`<canvas
        role=${words === null ? "img" : "button"}
        aria-label=${words === null ? this.label : t("{0}. Press Enter to read it as text.", this.label)}
        aria-expanded=${ifDefined(words === null ? undefined : this.asText ? "true" : "false")}
        tabindex=${ifDefined(words === null ? undefined : 0)}
        @keydown=${(event: KeyboardEvent) => {
          if (words === null || (event.key !== "Enter" && event.key !== " ")) return;
          event.preventDefault();
          this.asText = !this.asText;
        }}
        style=${shape}
        @pointermove=${(event: PointerEvent) => {
          const detail = this.point(event);
          this.dispatchEvent(new CustomEvent("picture-hover", { detail }));
          if (this.drags && event.buttons === 1)
            this.dispatchEvent(new CustomEvent("picture-click", { detail }));
        }}
        @pointerleave=${() => this.dispatchEvent(new CustomEvent("picture-hover", { detail: null }))}
        @click=${(event: MouseEvent) => this.dispatchEvent(new CustomEvent("picture-click", { detail: this.point(event) }))}
      ></canvas>
      ${this.volume && !this.follows ? cutControls(this.volume) : nothing}
      ${words !== null && this.asText ? html`<p role="status">${words}</p>` : nothing}`;
  }
}

/** Every browser has this blend; a filter not. */
function withoutColour(context: CanvasRenderingContext2D): void {
  context.globalCompositeOperation = "saturation";
  context.fillStyle = "#808080";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.globalCompositeOperation = "source-over";
}

/** A pixel of a large picture is too small to be seen: the ring says where it is. */
function drawMark(
  context: CanvasRenderingContext2D,
  { x, y, rgb }: PixelMark,
  scale: number,
): void {
  const line = devicePixelRatio;
  context.fillStyle = `rgb(${rgb.join(" ")})`;
  context.fillRect(x * scale, y * scale, scale, scale);
  const radius = Math.max(9 * line, scale * 1.1);
  for (const [width, style] of [
    [4, "#000"],
    [2, "#fff"],
  ] as const) {
    context.beginPath();
    context.arc((x + 0.5) * scale, (y + 0.5) * scale, radius, 0, 2 * Math.PI);
    context.lineWidth = width * line;
    context.strokeStyle = style;
    context.stroke();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-picture": ConvlensPicture;
  }
  interface HTMLElementEventMap {
    "picture-hover": CustomEvent<PicturePoint | null>;
    "picture-click": CustomEvent<PicturePoint>;
    "picture-painted": CustomEvent<null>;
  }
}
