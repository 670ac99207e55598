import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { base, controls, icon } from "../../common/styles/index.ts";
import { className, searchClasses, t } from "../../common/text/index.ts";

/**
 * A class by its name or number.
 * @fires class-choose detail: the index
 */
@customElement("convlens-class-search")
export class ConvlensClassSearch extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        position: relative;
      }
      input {
        width: 100%;
      }
      ul {
        position: absolute;
        z-index: 3;
        left: 0;
        right: 0;
        min-width: 200px;
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

  @property() label = t("Choose a class");
  @property({ type: Number }) count = 0;
  @property({ attribute: false }) labels: readonly string[] | null = null;
  /** Indices that are chosen already. */
  @property({ attribute: false }) shown: readonly number[] = [];
  @state() private query = "";

  private choose(index: number): void {
    this.query = "";
    this.dispatchEvent(new CustomEvent("class-choose", { detail: index }));
  }

  protected override render(): TemplateResult {
    const hits = searchClasses(this.query, this.count, this.labels);
    return html`<input
        type="search"
        placeholder=${t(this.labels ? "{0} by name or number" : "{0} by number", this.label)}
        aria-label=${this.label}
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
                    <button @click=${() => this.choose(hit.index)}>
                      <span>${className(hit)}</span>${
                        this.shown.includes(hit.index)
                          ? icon("close")
                          : html`<span class="muted">${hit.index}</span>`
                      }
                    </button>
                  </li>`,
              )}
            </ul>`
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-class-search": ConvlensClassSearch;
  }
  interface HTMLElementEventMap {
    "class-choose": CustomEvent<number>;
  }
}
