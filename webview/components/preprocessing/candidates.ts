import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Preprocessing } from "../../../src/base/preprocessing.ts";
import type { InputCandidate, InputCandidates } from "../../../src/shared/contract/lenses.ts";
import { type App, Resource } from "../../common/state/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import { className, num, percent, t } from "../../common/text/index.ts";
import { status } from "../status/status.ts";
import { RECIPE_TITLES } from "./form.ts";
import "../picture/picture.ts";

/**
 * The usual ways to make the input of the picture: what the network gets, and what it says then. A click takes one.
 * @fires candidate-choice detail: Preprocessing
 */
@customElement("convlens-input-candidates")
export class ConvlensInputCandidates extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(210px, 1fr));
        gap: 8px;
        max-height: 46vh;
        margin: 6px 0 0;
        padding: 0;
        overflow: auto;
        list-style: none;
      }
      li button {
        display: grid;
        grid-template-columns: 64px minmax(0, 1fr);
        gap: 2px 10px;
        justify-items: start;
        width: 100%;
        padding: 6px;
        text-align: left;
      }
      li button[aria-pressed="true"] {
        outline: 2px solid var(--cl-focus);
        outline-offset: -2px;
      }
      convlens-picture {
        grid-row: span 4;
        width: 64px;
      }
      .answer {
        max-width: 100%;
        overflow: hidden;
        font-weight: 600;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      small {
        font-size: 11px;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  private readonly tried = new Resource<InputCandidates>(this);

  protected override willUpdate(): void {
    const { intent, remote, epoch } = this.app;
    this.tried.load(
      intent.image === null ? null : { image: intent.image },
      epoch,
      remote.inputCandidates,
    );
  }

  private choose(preprocessing: Preprocessing): void {
    this.dispatchEvent(new CustomEvent("candidate-choice", { detail: preprocessing }));
  }

  protected override render(): TemplateResult {
    const found = this.tried.value?.candidates ?? [];
    return html`<p class="muted">
        ${t("What the network says of this picture, by how it is made its input. A high value is a hint, not a proof: the class must be right too. A click takes one and writes it beside the model.")}
      </p>
      ${status(this.tried, t("Trying the usual ways"))}
      <ul>
        ${found.map((one) => this.renderOne(one))}
      </ul>`;
  }

  private renderOne(one: InputCandidate): TemplateResult {
    const { name, preprocessing, used, top, confidence, view, range } = one;
    const recipe = RECIPE_TITLES[name] ?? t("Other numbers");
    return html`<li>
      <button
        type="button"
        aria-pressed=${used ? "true" : "false"}
        @click=${() => this.choose(preprocessing)}
      >
        <convlens-picture .picture=${view} label=${t("What the network gets")}></convlens-picture>
        <span class="answer" title=${className(top)}>${percent(confidence)} ${className(top)}</span>
        <small>${recipe}</small>
        <small class="mono"
          >${num(range[0], 3)} … ${num(range[1], 3)} ·
          ${t(preprocessing.fit === "crop" ? "crop" : "squash")}</small
        >
        ${used ? html`<small class="muted">${t("used now")}</small>` : nothing}
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-input-candidates": ConvlensInputCandidates;
  }
  interface HTMLElementEventMap {
    "candidate-choice": CustomEvent<Preprocessing>;
  }
}
