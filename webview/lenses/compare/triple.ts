import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ComparedNumbers, ComparedTiles } from "../../../src/shared/contract/compare.ts";
import { num } from "../../common/text/format.ts";
import { t } from "../../common/text/l10n.ts";
import { lensLayout } from "../../common/styles/lens-layout.ts";
import { base } from "../../common/styles/theme.ts";
import { channelOf } from "../../common/text/ranking.ts";
import { sideStyles } from "./compare.styles.ts";
import "../../components/matrix/matrix.ts";

/** The chosen filter or map: large, with its numbers and theirs. */
@customElement("convlens-compare-triple")
export class ConvlensCompareTriple extends LitElement {
  static override styles = [
    base,
    lensLayout,
    sideStyles,
    css`
      :host {
        display: block;
        height: auto;
        container-type: normal;
      }
      .title {
        margin-bottom: 8px;
        font-size: 15px;
        color: var(--cl-strong);
      }
      figure {
        margin: 0 0 10px;
      }
    `,
  ];

  @property({ attribute: false }) page!: ComparedTiles;
  @property() kind: "filters" | "maps" = "filters";
  @property({ attribute: false }) values: ComparedNumbers | null = null;
  @property({ type: Number }) index = 0;

  protected override render(): TemplateResult {
    const { page, values, index } = this;
    const change = page.change?.[index];
    return html`<div class="title">
        ${this.kind === "filters" ? t("Filter {0}", index) : t("Map {0}", index)}
        <span class="muted mono">${page.layers[0]}</span>
      </div>
      ${values ? this.renderParts(values) : nothing}
      <dl>
        ${
          change === undefined
            ? nothing
            : html`<dt
                  title=${t("|b − a| (L2), as a share of the root mean square over the layer")}
                >
                  ${t("Changed by")}
                </dt>
                <dd>${t("{0} of the usual norm", num(change, 3))}</dd>`
        }
        ${
          values
            ? (["A", "B"] as const).map(
                (side, i) =>
                  html`<dt>${t("Norm in {0}", side)}</dt>
                    <dd>${num(norm(values.values[i === 0 ? 0 : 1]))}</dd>`,
              )
            : nothing
        }
      </dl>`;
  }

  private renderParts({ shapes, values, difference }: ComparedNumbers): TemplateResult {
    const most = Math.max(...values.map(largest));
    const own = difference ? largest(difference) : 0;
    const part = (
      shape: readonly number[],
      numbers: Float32Array,
      scale: number,
      name: string,
      cls: string,
    ): TemplateResult => {
      const [, width = 1, depth = 1] = shape;
      const shown = channelOf(numbers, depth, strongest(numbers, depth));
      return html`<figure>
        <figcaption>
          <span class=${`side ${cls}`}>${name}</span>${scaleText(shown, depth, numbers)}
        </figcaption>
        <convlens-matrix
          .values=${shown}
          .columns=${width}
          .scale=${scale || 1}
          .size=${150}
          .label=${t("{0}, values from {1} to {2}", name, num(least(shown)), num(-least(shown.map((v) => -v))))}
        ></convlens-matrix>
      </figure>`;
    };
    return html`${part(shapes[0], values[0], most, "A", "")}
    ${part(shapes[1], values[1], most, "B", "b")}
    ${difference ? part(shapes[0], difference, own, "B − A", "d") : nothing}`;
  }
}

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const least = (values: Float32Array): number =>
  values.reduce((low, value) => Math.min(low, value), Infinity);
const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** The input channel with the largest norm. */
function strongest(values: Float32Array, depth: number): number {
  const energy = new Float64Array(depth);
  values.forEach((value, i) => {
    energy[i % depth] = (energy[i % depth] ?? 0) + value * value;
  });
  return energy.indexOf(Math.max(...energy));
}

function scaleText(shown: Float32Array, depth: number, all: Float32Array): string {
  const range = `${num(least(shown), 3)} … ${num(-least(shown.map((v) => -v)), 3)}`;
  return depth > 1 ? t("strongest channel {0}: {1}", strongest(all, depth), range) : range;
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-compare-triple": ConvlensCompareTriple;
  }
}
