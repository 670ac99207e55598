import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ClassScore } from "../../../src/shared/contract/lenses.ts";
import { button, checkbox } from "../../common/controls/index.ts";
import { send, toggledClass } from "../../common/state/index.ts";
import { type ClassHit, className, num, percent, t } from "../../common/text/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import "./class-search.ts";

const IMAGENET_CLASSES = 1000;

/** The top classes as bars, each a switch; any other class can be added by name or number. */
@customElement("convlens-classes")
export class ConvlensClasses extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
      }
      .bar {
        position: relative;
        display: grid;
        grid-template-columns: 14px minmax(0, 1fr) auto;
        gap: 7px;
        width: 100%;
        margin: 2px 0;
        padding: 3px 8px;
        overflow: hidden;
        justify-items: start;
        background: var(--cl-hover);
        text-align: left;
        z-index: 0;
      }
      .bar::before {
        content: "";
        position: absolute;
        z-index: -1;
        inset: 0 auto 0 0;
        width: var(--share);
        background: color-mix(in srgb, var(--cl-blue) 32%, transparent);
      }
      .bar span {
        overflow: hidden;
        max-width: 100%;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .box {
        width: 12px;
        height: 12px;
        border: 1px solid var(--cl-muted);
        border-radius: 3px;
        align-self: center;
      }
      :host([single]) .box {
        border-radius: 50%;
      }
      /* in high contrast buttons are as black as what is behind them */
      .bar[aria-pressed="true"] .box {
        background: var(--cl-focus);
        border-color: var(--cl-fg);
        box-shadow: inset 0 0 0 2px var(--cl-side);
      }
      convlens-class-search {
        margin-top: 8px;
      }
      p.small {
        margin-top: 6px;
        font-size: 11px;
      }
    `,
  ];

  @property({ attribute: false }) scores: readonly ClassScore[] = [];
  /** Indices that are drawn now. */
  @property({ attribute: false }) shown: readonly number[] = [];
  @property({ type: Number }) count = 0;
  @property({ attribute: false }) labels: readonly string[] | null = null;
  /** What makes probabilities of logits, as `Prediction` has it; null: they are, or cannot be made. */
  @property({ attribute: false }) logNormalizer: number | null = null;
  /** Logits as softmax would make probabilities of them. */
  @state() private softmax = false;
  /** One class at a time. */
  @property({ type: Boolean, reflect: true }) single = false;

  private choose(index: number): void {
    const classes = this.single ? [index] : toggledClass(this.shown, index);
    send(this, "convlens-intent", { classes });
  }

  protected override render(): TemplateResult {
    const known = new Set(this.scores.map((score) => score.index));
    const others = this.shown.filter((index) => !known.has(index));
    const largest = Math.max(...this.scores.map((score) => Math.abs(score.logit)), 1e-9);
    return html`<div role="group" aria-label=${t("Classes to show")}>
        ${this.scores.map((score) => {
          const probability = score.probability ?? this.softmaxOf(score);
          return this.renderBar(
            { index: score.index, label: score.label },
            probability ?? Math.max(0, score.logit) / largest,
            probability === null ? num(score.logit) : percent(probability),
            t("logit {0}", num(score.logit)),
          );
        })}
        ${others.map((index) =>
          this.renderBar({ index, label: this.labels?.[index] ?? null }, 0, "", t("added")),
        )}
      </div>
      <convlens-class-search
        label=${this.single ? t("Choose a class") : t("Add a class")}
        .count=${this.count}
        .labels=${this.labels}
        .shown=${this.shown}
        @class-choose=${(event: CustomEvent<number>) => this.choose(event.detail)}
      ></convlens-class-search>
      ${this.logNormalizer === null ? nothing : this.renderSoftmax()} ${this.renderNames()}`;
  }

  private softmaxOf({ logit }: ClassScore): number | null {
    const { softmax, logNormalizer } = this;
    return softmax && logNormalizer !== null ? Math.exp(logit - logNormalizer) : null;
  }

  private renderSoftmax(): TemplateResult {
    const set = (value: boolean): void => {
      this.softmax = value;
    };
    const title = t("The model ends in logits: these are what softmax would make of them.");
    return html`<p class="small">
      ${checkbox(t("Softmax of the logits"), { value: this.softmax, set }, title)}
    </p>`;
  }

  /** Where classes have no names: how they get some. */
  private renderNames(): TemplateResult | typeof nothing {
    if (this.labels !== null || this.count === 0) return nothing;
    const give = (): void => send(this, "convlens-labels", "imagenet");
    return html`<p class="muted small">
      ${t("Drop a text file with a name a line to name the classes.")}
      ${
        this.count === IMAGENET_CLASSES
          ? button(t("ImageNet's names?"), give, {
              kind: "link",
              title: t(
                "Right where the network was trained for ImageNet's 1,000 classes in their usual order.",
              ),
            })
          : nothing
      }
    </p>`;
  }

  private renderBar(hit: ClassHit, share: number, value: string, title: string): TemplateResult {
    return html`<button
      class="bar"
      aria-pressed=${this.shown.includes(hit.index) ? "true" : "false"}
      title=${t("{0}, index {1}, {2}", className(hit), hit.index, title)}
      style=${`--share:${(share * 100).toFixed(2)}%`}
      @click=${() => this.choose(hit.index)}
    >
      <i class="box"></i><span>${className(hit)}</span><span class="mono">${value}</span>
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-classes": ConvlensClasses;
  }
}
