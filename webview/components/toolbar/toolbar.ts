import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { base, controls } from "../../common/styles/index.ts";
import { t } from "../../common/text/index.ts";

/** How high two rows of controls are, CSS pixels, without what is below them; three are higher than `MORE`. */
const TWO_ROWS = 64;
const MORE = 76;

/** A lens' controls in at most two rows: where there are more, they are a click away. */
@customElement("convlens-toolbar")
export class ConvlensToolbar extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        align-items: flex-end;
        min-width: 0;
        border-bottom: 1px solid var(--cl-line);
      }
      .rows {
        flex: 1;
        min-width: 0;
      }
      .folded {
        max-height: ${TWO_ROWS}px;
        overflow: hidden;
      }
      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 9px;
        min-height: 36px;
        padding: 5px 12px;
      }
      button {
        flex: none;
        margin: 0 8px 6px 0;
      }
    `,
  ];

  @state() private tooMany = false;
  @state() private open = false;
  @query(".controls") private readonly controls!: HTMLElement;
  @query(".rows") private readonly rows!: HTMLElement;
  private readonly sizes = new ResizeObserver(() => {
    this.tooMany = this.controls.offsetHeight > MORE;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.sizes.observe(this.controls);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }
  protected override firstUpdated(_changed: PropertyValues<this>): void {
    this.sizes.observe(this.controls);
  }

  /** The keyboard may come to what is folded away. */
  private readonly reached = ({ target }: FocusEvent): void => {
    if (!(target instanceof Element) || !this.tooMany || this.open) return;
    const { bottom } = target.getBoundingClientRect();
    if (this.rows.scrollTop > 0 || bottom > this.rows.getBoundingClientRect().bottom)
      this.open = true;
  };

  protected override render(): TemplateResult {
    const { tooMany, open } = this;
    const title = open ? t("Fewer controls") : t("More controls");
    return html`<div class=${tooMany && !open ? "rows folded" : "rows"} @focusin=${this.reached}>
        <div class="controls"><slot></slot></div>
      </div>
      ${
        tooMany
          ? html`<button
              class="ghost"
              aria-expanded=${open ? "true" : "false"}
              aria-label=${title}
              title=${title}
              @click=${() => {
                this.open = !open;
              }}
            >
              …
            </button>`
          : nothing
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-toolbar": ConvlensToolbar;
  }
}
