import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { type App, send, withoutImage } from "../../common/state/index.ts";
import { base, controls, icon } from "../../common/styles/index.ts";
import { baseName, t } from "../../common/text/index.ts";
import "./thumbnail.ts";

/** The strip of pictures: one is looked at, others a click away; add by dialog (dropping and pasting work on the whole panel). */
@customElement("convlens-images")
export class ConvlensImages extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 6px;
        overflow: auto hidden;
        padding: 3px;
        scrollbar-width: thin;
      }
      .item {
        position: relative;
        flex: none;
      }
      .item > .thumb {
        padding: 0;
        border: 0;
        border-radius: 4px;
        background: none;
        outline: 1px solid var(--cl-line);
        outline-offset: 0;
      }
      .item > .thumb[aria-pressed="true"] {
        outline: 2px solid var(--cl-focus);
      }
      .item > .thumb:focus-visible {
        outline: 2px solid var(--cl-focus);
        outline-offset: 2px;
      }
      .remove {
        position: absolute;
        top: -3px;
        right: -3px;
        min-height: 0;
        padding: 0;
        border-radius: 50%;
        background: var(--cl-side);
        border: 1px solid var(--cl-line);
        opacity: 0;
      }
      .remove svg {
        width: 12px;
        height: 12px;
      }
      .item:hover .remove,
      .remove:focus-visible {
        opacity: 1;
      }
      .add {
        flex: none;
        height: var(--cl-thumbnail, 40px);
        border: 1px dashed var(--cl-muted);
        background: none;
        color: var(--cl-muted);
      }
    `,
  ];

  @property({ attribute: false }) app!: App;

  protected override render(): TemplateResult {
    const { images, image } = this.app.intent;
    return html`${repeat(
        images,
        (path) => path,
        (path) =>
          html`<span class="item">
            <button
              class="thumb"
              aria-pressed=${path === image ? "true" : "false"}
              aria-label=${baseName(path)}
              @click=${() => send(this, "convlens-intent", { image: path })}
            >
              <convlens-thumbnail .path=${path} .app=${this.app}></convlens-thumbnail>
            </button>
            <button
              class="remove"
              aria-label=${t("Remove {0}", baseName(path))}
              title=${t("Remove from the strip")}
              @click=${() => send(this, "convlens-intent", withoutImage(this.app.intent, path))}
            >
              ${icon("close")}
            </button>
          </span>`,
      )}<button
        class="add"
        aria-label=${images.length === 0 ? t("Picture") : t("Add pictures")}
        title=${t("Add pictures: choose files, or drop or paste them anywhere in this panel")}
        @click=${() => send(this, "convlens-pick-images", null)}
      >
        ${icon("add")}${images.length === 0 ? t("Picture") : ""}
      </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-images": ConvlensImages;
  }
}
