import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { ifDefined } from "lit/directives/if-defined.js";
import { at } from "../../../src/base/at.ts";
import type { DotProduct } from "../../../src/shared/contract/lenses.ts";
import { agrees, channelOf, num, signedScale, t, topChannels } from "../../common/text/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import { styles } from "./dot-product.styles.ts";
import { formulaOf, kindOf, meaningOf, numbersOf } from "./words.ts";
import "../../components/matrix/matrix.ts";

const SHOWN = 4;
/** Length of the longer vector, CSS pixels. */
const REACH = 130;

/**
 * How one number of a feature map came about, as a story: the patch, the kernel, their products; the same as lengths
 * and an angle; then bias, batch norm and activation, to the network's own number.
 */
@customElement("convlens-dot-product")
export class ConvlensDotProduct extends LitElement {
  static override styles = [base, controls, styles];

  @property({ attribute: false }) of: DotProduct | null = null;

  protected override render(): TemplateResult {
    const { of } = this;
    if (!of) return html`<p class="muted">${t("Computing …")}</p>`;
    const kind = kindOf(of);
    return html`<h2>
        ${t("One number of {0}: filter {1} at y {2}, x {3}", of.layer, of.filter, of.y, of.x)}
      </h2>
      ${kind === null ? nothing : html`<p class="kind">${kind}</p>`} ${this.renderProducts(of)}
      ${this.renderAngle(of)} ${this.renderSteps(of)}`;
  }

  private renderProducts(of: DotProduct): TemplateResult {
    const [height, width, channels] = of.shape;
    const { top, others, rest } = topChannels(of.products, height * width, channels, SHOWN);
    const scales = [of.patch, of.kernel, of.products].map(signedScale);
    const matrix = (values: Float32Array, channel: number, scale: number, name: string) =>
      html`<convlens-matrix
        .values=${channelOf(values, channels, channel)}
        .columns=${width}
        .scale=${scale}
        .size=${78}
        .label=${t("{0}, channel {1}", name, channel)}
      ></convlens-matrix>`;
    return html`<section>
      <h3><b>1</b> ${t("Multiply cell by cell, and add everything up")}</h3>
      <div class="products">
        <span></span><span class="col">${t("patch x")}</span><span></span
        ><span class="col">${t("kernel w")}</span><span></span
        ><span class="col">${t("products")}</span><span></span
        ><span class="col sum">${t("sum")}</span>
        ${top.map(
          ({ channel, sum }) =>
            html`<span class="muted name">${channelName(of, channel)}</span
              >${matrix(of.patch, channel, at(scales, 0), t("Patch"))}<i>×</i>${matrix(
                of.kernel,
                channel,
                at(scales, 1),
                t("Kernel"),
              )}<i>=</i>${matrix(of.products, channel, at(scales, 2), t("Products"))}<i>→</i
              ><span class="mono sum">${num(sum)}</span>`,
        )}
        ${
          others > 0
            ? html`<span class="muted wide">${t("and {0} more channels", others)}</span
                ><span class="mono sum">${num(rest)}</span>`
            : nothing
        }
        <span class="wide total">w · x =</span><span class="mono sum total">${num(of.dot)}</span>
      </div>
    </section>`;
  }

  /** The angle between the two long vectors, drawn in the plane that they span. */
  private renderAngle(of: DotProduct): TemplateResult {
    const radians = (of.angleDegrees * Math.PI) / 180;
    const longest = Math.max(of.weightNorm, of.patchNorm, 1e-12);
    const w = (REACH * of.weightNorm) / longest;
    const x = (REACH * of.patchNorm) / longest;
    const tip = { x: x * Math.cos(radians), y: -x * Math.sin(radians) };
    const arc = { x: 24 * Math.cos(radians), y: -24 * Math.sin(radians) };
    const [left, right, top] = [Math.min(0, tip.x) - 22, Math.max(w, tip.x) + 22, tip.y - 20];
    const box = [left, top, right - left, 12 - top];
    return html`<section>
      <h3><b>2</b> ${t("The same as lengths and an angle")}</h3>
      <div class="angle">
        <svg
          viewBox=${box.join(" ")}
          width=${right - left}
          height=${12 - top}
          role="img"
          aria-label=${t("Angle of {0} degrees", num(of.angleDegrees, 3))}
        >
          ${svg`<path class="arc" d="M24 0A24 24 0 0 0 ${arc.x} ${arc.y}" />
            <path class="w" d="M0 0H${w}" /><circle class="w" cx=${w} cy="0" r="3" />
            <path class="x" d="M0 0L${tip.x} ${tip.y}" /><circle class="x" cx=${tip.x} cy=${tip.y} r="3" />
            <text x=${w + 7} y="4">w</text><text x=${tip.x - 4} y=${tip.y - 8}>x</text>`}
        </svg>
        <div>
          <p class="formula mono">
            <span class="w">|w| ${num(of.weightNorm)}</span> ×
            <span class="x">|x| ${num(of.patchNorm)}</span>
            × cos ${num(of.angleDegrees, 3)}° (${num(of.cosine, 3)}) =
            <strong>${num(of.dot)}</strong>
          </p>
          <p class="muted">${meaningOf(of.cosine)}</p>
        </div>
      </div>
    </section>`;
  }

  private renderSteps(of: DotProduct): TemplateResult {
    const last = of.steps.at(-1)?.value ?? of.dot;
    const equal = agrees(last, of.networkValue);
    return html`<section>
      <h3><b>3</b> ${t("What the layer does with it")}</h3>
      <ol class="steps">
        <li><span class="muted">w · x</span><strong class="mono">${num(of.dot)}</strong></li>
        ${of.steps.map(
          (step) =>
            html`<li title=${ifDefined(formulaOf(step.name) ?? undefined)}>
              <span class="muted">${step.name}</span
              ><strong class="mono">${num(step.value)}</strong>
              ${
                step.numbers.length > 0
                  ? html`<span class="muted mono">${numbersOf(step)}</span>`
                  : nothing
              }
            </li>`,
        )}
        <li class=${equal ? "network equal" : "network differs"}>
          <span class="muted">${t("the network says")}</span
          ><strong class="mono">${num(of.networkValue)}</strong>
        </li>
      </ol>
      <p class=${equal ? "verdict equal" : "verdict differs"} role="status">
        ${
          equal
            ? t("{0} = {1}: the network's own number.", num(last), num(of.networkValue))
            : t(
                "{0} ≠ {1}: this does not explain the network's number.",
                num(last, 7),
                num(of.networkValue, 7),
              )
        }
      </p>
    </section>`;
  }
}

/** R, G or B over a picture, else the channel's number; nothing where there is one only. */
function channelName({ channelNames, shape }: DotProduct, channel: number): string {
  const name = channelNames?.[channel];
  if (name !== undefined) return name;
  return shape[2] > 1 ? t("channel {0}", channel) : "";
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-dot-product": ConvlensDotProduct;
  }
}
