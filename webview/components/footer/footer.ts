import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Provenance } from "../../../src/shared/contract/lenses.ts";
import type { Lens } from "../../../src/shared/contract/intent.ts";
import { type App, LENSES, type Loadable, send } from "../../common/state/index.ts";
import { duration, heard, preprocessingText, t } from "../../common/text/index.ts";
import { statedText } from "../besides/form.ts";
import { base, controls } from "../../common/styles/index.ts";

const SOURCES = {
  graph: t("from the model"),
  sidecar: t("from the sidecar"),
  user: t("your choice"),
  guess: t("guessed"),
} as const;

/** A probability of the class on top below which an input that does not fit is worth a thought. */
const UNSURE = 0.5;

/** What computed the picture, in what time, and what was assumed of its input. */
@customElement("convlens-footer")
export class ConvlensFooter extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 14px;
        padding: 4px 12px;
        font-size: 12px;
        color: var(--cl-muted);
        background: var(--cl-side);
        border-top: 1px solid var(--cl-line);
      }
      .dot {
        display: inline-block;
        width: 7px;
        height: 7px;
        margin-right: 6px;
        border-radius: 50%;
        background: var(--cl-green);
      }
      .wasm {
        background: var(--cl-yellow);
      }
      .file {
        background: var(--cl-blue);
      }
      .guess {
        /* the bare colour of warnings is too faint on a light ground */
        color: color-mix(in srgb, var(--cl-warning) 50%, var(--cl-fg));
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) provenance: Provenance | null = null;

  /** Nobody said how pictures were scaled, and the network is sure of no class: the two may have to do with each other. */
  private get isUnsure(): boolean {
    const { prediction, summary } = this.app;
    const probability = prediction?.classes[0]?.probability ?? null;
    return summary.preprocessing.source === "guess" && probability !== null && probability < UNSURE;
  }

  /** Work that goes on, by its lens. */
  @property({ attribute: false }) jobs: readonly (readonly [Lens, Loadable])[] = [];

  protected override render(): TemplateResult {
    const { engine, summary } = this.app;
    const { provenance } = this;
    const { preprocessing } = summary;
    const fromFile = provenance?.engine === "file";
    return html`<span title=${t("What computed what you see")}>
        <i class=${`dot ${fromFile ? "file" : (engine?.name ?? "file")}`}></i>${
          fromFile ? t("Read from the file") : engine ? engine.version : t("No engine started yet")
        }
      </span>
      ${
        engine?.name === "wasm" && !fromFile
          ? html`<button
              class="link"
              title=${t("Get the native engine: several times faster")}
              @click=${() => send(this, "convlens-command", "convlens.installNative")}
            >
              ${t("Make it faster")}
            </button>`
          : nothing
      }
      ${
        provenance
          ? html`<span class="mono" title=${t("Time it took")}
              >${duration(provenance.seconds)}</span
            >`
          : nothing
      }
      ${this.jobs.map(
        ([lens, job]) =>
          html`<span role="status">${t("{0}: working …", LENSES[lens].title)}</span>
            <button class="link" @click=${() => job.cancel()}>
              ${t("Cancel {0}", LENSES[lens].title)}
            </button>`,
      )}
      <span class="spacer"></span>
      <span title=${heard(preprocessing.why)}
        >${t("Input: {0}", preprocessingText(preprocessing))}
        <span class=${preprocessing.source === "guess" ? "guess" : ""}
          >(${SOURCES[preprocessing.source]})</span
        ></span
      >
      <button class="link" @click=${() => send(this, "convlens-preprocessing", null)}>
        ${this.isUnsure ? t("Unsure of this picture: does the input fit?") : t("Change")}
      </button>
      ${this.renderBesides()}`;
  }

  /** What the network gets beside the picture. */
  private renderBesides(): TemplateResult | typeof nothing {
    const { besides } = this.app.summary;
    if (besides.length === 0) return nothing;
    const said = besides.map(({ name, stated }) => `${name} = ${statedText(stated)}`).join("; ");
    const open = besides.some(({ stated }) => stated === null);
    return html`<span class=${open ? "guess" : ""}>${t("Beside it: {0}", said)}</span>
      <button class="link" @click=${() => send(this, "convlens-besides", null)}>
        ${t("Other inputs…")}
      </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-footer": ConvlensFooter;
  }
}
