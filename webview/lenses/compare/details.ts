import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import type { ComparedNumbers, ComparedTiles } from "../../../src/shared/contract/compare.ts";
import { rangeOf } from "../../../src/shared/tiles.ts";
import { base, details } from "../../common/styles/index.ts";
import { byLargest, channelOf, energies, num, signedScale, t } from "../../common/text/index.ts";
import { SIDES, sideMark, sideStyles } from "../../components/sides/sides.ts";
import "../../components/matrix/matrix.ts";

/** The chosen filter or map of both: large, with its numbers and theirs. */
@customElement("convlens-compare-details")
export class ConvlensCompareDetails extends LitElement {
  static override styles = [
    base,
    details,
    sideStyles,
    css`
      figure {
        margin: 0 0 10px;
      }
    `,
  ];

  @property({ attribute: false }) page!: ComparedTiles;
  @property() heading = "";
  @property({ attribute: false }) values: ComparedNumbers | null = null;
  @property({ type: Number }) index = 0;

  protected override render(): TemplateResult {
    const { page, values, index } = this;
    return html`<div class="title">
        ${this.heading} <span class="muted mono">${page.layers[0]}</span>
      </div>
      ${values ? renderParts(values) : nothing}
      <dl>
        ${
          page.change
            ? html`<dt
                  title=${t("|b − a| (L2), as a share of the root mean square over the layer")}
                >
                  ${t("Changed by")}
                </dt>
                <dd>${t("{0} of the usual norm", num(at(page.change, index), 3))}</dd>`
            : nothing
        }
        ${values?.values.map(
          (numbers, side) =>
            html`<dt>${t("Norm in {0}", at(SIDES, side))}</dt>
              <dd>${num(norm(numbers))}</dd>`,
        )}
      </dl>`;
  }
}

function renderParts({ shapes, values, difference }: ComparedNumbers): TemplateResult {
  const common = Math.max(...values.map(signedScale));
  const part = (
    side: 0 | 1 | 2,
    [, width = 1, depth = 1]: readonly number[],
    numbers: Float32Array,
    scale: number,
  ): TemplateResult => {
    const channel = at(byLargest(energies(numbers, depth)), 0);
    const shown = channelOf(numbers, depth, channel);
    const { min, max } = rangeOf(shown);
    const range = `${num(min, 3)} … ${num(max, 3)}`;
    return html`<figure>
      <figcaption>
        ${sideMark(side)}${depth > 1 ? t("strongest channel {0}: {1}", channel, range) : range}
      </figcaption>
      <convlens-matrix
        .values=${shown}
        .columns=${width}
        .scale=${scale}
        .size=${150}
        .label=${t("{0}, values from {1} to {2}", SIDES[side], num(min), num(max))}
      ></convlens-matrix>
    </figure>`;
  };
  return html`${part(0, shapes[0], values[0], common)} ${part(1, shapes[1], values[1], common)}
  ${difference ? part(2, shapes[0], difference, signedScale(difference)) : nothing}`;
}

const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

declare global {
  interface HTMLElementTagNameMap {
    "convlens-compare-details": ConvlensCompareDetails;
  }
}
