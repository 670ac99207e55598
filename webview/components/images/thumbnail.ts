import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { ImageInfo } from "../../../src/shared/contract/lenses.ts";
import { type App, Resource } from "../../common/state/index.ts";
import { base, icon } from "../../common/styles/index.ts";
import { heard } from "../../common/text/index.ts";
import { showPicture } from "../../common/drawing/index.ts";

/** The small picture of one file; a file that cannot be read shows a warning and says why in its title. */
@customElement("convlens-thumbnail")
export class ConvlensThumbnail extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        place-items: center;
        width: var(--cl-thumbnail, 40px);
        height: var(--cl-thumbnail, 40px);
        overflow: hidden;
        border-radius: 3px;
        background: var(--cl-hover);
        color: var(--cl-warning);
      }
      canvas {
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
    `,
  ];

  @property() path = "";
  // not the remote itself: a template looks for members of what it binds, and a remote has every one
  @property({ attribute: false }) app!: App;
  @query("canvas") private readonly canvas!: HTMLCanvasElement;
  private readonly info = new Resource<ImageInfo>(this);

  protected override willUpdate(): void {
    this.info.load({ path: this.path }, 0, this.app.remote.image);
  }

  protected override updated(): void {
    const { value, error } = this.info;
    this.title = error
      ? heard(error.message)
      : value
        ? [`${value.name} (${String(value.width)} × ${String(value.height)})`]
            .concat(value.notes.map(heard))
            .join("\n")
        : this.path;
    if (value) showPicture(this.canvas, value.thumbnail);
  }

  protected override render(): TemplateResult {
    return html`<canvas aria-hidden="true" ?hidden=${!this.info.value}></canvas>${
        this.info.error ? icon("warning") : ""
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-thumbnail": ConvlensThumbnail;
  }
}
