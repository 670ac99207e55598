import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Tiles } from "../../../src/shared/contract/lenses.ts";
import { colormap, drawTile, type Lut } from "../../common/drawing/index.ts";
import { t } from "../../common/text/index.ts";
import { base } from "../../common/styles/index.ts";

const SIDE = 76;
/** Of a map of one row. */
const STRIP = 16;

/**
 * A few tiles in a row, each a button.
 * @fires tile-select detail: the channel
 * @fires tile-painted
 */
@customElement("convlens-strip")
export class ConvlensStrip extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        gap: 6px;
        overflow: hidden;
      }
      button {
        flex: none;
        padding: 0;
        border: 0;
        line-height: 0;
        background: none;
        cursor: pointer;
      }
      button:hover canvas,
      button:focus-visible canvas {
        outline: 2px solid var(--cl-focus);
        outline-offset: -2px;
      }
      canvas {
        border-radius: 2px;
        outline: 1px solid var(--cl-outline);
        image-rendering: pixelated;
      }
    `,
  ];

  @property({ attribute: false }) tiles: Tiles | null = null;
  @property({ attribute: false }) channels: readonly number[] = [];
  @property({ attribute: false }) lut: Lut = colormap("viridis");

  protected override updated(): void {
    const { tiles } = this;
    if (!tiles) return;
    this.renderRoot.querySelectorAll("canvas").forEach((canvas, slot) => {
      const context = canvas.getContext("2d");
      const rect = { x: 0, y: 0, width: canvas.width, height: canvas.height };
      if (context) drawTile(context, { tiles, slot }, this.lut, rect, canvas.width < tiles.width);
    });
    this.dispatchEvent(new CustomEvent("tile-painted", { bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const { tiles } = this;
    const aspect = tiles ? tiles.width / tiles.height : 1;
    const width = Math.round(SIDE * Math.min(1, aspect));
    // a map over a series is a strip
    const height =
      tiles?.height === 1 && tiles.width > 1 ? STRIP : Math.round(SIDE / Math.max(1, aspect));
    return html`${this.channels.map(
      (channel) =>
        html`<button
          aria-label=${t("Map {0}", channel)}
          title=${t("Map {0}", channel)}
          @click=${() => this.dispatchEvent(new CustomEvent("tile-select", { detail: channel }))}
        >
          <canvas
            width=${width * devicePixelRatio}
            height=${height * devicePixelRatio}
            style=${`width:${String(width)}px;height:${String(height)}px`}
          ></canvas>
        </button>`,
    )}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-strip": ConvlensStrip;
  }
}
