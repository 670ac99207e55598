import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { ComparedPredictions } from "../../../src/shared/contract/compare.ts";
import { placeOf } from "../../../src/shared/intent-questions.ts";
import { icon } from "../../common/styles/index.ts";
import { fileName, percent, t } from "../../common/text/index.ts";
import { keep } from "../../components/export/keepable.ts";
import { classPairs, sideMark } from "../../components/sides/sides.ts";
import { status } from "../../components/status/status.ts";
import { scroller, toolbar } from "../frame.ts";
import { targetChoices } from "../target.ts";
import { ComparedView } from "./view.ts";

const TOP = 20;

/** What both say of the picture: the same classes on one scale. */
@customElement("convlens-compare-classes")
export class ConvlensCompareClasses extends ComparedView {
  static override styles = [
    ComparedView.styles,
    css`
      .pairs {
        margin: 6px 12px;
      }
    `,
  ];

  private readonly found = this.fetched<ComparedPredictions>();

  protected override willUpdate(): void {
    const { pictures, app } = this;
    const asked = pictures && { ...pictures, ...placeOf(app.intent), top: TOP };
    this.load(this.found, asked, app.remote.comparePredictions);
  }
  protected override updated(): void {
    if (this.found.value) this.drawn();
  }

  protected override render(): TemplateResult {
    const { value } = this.found;
    return html`${status(this.found, t("Running both"))}
    ${value ? this.renderClasses(value) : nothing}`;
  }

  private renderClasses(value: ComparedPredictions): TemplateResult {
    const { classes, distance, agree, isNumber } = value;
    const { app } = this;
    const apart =
      distance === null
        ? nothing
        : html`<span
            class="muted"
            title=${t("Half the sum of the differences of all classes (total variation)")}
            >${t("{0} of the probability lies elsewhere.", percent(distance))}</span
          >`;
    const others = t(
      "Their classes are not the same ones: they are matched by label, and those that only one has stand alone.",
    );
    return html`${toolbar(
      t("Classes of both"),
      html`<span
          >${isNumber ? nothing : agree ? t("Both have the same class on top.") : t("They disagree about the class on top.")}
          ${apart}</span
        >
        ${targetChoices(app, (key) => this.choice(key))}`,
      keep(t("what both say"), {
        name: fileName(this.app.summary.name, "compared.classes"),
        json: () => value,
      }),
    )}
    ${scroller(
      t("Classes of both"),
      false,
      html`${classPairs(classes, [sideMark(0), sideMark(1), html`B − A`])}
      ${
        classes.some((pair) => pair.includes(null))
          ? html`<p class="note">${icon("info")}<span>${others}</span></p>`
          : nothing
      }`,
    )}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-compare-classes": ConvlensCompareClasses;
  }
}
