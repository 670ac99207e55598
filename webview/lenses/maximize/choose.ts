import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { MaximizeTarget } from "../../../src/shared/contract/experiments.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { type App, filterFor } from "../../common/state/index.ts";
import { button } from "../../common/controls/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import { t } from "../../common/text/index.ts";
import { asksNumber } from "../target.ts";
import { filtersOf, hierarchyTargets, parseFilters } from "./targets.ts";

/** Classes of the picture that are offered at once. */
export const TOP_CLASSES = 5;

/**
 * Which filters or classes, and the buttons that begin.
 * @fires maximize-start detail: the targets
 */
@customElement("convlens-maximize-targets")
export class ConvlensMaximizeTargets extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        font-size: 12px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 9px;
        color: var(--cl-fg);
      }
      strong {
        font-weight: 600;
        color: var(--cl-strong);
        overflow-wrap: anywhere;
      }
      input.filters {
        width: 116px;
      }
      .wrong {
        margin-top: 5px;
        color: var(--cl-error);
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) layer: LayerSummary | null = null;
  @property({ type: Boolean }) busy = false;
  @state() private filters = "";
  @state() private wrong: string | null = null;

  protected override render(): TemplateResult {
    const choose = {
      filters: () => this.renderFilters(),
      classes: () => this.renderClassChoice(),
      hierarchy: () =>
        this.renderStart(t("Maximise from early to deep"), hierarchyTargets(this.app.summary)),
    };
    return html`<div class="row">${choose[this.app.intent.maximize]()}</div>
      ${this.wrong ? html`<p class="wrong" role="alert">${this.wrong}</p>` : nothing}`;
  }

  private renderStart(
    text: string,
    targets: readonly MaximizeTarget[] | string,
    primary = true,
  ): TemplateResult {
    const start = (): void => {
      this.wrong = typeof targets === "string" ? targets : null;
      if (typeof targets === "string") return;
      this.dispatchEvent(new CustomEvent("maximize-start", { detail: targets }));
    };
    const disabled = this.busy || targets.length === 0;
    return button(text, start, { ...(primary && { kind: "primary" }), disabled });
  }

  private renderFilters(): TemplateResult {
    const { layer } = this;
    const count = filtersOf(layer);
    const name = layer?.name ?? "";
    const usual = String(filterFor(this.app.intent, layer));
    const parsed = parseFilters(this.filters || usual, count);
    const of = (filters: readonly number[]): MaximizeTarget[] =>
      filters.map((filter) => ({ layer: name, filter }));
    return html`<strong>${name}</strong>
      <label
        >${t("Filters")}
        <input
          class="filters"
          type="text"
          aria-label=${t("Filters")}
          title=${t("Numbers, such as 0-7, 12")}
          placeholder=${usual}
          .value=${this.filters}
          @input=${(event: InputEvent) => {
            if (event.target instanceof HTMLInputElement) this.filters = event.target.value;
          }}
        />
        ${t("of {0}", count)}</label
      >
      ${this.renderStart(t("Maximise"), typeof parsed === "string" ? parsed : of(parsed))}
      ${this.renderStart(
        t("This whole layer ({0})", count),
        of(Array.from({ length: count }, (_, k) => k)),
        false,
      )}`;
  }

  private renderClassChoice(): TemplateResult {
    const { intent, prediction } = this.app;
    if (asksNumber(this.app)) return this.renderStart(t("Maximise the value"), [{ classIndex: 0 }]);
    const of = (classes: readonly number[]): MaximizeTarget[] =>
      classes.map((classIndex) => ({ classIndex }));
    const top = (prediction?.classes ?? []).slice(0, TOP_CLASSES).map((score) => score.index);
    // the class on top is meant where none is chosen
    const classes = intent.classes.length > 0 ? intent.classes : top.slice(0, 1);
    return html`${this.renderStart(
      classes.length > 1 ? t("Maximise {0} classes", classes.length) : t("Maximise the class"),
      classes.length > 0
        ? of(classes)
        : t("Choose a class first: search for it by name or number."),
    )}
    ${
      top.length > 0
        ? this.renderStart(t("All top classes ({0})", top.length), of(top), false)
        : nothing
    }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-maximize-targets": ConvlensMaximizeTargets;
  }
  interface HTMLElementEventMap {
    "maximize-start": CustomEvent<readonly MaximizeTarget[]>;
  }
}
