import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import {
  NAMED_SCALINGS,
  type PixelScaling,
  type Preprocessing,
} from "../../../src/base/preprocessing.ts";
import type { App } from "../../common/state/index.ts";
import { dropdown, segments } from "../../common/controls/index.ts";
import { formula, heard, t } from "../../common/text/index.ts";
import { fromForm, RECIPE_TITLES, recipeOf, toForm, type PreprocessingForm } from "./form.ts";
import { base, controls, dialog } from "../../common/styles/index.ts";
import "./candidates.ts";

/** What a person chose in the dialog. */
export interface PreprocessingChoice {
  /** null: what the model's file or sidecar says. */
  readonly preprocessing: Preprocessing | null;
  /** Also writes it to the model's sidecar. */
  readonly save: boolean;
}

/**
 * The dialog in which a person says how pictures become inputs of the model.
 * @fires preprocessing-choice detail: PreprocessingChoice
 */
@customElement("convlens-preprocessing")
export class ConvlensPreprocessing extends LitElement {
  static override styles = [base, controls, dialog];

  @property({ attribute: false }) app: App | null = null;
  @state() private form: PreprocessingForm | null = null;
  @query("dialog") private readonly dialog!: HTMLDialogElement;

  private get current(): Preprocessing | null {
    return this.app?.summary.preprocessing ?? null;
  }

  open(): void {
    if (!this.current) return;
    this.form = toForm(this.current);
    this.dialog.showModal();
  }

  private edit(patch: Partial<PreprocessingForm>): void {
    if (this.form) this.form = { ...this.form, ...patch };
  }

  private choose(preprocessing: Preprocessing | null, save: boolean): void {
    this.dialog.close();
    this.form = null;
    const detail: PreprocessingChoice = { preprocessing, save };
    this.dispatchEvent(new CustomEvent("preprocessing-choice", { detail }));
  }

  protected override render(): TemplateResult {
    const { form } = this;
    const closed = (): void => {
      this.form = null;
    };
    return html`<dialog aria-labelledby="title" @close=${closed}>
      ${form ? this.renderForm(form) : nothing}
    </dialog>`;
  }

  private renderForm(form: PreprocessingForm): TemplateResult {
    const parsed = fromForm(form);
    const wrong = typeof parsed === "string" ? parsed : null;
    return html`<form
      method="dialog"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        if (typeof parsed !== "string") this.choose(parsed, false);
      }}
    >
      <h1 id="title">${t("How a picture becomes the network's input")}</h1>
      <p class="muted">${heard(this.current?.why ?? "")}</p>
      ${this.renderCandidates()}
      <label class="wide">${t("Recipe")} ${this.renderRecipes(form)}</label>
      <div class="fields">
        ${this.renderField("scale", t("Scale"), form)}${this.renderField("mean", t("Mean"), form)}
        ${this.renderField("std", t("Std"), form)}
        ${form.size === null ? nothing : this.renderField("size", t("Rows x columns"), form)}
      </div>
      <div class="row">
        <span class="muted">${t("Channels")}</span>
        ${segments(
          t("Channel order"),
          [
            ["rgb", "RGB"],
            ["bgr", "BGR"],
            ["gray", t("Gray")],
          ],
          { value: form.order, set: (order) => this.edit({ order }) },
        )}
        <span class="muted">${t("Fit")}</span>
        ${segments(
          t("Fit"),
          [
            ["crop", t("Crop"), t("The largest centred part of the input's shape")],
            ["squash", t("Squash"), t("The whole picture, its shape not kept")],
          ],
          { value: form.fit, set: (fit) => this.edit({ fit }) },
        )}
      </div>
      <p class="formula mono" role="status">
        ${wrong ?? (typeof parsed === "string" ? "" : `x = ${formula(parsed)}`)}
      </p>
      <div class="row buttons">
        <button
          type="button"
          title=${t("Forget this choice")}
          @click=${() => this.choose(null, false)}
        >
          ${t("As the model says")}
        </button>
        <span class="spacer"></span>
        <button type="button" @click=${() => this.dialog.close()}>${t("Cancel")}</button>
        <button
          type="button"
          ?disabled=${wrong !== null}
          title=${t("Also writes MODEL.convlens.json")}
          @click=${() => {
            if (typeof parsed !== "string") this.choose(parsed, true);
          }}
        >
          ${t("Use and save beside the model")}
        </button>
        <button type="submit" class="primary" ?disabled=${wrong !== null}>${t("Use")}</button>
      </div>
    </form>`;
  }

  /** Only where there is a picture to try them on, and the network may be run. */
  private renderCandidates(): TemplateResult | typeof nothing {
    const { app } = this;
    if (!app?.trusted || app.summary.notRunnable !== null || app.intent.image === null)
      return nothing;
    const taken = ({ detail }: CustomEvent<Preprocessing>): void =>
      this.choose({ ...detail, source: "user", why: "You chose it in the panel." }, true);
    return html`<convlens-input-candidates
      .app=${app}
      @candidate-choice=${taken}
    ></convlens-input-candidates>`;
  }

  private renderRecipes(form: PreprocessingForm): TemplateResult {
    const set = (name: string): void => {
      const scaling: PixelScaling | undefined = NAMED_SCALINGS[name];
      if (scaling) this.edit({ ...toForm({ ...scaling, fit: form.fit }), size: form.size });
    };
    return dropdown(
      t("Recipe"),
      [...Object.entries(RECIPE_TITLES), ["", t("Other numbers")] as const],
      { value: recipeOf(form) ?? "", set },
    );
  }

  private renderField(
    key: "scale" | "mean" | "std" | "size",
    title: string,
    form: PreprocessingForm,
  ): TemplateResult {
    return html`<label class="wide"
      >${title}<input
        type="text"
        spellcheck="false"
        .value=${form[key] ?? ""}
        @input=${(event: InputEvent) => {
          if (event.target instanceof HTMLInputElement) this.edit({ [key]: event.target.value });
        }}
    /></label>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-preprocessing": ConvlensPreprocessing;
  }
  interface HTMLElementEventMap {
    "preprocessing-choice": CustomEvent<PreprocessingChoice>;
  }
}
