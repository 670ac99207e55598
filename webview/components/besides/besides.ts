import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { messageOf } from "../../../src/base/errors.ts";
import type { Beside } from "../../../src/shared/contract/model.ts";
import type { Stated } from "../../../src/shared/sidecar.ts";
import { button, dropdown } from "../../common/controls/index.ts";
import { type App, needsPicture, send } from "../../common/state/index.ts";
import { base, controls, dialog, icon } from "../../common/styles/index.ts";
import { baseName, heard, shapeText, t } from "../../common/text/index.ts";
import { type BesideForm, fromForm, toForm, type Way } from "./form.ts";

const WAYS: readonly (readonly [Way, string])[] = [
  ["unsaid", t("Not said")],
  ["zeros", t("Zeros")],
  ["numbers", t("Numbers")],
  ["mean", t("Mean of the rows of an array")],
  ["file", t("A file")],
];

/**
 * Of a network that takes more than the picture: a line where nothing says what else it gets, and the dialog in which a person says it.
 * @fires convlens-stated when the sidecar was written: its path
 */
@customElement("convlens-besides")
export class ConvlensBesides extends LitElement {
  static override styles = [
    base,
    controls,
    dialog,
    css`
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
        padding: 6px 12px;
        font-size: 12px;
        border-bottom: 1px solid var(--cl-line);
      }
      .line svg {
        color: var(--cl-warning);
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        margin: 0;
        padding: 6px 10px 10px;
        border: 1px solid var(--cl-line);
        border-radius: 6px;
      }
      fieldset input {
        flex: 1 1 160px;
      }
      p {
        margin: 0;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  /** Of each input, once the dialog was opened. */
  @state() private forms: ReadonlyMap<string, BesideForm> = new Map();
  @state() private failed: string | null = null;
  @query("dialog") private readonly dialog!: HTMLDialogElement;

  open(): void {
    this.failed = null;
    this.forms = new Map(this.app.summary.besides.map((beside) => [beside.name, toForm(beside)]));
    this.dialog.showModal();
  }

  private edit(name: string, patch: Partial<BesideForm>): void {
    const form = this.forms.get(name);
    if (form) this.forms = new Map([...this.forms, [name, { ...form, ...patch }]]);
  }

  /** What was changed; a sentence where a field is wrong. */
  private changes(): Record<string, Stated | null> | string {
    const changed: Record<string, Stated | null> = {};
    for (const beside of this.app.summary.besides) {
      const form = this.forms.get(beside.name);
      if (!form) continue;
      const said = fromForm(beside, form);
      if ("wrong" in said) return said.wrong;
      if (JSON.stringify(said.stated) !== JSON.stringify(beside.stated))
        changed[beside.name] = said.stated;
    }
    return changed;
  }

  private async save(inputs: Record<string, Stated | null>): Promise<void> {
    try {
      const file = await this.app.remote.saveSidecar({ inputs });
      this.dialog.close();
      send(this, "convlens-stated", file);
    } catch (error) {
      this.failed = messageOf(error);
    }
  }

  private async pick(name: string): Promise<void> {
    const file = await this.app.remote.pickInput({ name });
    if (file !== null) this.edit(name, { file });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { besides } = this.app.summary;
    if (besides.length === 0) return nothing;
    return html`${this.renderLine()}
      <dialog aria-labelledby="title">
        ${this.forms.size > 0 ? this.renderForm() : nothing}
      </dialog>`;
  }

  private renderLine(): TemplateResult | typeof nothing {
    const { summary, intent, trusted } = this.app;
    const open = summary.besides.filter(({ stated }) => stated === null);
    const runs = trusted && summary.notRunnable === null && needsPicture(intent.lens);
    if (open.length === 0 || !runs) return nothing;
    const names = open.map(({ name, shape }) => `${name} (${shapeText(shape)})`).join(", ");
    return html`<p class="line">
      ${icon("warning")}
      <span
        >${t("The network takes more than the picture, and nothing says what: {0}", names)}</span
      >
      ${button(t("Say what it is…"), () => this.open(), { kind: "primary" })}
    </p>`;
  }

  private renderForm(): TemplateResult {
    const changes = this.changes();
    const wrong = typeof changes === "string" ? changes : null;
    return html`<form
      method="dialog"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        if (typeof changes !== "string") void this.save(changes);
      }}
    >
      <h1 id="title">${t("What the network gets beside the picture")}</h1>
      ${this.app.summary.besides.map((beside) => this.renderInput(beside))}
      <p class="muted" role="status">${wrong ?? t("Written to MODEL.convlens.json")}</p>
      ${this.failed === null ? nothing : html`<p role="alert">${heard(this.failed)}</p>`}
      <div class="row buttons">
        <span class="spacer"></span>
        <button type="button" @click=${() => this.dialog.close()}>${t("Cancel")}</button>
        <button type="submit" class="primary" ?disabled=${wrong !== null}>
          ${t("Save beside the model")}
        </button>
      </div>
    </form>`;
  }

  private renderInput(beside: Beside): TemplateResult | typeof nothing {
    const { name, shape } = beside;
    const form = this.forms.get(name);
    if (!form) return nothing;
    const way = { value: form.way, set: (value: Way) => this.edit(name, { way: value }) };
    return html`<fieldset>
      <legend class="mono">${name} (${shapeText(shape)})</legend>
      ${dropdown(t("What '{0}' is", name), WAYS, way)}
      ${form.way === "numbers" ? this.renderNumbers(beside, form) : nothing}
      ${form.way === "mean" || form.way === "file" ? this.renderFile(beside, form) : nothing}
    </fieldset>`;
  }

  private renderNumbers({ name, cells }: Beside, form: BesideForm): TemplateResult {
    return html`<input
      type="text"
      spellcheck="false"
      aria-label=${t("Numbers of '{0}'", name)}
      placeholder=${t("one for all, or {0}", cells)}
      .value=${form.numbers}
      @input=${(event: InputEvent) => {
        if (event.target instanceof HTMLInputElement)
          this.edit(name, { numbers: event.target.value });
      }}
    />`;
  }

  /** A picture may be one of the strip. */
  private renderFile({ name, picture }: Beside, { way, file }: BesideForm): TemplateResult {
    const choose = (): void => {
      this.pick(name).catch((error: unknown) => (this.failed = messageOf(error)));
    };
    const strip = picture && way === "file" ? this.app.intent.images : [];
    const others = strip.filter((image) => file === null || !`/${image}`.endsWith(`/${file}`));
    const named = [...(file === null ? [] : [file]), ...others];
    const menu = [
      [null, t("no file")] as const,
      ...named.map((one) => [one, baseName(one)] as const),
    ];
    const choice = { value: file, set: (one: string | null) => this.edit(name, { file: one }) };
    return html`${
        strip.length > 0
          ? dropdown(t("File of '{0}'", name), menu, choice)
          : html`<span class="mono">${file === null ? t("no file") : baseName(file)}</span>`
      }
      <button type="button" aria-label=${t("Choose the file of '{0}'", name)} @click=${choose}>
        ${t("Choose…")}
      </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-besides": ConvlensBesides;
  }
}
