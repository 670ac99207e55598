import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Attack } from "../../../src/shared/contract/experiments.ts";
import { canvasOfMap, colormap } from "../../common/drawing/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import { num, t } from "../../common/text/index.ts";

type Changed = Attack["changedMaps"][number];

/** One feature map before and after an attack, on one scale; a click is its parent's. */
@customElement("convlens-changed-map")
export class ConvlensChangedMap extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      button {
        display: grid;
        grid-template-columns: 64px 64px 1fr;
        gap: 6px;
        align-items: center;
        width: 100%;
        margin: 3px 0;
        padding: 3px;
        text-align: left;
      }
      canvas {
        width: 64px;
        height: 64px;
        object-fit: contain;
        image-rendering: pixelated;
      }
      span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  @property({ attribute: false }) map!: Changed;

  protected override render(): TemplateResult {
    const { layer, channel, change } = this.map;
    const name = t("{0}, map {1}", layer, channel);
    return html`<button title=${t("{0}: before and after, on one scale", name)}>
      <canvas id="before"></canvas><canvas id="after"></canvas>
      <span>${name}<br /><span class="mono muted">${num(change, 3)}</span></span>
    </button>`;
  }

  protected override updated(): void {
    for (const side of ["before", "after"] as const) {
      const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`#${side}`);
      const [height, width] = this.map.size;
      if (!canvas) continue;
      Object.assign(canvas, { width, height });
      const drawn = canvasOfMap({ pixels: this.map[side], width, height }, colormap("viridis"));
      canvas.getContext("2d")?.drawImage(drawn, 0, 0);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-changed-map": ConvlensChangedMap;
  }
}
