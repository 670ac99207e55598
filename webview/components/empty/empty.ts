import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type App, LENSES, nearestFor, send, suits } from "../../common/state/index.ts";
import { base, controls, icon } from "../../common/styles/index.ts";
import type { Lens } from "../../../src/shared/contract/intent.ts";
import { heard, t } from "../../common/text/index.ts";

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

/** One sentence why there is nothing to draw, and what to do about it. */
export const empty = (
  heading: string,
  text: string,
  action: TemplateResult | typeof nothing = nothing,
): TemplateResult =>
  html`<convlens-empty .heading=${heading} .text=${text}>${action}</convlens-empty>`;

/** A picture is missing: `question` is what it would answer. */
export const noPicture = (question: string): TemplateResult =>
  html`<convlens-empty picture .heading=${question}></convlens-empty>`;

/** In place of what an untrusted workspace does not run; `text` says what is there all the same. */
export const untrusted = (text: string): TemplateResult =>
  empty(t("This workspace is not trusted"), text);

/** Why the lens cannot draw its layer, with the nearest layer that it can; null when nothing stands in the way. */
export function whyNot(app: App, lens: Lens, name: string | null): TemplateResult | null {
  const { summary, intent, trusted } = app;
  const { needs, question = "" } = LENSES[lens];
  if (needs && !trusted)
    return untrusted(
      t(
        "Filters and the table of layers are shown. Trust the workspace to run the network on pictures.",
      ),
    );
  if (needs && summary.notRunnable !== null)
    return empty(t("This network cannot be run"), heard(summary.notRunnable));
  if (needs === "picture" && intent.image === null) return noPicture(question);
  const layer = summary.layers.find((each) => each.name === name);
  if (!layer || suits(lens, layer)) return null;
  const near = nearestFor(summary, lens, layer.name);
  const blocked = layer.opaque ?? layer.blockedBy.map((other) => t("It depends on {0}.", other))[0];
  const [heading, plain] =
    lens === "filters"
      ? [
          t("No filters in {0}", layer.name),
          t("A {0} layer has no convolution kernel.", layer.className),
        ]
      : [
          t("No maps in {0}", layer.name),
          t("A {0} layer has no feature maps (height and width above 1).", layer.className),
        ];
  return empty(
    heading,
    needs ? heard(blocked ?? plain) : plain,
    near ? html`<convlens-go .layer=${near.name}></convlens-go>` : nothing,
  );
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
