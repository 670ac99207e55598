import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { t } from "../../common/text/index.ts";
import { showTile } from "../../common/drawing/index.ts";
import { base } from "../../common/styles/index.ts";
import type { MaximizeRun } from "./run.ts";

/** What is often found at that depth. */
const WORDS = [
  t("often edges, colours"),
  "",
  t("often textures"),
  "",
  t("often patterns"),
  t("often parts, objects"),
];

/**
 * One row a layer, from early to deep.
 * @fires tile-select detail: index of the item
 * @fires tile-painted
 */
@customElement("convlens-hierarchy")
export class ConvlensHierarchy extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        overflow: auto;
        padding: 8px 12px 16px;
      }
      .row {
        display: grid;
        grid-template-columns: minmax(84px, 150px) minmax(0, 1fr);
        gap: 12px;
        align-items: center;
        padding: 7px 0;
        border-bottom: 1px solid var(--cl-line);
      }
      .about {
        display: grid;
        min-width: 0;
        font-size: 11px;
        color: var(--cl-muted);
      }
      .about strong {
        overflow: hidden;
        font-size: 13px;
        font-weight: 500;
        color: var(--cl-strong);
        text-overflow: ellipsis;
      }
      .pictures {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 132px));
        gap: 8px;
      }
      button {
        padding: 0;
        border: 0;
        line-height: 0;
        background: var(--cl-hover);
        cursor: pointer;
      }
      button[aria-pressed="true"] {
        outline: 2px solid var(--cl-focus);
        outline-offset: 2px;
      }
      canvas {
        width: 100%;
        aspect-ratio: 1;
        image-rendering: pixelated;
      }
    `,
  ];

  @property({ attribute: false }) run!: MaximizeRun;
  @property({ type: Number }) revision = 0;
  @property({ type: Number }) selected = 0;
  @property({ attribute: false }) layers: readonly LayerSummary[] = [];

  protected override updated(): void {
    let drawn = 0;
    this.renderRoot.querySelectorAll("canvas").forEach((canvas, index) => {
      const place = this.run.tile(index);
      if (!place) return;
      showTile(canvas, place);
      drawn++;
    });
    if (drawn > 0) this.dispatchEvent(new CustomEvent("tile-painted"));
  }

  protected override render(): TemplateResult {
    const names = [
      ...new Set(this.run.items.flatMap(({ target }) => ("layer" in target ? [target.layer] : []))),
    ];
    return html`${names.map((name, row) => this.renderRow(name, row, names.length))}`;
  }

  private renderRow(name: string, row: number, rows: number): TemplateResult {
    const field = this.layers.find((layer) => layer.name === name)?.receptiveField?.size;
    const word = WORDS[Math.round((row / Math.max(1, rows - 1)) * (WORDS.length - 1))] ?? "";
    return html`<div class="row">
      <div class="about">
        <strong title=${name}>${name}</strong>
        <span>${field ? t("sees {0} pixels", field.join(" × ")) : ""}</span>
        <span>${word}</span>
      </div>
      <div class="pictures">
        ${this.run.items.map(({ target }, index) =>
          "layer" in target && target.layer === name
            ? html`<button
                aria-pressed=${index === this.selected ? "true" : "false"}
                aria-label=${t("{0}, filter {1}", name, target.filter)}
                title=${t("Filter {0}", target.filter)}
                @click=${() => this.dispatchEvent(new CustomEvent("tile-select", { detail: index }))}
              >
                <canvas></canvas>
              </button>`
            : "",
        )}
      </div>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-hierarchy": ConvlensHierarchy;
  }
}
