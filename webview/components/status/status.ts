import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type Loadable, send } from "../../common/state/index.ts";
import { base, controls, icon } from "../../common/styles/index.ts";
import { heard, t } from "../../common/text/index.ts";

/** How a request is going: a bar with Cancel once it is slow, one sentence with Retry when it failed. */
@customElement("convlens-status")
export class ConvlensStatus extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
      }
      .bar {
        position: relative;
        height: 2px;
        overflow: hidden;
        background: transparent;
      }
      .fill {
        position: absolute;
        inset: 0 auto 0 0;
        background: var(--vscode-progressBar-background, var(--cl-focus));
        transition: width 150ms;
      }
      .endless {
        width: 30%;
        animation: slide 1.4s ease-in-out infinite;
      }
      @keyframes slide {
        from {
          left: -30%;
        }
        to {
          left: 100%;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .fill {
          transition: none;
        }
        .endless {
          animation: none;
          width: 100%;
          opacity: 0.6;
        }
      }
      /* VS Code's own setting, workbench.reduceMotion */
      :host-context(.vscode-reduce-motion) .fill {
        transition: none;
      }
      :host-context(.vscode-reduce-motion) .endless {
        animation: none;
        width: 100%;
        opacity: 0.6;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
        padding: 6px 12px;
        font-size: 12px;
      }
      .line span {
        flex: 1 1 160px;
      }
      .failed {
        color: var(--cl-fg);
        background: var(
          --vscode-inputValidation-errorBackground,
          color-mix(in srgb, var(--cl-error) 14%, var(--cl-bg))
        );
        border-block: 1px solid var(--vscode-inputValidation-errorBorder, var(--cl-error));
      }
      .failed svg {
        color: var(--cl-error);
      }
    `,
  ];

  /** A snapshot would miss changes: the lens renders this element again with every update. */
  @property({ attribute: false, hasChanged: () => true }) of: Loadable | null = null;
  @property() doing = t("Working");

  protected override render(): TemplateResult | typeof nothing {
    const { of } = this;
    if (of?.error) return this.renderError(of, of.error.kind, heard(of.error.message));
    if (!of?.slow) return nothing;
    const fraction = of.progress?.fraction;
    const width = fraction === undefined ? "" : `width:${String(fraction * 100)}%`;
    return html`<div
        class="bar"
        role="progressbar"
        aria-label=${this.doing}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${fraction === undefined ? nothing : Math.round(fraction * 100)}
      >
        <div class=${fraction === undefined ? "fill endless" : "fill"} style=${width}></div>
      </div>
      <div class="line">
        <span class="muted" role="status"
          >${of.progress?.message === undefined ? `${this.doing} …` : heard(of.progress.message)}</span
        >
        <button @click=${() => of.cancel()}>${t("Cancel")}</button>
      </div>`;
  }

  private renderError(of: Loadable, kind: string, message: string): TemplateResult {
    return html`<div class=${kind === "cancelled" ? "line" : "line failed"} role="alert">
      ${icon(kind === "cancelled" ? "info" : "warning")}
      <span>${message}</span>
      <button @click=${() => of.retry()}>${t("Retry")}</button>
      ${
        kind === "disconnected"
          ? html`<button @click=${() => send(this, "convlens-command", "convlens.restart")}>
              ${t("Restart")}
            </button>`
          : nothing
      }
      ${
        kind === "compute" || kind === "internal" || kind === "disconnected"
          ? html`<button
              class="link"
              @click=${() => send(this, "convlens-command", "convlens.showLog")}
            >
              ${t("Show log")}
            </button>`
          : nothing
      }
    </div>`;
  }
}

/** How `of` is going, while it does `doing`. */
export const status = (of: Loadable | null, doing = t("Working")): TemplateResult =>
  html`<convlens-status .of=${of} .doing=${doing}></convlens-status>`;

declare global {
  interface HTMLElementTagNameMap {
    "convlens-status": ConvlensStatus;
  }
}
