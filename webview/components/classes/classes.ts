import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ClassScore } from "../../../src/shared/contract/lenses.ts";
import { send } from "../../common/app.ts";
import { num, percent } from "../../common/format.ts";
import { icon } from "../../common/icons.ts";
import { toggledClass } from "../../common/intent.ts";
import { className, searchClasses, type ClassHit } from "../../common/search.ts";
import { controls } from "../../common/control-styles.ts";
import { base } from "../../common/theme.ts";

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
      .bar[aria-pressed="true"] .box {
        background: var(--cl-button);
        border-color: var(--cl-button-fg);
        box-shadow: inset 0 0 0 2px var(--cl-side);
      }
      .search {
        position: relative;
        margin-top: 8px;
      }
      input {
        width: 100%;
      }
      ul {
        position: absolute;
        z-index: 3;
        left: 0;
        right: 0;
        margin: 2px 0 0;
        padding: 3px;
        list-style: none;
        background: var(--vscode-dropdown-background, var(--cl-card));
        border: 1px solid var(--cl-input-line);
        border-radius: 4px;
        box-shadow: 0 4px 14px var(--vscode-widget-shadow, rgb(0 0 0 / 36%));
      }
      li button {
        width: 100%;
        justify-content: space-between;
        background: none;
        text-align: left;
      }
    `,
  ];

  @property({ attribute: false }) scores: readonly ClassScore[] = [];
  /** Indices that are drawn now. */
  @property({ attribute: false }) shown: readonly number[] = [];
  @property({ type: Number }) count = 0;
  @property({ attribute: false }) labels: readonly string[] | null = null;
  @state() private query = "";

  private choose(index: number): void {
    this.query = "";
    send(this, "convlens-intent", { classes: toggledClass(this.shown, index) });
  }

  protected override render(): TemplateResult {
    const known = new Set(this.scores.map((score) => score.index));
    const others = this.shown.filter((index) => !known.has(index));
    const largest = Math.max(...this.scores.map((score) => Math.abs(score.logit)), 1e-9);
    return html`<div role="group" aria-label="Classes to show">
        ${this.scores.map((score) =>
          this.renderBar(
            { index: score.index, label: score.label },
            score.probability ?? Math.max(0, score.logit) / largest,
            score.probability === null ? num(score.logit) : percent(score.probability),
            `logit ${num(score.logit)}`,
          ),
        )}
        ${others.map((index) =>
          this.renderBar({ index, label: this.labels?.[index] ?? null }, 0, "", "added"),
        )}
      </div>
      ${this.renderSearch()}`;
  }

  private renderBar(hit: ClassHit, share: number, value: string, title: string): TemplateResult {
    return html`<button
      class="bar"
      aria-pressed=${this.shown.includes(hit.index) ? "true" : "false"}
      title=${`${className(hit)}, index ${String(hit.index)}, ${title}`}
      style=${`--share:${(share * 100).toFixed(2)}%`}
      @click=${() => {
        this.choose(hit.index);
      }}
    >
      <i class="box"></i><span>${className(hit)}</span><span class="mono">${value}</span>
    </button>`;
  }

  private renderSearch(): TemplateResult {
    const hits = searchClasses(this.query, this.count, this.labels);
    return html`<div class="search">
      <input
        type="search"
        placeholder=${this.labels ? "Add a class by name or number" : "Add a class by number"}
        aria-label="Add a class"
        .value=${this.query}
        @input=${(event: InputEvent) => {
          if (event.target instanceof HTMLInputElement) this.query = event.target.value;
        }}
        @keydown=${(event: KeyboardEvent) => {
          const first = hits[0];
          if (event.key === "Enter" && first) this.choose(first.index);
          if (event.key === "Escape") this.query = "";
        }}
      />
      ${
        hits.length === 0
          ? nothing
          : html`<ul>
              ${hits.map(
                (hit) =>
                  html`<li>
                    <button
                      @click=${() => {
                        this.choose(hit.index);
                      }}
                    >
                      <span>${className(hit)}</span>${
                        this.shown.includes(hit.index)
                          ? icon("close")
                          : html`<span class="muted">${hit.index}</span>`
                      }
                    </button>
                  </li>`,
              )}
            </ul>`
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-classes": ConvlensClasses;
  }
}
