import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { base } from "../../common/styles/index.ts";
import { t } from "../../common/text/l10n.ts";

/** How far the sentence keeps from the edges of the panel, CSS pixels. */
const MARGIN = 8;

/** A question mark at a control: a click, or a key, says in one sentence what it does. */
@customElement("convlens-help")
export class ConvlensHelp extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
      }
      button {
        width: 15px;
        height: 15px;
        padding: 0;
        font: inherit;
        font-size: 10px;
        line-height: 1;
        color: var(--cl-muted);
        background: none;
        border: 1px solid color-mix(in srgb, var(--cl-muted) 60%, transparent);
        border-radius: 50%;
        cursor: help;
      }
      button:hover,
      button:focus-visible {
        color: var(--cl-strong);
        border-color: currentColor;
      }
      [popover] {
        position: fixed;
        inset: auto;
        max-width: min(320px, calc(100vw - 16px));
        margin: 0;
        padding: 8px 12px;
        font-size: 12px;
        white-space: normal;
        color: var(--vscode-editorHoverWidget-foreground, var(--cl-fg));
        background: var(--vscode-editorHoverWidget-background, var(--cl-card));
        border: 1px solid var(--vscode-editorHoverWidget-border, var(--cl-line));
        border-radius: 4px;
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, rgb(0 0 0 / 36%));
      }
    `,
  ];

  /** The control's name, and what it does. */
  @property() of = "";
  @property() text = "";
  @query("button") private readonly mark!: HTMLElement;
  @query("[popover]") private readonly sentence!: HTMLElement;

  /** Below the mark, within the panel. */
  private place(): void {
    const mark = this.mark.getBoundingClientRect();
    const { width, height } = this.sentence.getBoundingClientRect();
    const left = Math.min(mark.left, innerWidth - width - MARGIN);
    const below = mark.bottom + 4;
    const top = below + height > innerHeight - MARGIN ? mark.top - height - 4 : below;
    Object.assign(this.sentence.style, {
      left: `${String(Math.max(MARGIN, left))}px`,
      top: `${String(top)}px`,
    });
  }

  protected override render(): TemplateResult {
    return html`<button
        type="button"
        aria-label=${t("What does {0} do?", this.of)}
        popovertarget="sentence"
      >
        ?</button
      ><span
        id="sentence"
        popover
        role="status"
        @toggle=${(event: Event) => {
          if (event instanceof ToggleEvent && event.newState === "open") this.place();
        }}
        >${this.text}</span
      >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-help": ConvlensHelp;
  }
}
