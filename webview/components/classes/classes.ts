import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ClassScore } from "../../../src/shared/contract/lenses.ts";
import { send, toggledClass } from "../../common/state/index.ts";
import { type ClassHit, className, num, percent, t } from "../../common/text/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import "./class-search.ts";

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
    `,
  ];

  @property({ attribute: false }) scores: readonly ClassScore[] = [];
  /** Indices that are drawn now. */
  @property({ attribute: false }) shown: readonly number[] = [];
  @property({ type: Number }) count = 0;
  @property({ attribute: false }) labels: readonly string[] | null = null;
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
        ${this.scores.map((score) =>
          this.renderBar(
            { index: score.index, label: score.label },
            score.probability ?? Math.max(0, score.logit) / largest,
            score.probability === null ? num(score.logit) : percent(score.probability),
            t("logit {0}", num(score.logit)),
          ),
        )}
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
      ></convlens-class-search>`;
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
