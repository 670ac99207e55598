import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { send, type App } from "../../common/state/app.ts";
import { icon } from "../../common/styles/icons.ts";
import { nearestFor, needsEngine, needsPicture, suits } from "../../common/state/intent.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { base } from "../../common/styles/theme.ts";
import type { Lens } from "../../../src/shared/contract/panel.ts";
import { heard, t } from "../../common/text/l10n.ts";

/** What stands where there is nothing to draw: one sentence why, and what to do about it. */
@customElement("convlens-empty")
export class ConvlensEmpty extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        place-items: center;
        height: 100%;
        padding: 24px;
        overflow: auto;
      }
      .box {
        display: grid;
        justify-items: center;
        gap: 12px;
        max-width: 460px;
        padding: 32px 36px;
        text-align: center;
        border-radius: 10px;
      }
      .drop {
        border: 1.5px dashed color-mix(in srgb, var(--cl-muted) 60%, transparent);
      }
      .drop > svg {
        width: 44px;
        height: 44px;
        stroke-width: 0.7;
        color: var(--cl-muted);
      }
      h2 {
        font-size: 15px;
        letter-spacing: 0;
        text-transform: none;
        color: var(--cl-strong);
      }
      p {
        color: var(--cl-muted);
      }
    `,
  ];

  @property() heading = "";
  @property() text = "";
  /** Shows the drop target. */
  @property({ type: Boolean }) picture = false;

  protected override render(): TemplateResult {
    if (!this.picture)
      return html`<div class="box">
        <h2>${this.heading}</h2>
        <p>${this.text}</p>
        <slot></slot>
      </div>`;
    return html`<div class="box drop">
      ${icon("picture")}
      <h2>${this.heading || t("Choose a picture")}</h2>
      <p>${this.text || t("Drop or paste a picture anywhere in this panel, or pick a file.")}</p>
      <button class="primary" @click=${() => send(this, "convlens-pick-images", null)}>
        ${icon("add")}${t("Pick pictures")}
      </button>
    </div>`;
  }
}

const QUESTIONS: Partial<Record<Lens, string>> = {
  activations: t("What does the network see?"),
  cam: t("What does the network look at?"),
  attack: t("How little changes the network's mind?"),
  attribute: t("Which pixels speak for a class?"),
};

/** Why the lens cannot draw its layer, with the nearest layer that it can; null when nothing stands in the way. */
export function whyNot(app: App, lens: Lens, name: string | null): TemplateResult | null {
  const { summary, intent, trusted } = app;
  const layer = summary.layers.find((each) => each.name === name) ?? null;
  const runs = needsEngine(lens);
  if (runs && !trusted)
    return html`<convlens-empty
      heading=${t("This workspace is not trusted")}
      text=${t("Filters and the table of layers are shown. Trust the workspace to run the network on pictures.")}
    ></convlens-empty>`;
  if (runs && summary.notRunnable !== null)
    return html`<convlens-empty
      heading=${t("This network cannot be run")}
      .text=${heard(summary.notRunnable)}
    ></convlens-empty>`;
  if (needsPicture(lens) && intent.image === null)
    return html`<convlens-empty picture .heading=${QUESTIONS[lens] ?? ""}></convlens-empty>`;
  if (!layer) return null;
  if (suits(lens, layer)) return null;
  const near = nearestFor(summary, lens, layer.name);
  const blocked = layer.opaque ?? layer.blockedBy.map((other) => t("It depends on {0}.", other))[0];
  const plain =
    lens === "filters"
      ? t("A {0} layer has no convolution kernel.", layer.className)
      : t("A {0} layer has no feature maps (height and width above 1).", layer.className);
  return html`<convlens-empty
    heading=${lens === "filters" ? t("No filters in {0}", layer.name) : t("No maps in {0}", layer.name)}
    .text=${runs ? heard(blocked ?? plain) : plain}
  >
    ${near ? html`<convlens-go .layer=${near.name}></convlens-go>` : nothing}
  </convlens-empty>`;
}

/** A button that chooses a layer. */
@customElement("convlens-go")
export class ConvlensGo extends LitElement {
  static override styles = [base, controls];
  @property() layer = "";

  protected override render(): TemplateResult {
    return html`<button
      class="primary"
      @click=${() => send(this, "convlens-intent", { layer: this.layer })}
    >
      ${t("Go to {0}", this.layer)}${icon("right")}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-empty": ConvlensEmpty;
    "convlens-go": ConvlensGo;
  }
}
