import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import { toByte, type PixelScale } from "../../../src/shared/tiles.ts";
import { colormap, type ColormapName } from "../../common/drawing/index.ts";
import { num, tiny } from "../../common/text/index.ts";
import { base } from "../../common/styles/index.ts";

/** In which colours numbers of one value are drawn. */
export const LUTS: Readonly<Record<PixelScale["kind"], ColormapName>> = {
  range: "gray",
  signed: "diverging",
};

/**
 * Few numbers as coloured cells (with the numbers in them where there is room): [height, width], or
 * [height, width, 3] as colours. On a signed scale values are red above and blue below zero, on a range gray.
 */
@customElement("convlens-matrix")
export class ConvlensMatrix extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
        line-height: 0;
      }
      canvas {
        border-radius: 2px;
        outline: 1px solid var(--cl-line);
      }
    `,
  ];

  @property({ attribute: false }) values: Float32Array = new Float32Array(0);
  @property({ type: Number }) columns = 1;
  /** 3 values a cell make a colour. */
  @property({ type: Number }) channels: 1 | 3 = 1;
  /** The scale of the grid that the numbers are from; a number is the magnitude of a signed one. */
  @property({ attribute: false }) scale: PixelScale | number = 1;
  /** Longest side, CSS pixels. */
  @property({ type: Number }) size = 72;
  @property() label = "";
  @query("canvas") private readonly canvas!: HTMLCanvasElement;

  private get rows(): number {
    return Math.ceil(this.values.length / this.channels / this.columns);
  }

  private colourAt(cell: number): { fill: string; dark: boolean } {
    const scale: PixelScale =
      typeof this.scale === "number" ? { kind: "signed", magnitude: this.scale } : this.scale;
    const byte = (i: number): number => toByte(at(this.values, cell * this.channels + i), scale);
    const lut = colormap(LUTS[scale.kind]);
    const step = byte(0) * 3;
    const rgb =
      this.channels === 3
        ? [byte(0), byte(1), byte(2)]
        : [at(lut, step), at(lut, step + 1), at(lut, step + 2)];
    const [r = 0, g = 0, b = 0] = rgb;
    return { fill: `rgb(${rgb.join(" ")})`, dark: r * 0.299 + g * 0.587 + b * 0.114 < 130 };
  }

  protected override updated(): void {
    const { canvas, columns, rows } = this;
    const side = Math.max(
      1,
      Math.floor((this.size * devicePixelRatio) / Math.max(columns, rows, 1)),
    );
    canvas.width = columns * side;
    canvas.height = Math.max(1, rows) * side;
    canvas.style.width = `${String(canvas.width / devicePixelRatio)}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    const numbers = this.channels === 1 && side / devicePixelRatio >= 20;
    context.font = `${String(Math.min(12 * devicePixelRatio, side * 0.36))}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let cell = 0; cell < columns * rows; cell++) {
      const { fill, dark } = this.colourAt(cell);
      const x = (cell % columns) * side;
      const y = Math.floor(cell / columns) * side;
      context.fillStyle = fill;
      context.fillRect(x, y, side, side);
      if (!numbers) continue;
      context.fillStyle = dark ? "#fff" : "#111";
      context.fillText(tiny(at(this.values, cell)), x + side / 2, y + side / 2, side - 2);
    }
  }

  private readonly tell = (event: PointerEvent): void => {
    const { canvas } = this;
    const side = canvas.clientWidth / this.columns;
    const x = Math.min(this.columns - 1, Math.floor(event.offsetX / side));
    const y = Math.min(this.rows - 1, Math.floor(event.offsetY / side));
    const from = (y * this.columns + x) * this.channels;
    const values = this.values.subarray(from, from + this.channels);
    canvas.title = `y ${String(y)}, x ${String(x)}: ${Array.from(values, (v) => num(v)).join(", ")}`;
  };

  protected override render(): TemplateResult {
    return html`<canvas role="img" aria-label=${this.label} @pointermove=${this.tell}></canvas>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-matrix": ConvlensMatrix;
  }
}
