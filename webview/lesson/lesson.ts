import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { attributionBy, gradCam } from "../../src/shared/question.ts";
import type { Attribute } from "../../src/shared/contract/experiments.ts";
import type { Cam } from "../../src/shared/contract/lenses.ts";
import { button, iconButton } from "../common/controls/index.ts";
import { type App, Resource, send } from "../common/state/index.ts";
import { base, controls, icon } from "../common/styles/index.ts";
import { t } from "../common/text/index.ts";
import { status } from "../components/status/status.ts";
import { halfOf, hottestOf, type Found } from "./found.ts";
import { styles } from "./lesson.styles.ts";
import { stepsFor, type Step, type Truth } from "./steps.ts";

/** What did my network learn? One question after the other: a guess first, then a lens shows what is true. */
@customElement("convlens-lesson")
export class ConvlensLesson extends LitElement {
  static override styles = [base, controls, styles];

  @property({ attribute: false }) app!: App;
  @state() private at = 0;
  /** What was guessed, by the number of the step. */
  @state() private guesses: ReadonlyMap<number, number> = new Map();
  @query("[data-next]") private readonly next!: HTMLElement | null;
  private readonly cam = new Resource<Cam>(this);
  private readonly attribution = new Resource<Attribute>(this);

  private get found(): Found {
    const { cam, attribution } = this;
    return {
      hottest: cam.value && !cam.stale ? hottestOf(cam.value) : null,
      half: attribution.value && !attribution.stale ? halfOf(attribution.value) : null,
    };
  }

  protected override willUpdate(): void {
    const { intent, remote, epoch, summary } = this.app;
    const { image } = intent;
    const asks = image !== null && summary.classes !== null && this.steps.length > 4;
    const cam = asks && { question: gradCam(image, { top: 1 }), trust: false };
    this.cam.load(cam || null, epoch, remote.cam);
    const attribution = asks && {
      ...{ question: attributionBy(intent.attribution, image, { top: 1 }), trust: false },
    };
    this.attribution.load(this.at > 4 ? attribution || null : null, epoch, remote.attribute);
  }

  /** The keyboard goes on where the next thing is to be done. */
  protected override updated(changed: PropertyValues): void {
    if (changed.has("at") || changed.has("guesses")) this.next?.focus();
  }

  private get steps(): readonly Step[] {
    return stepsFor(this.app);
  }

  private guess(step: Step, option: number): void {
    this.guesses = new Map([...this.guesses, [this.at, option]]);
    const shows = step.shows(this.app);
    if (Object.keys(shows).length > 0) send(this, "convlens-intent", shows);
  }

  private again(): void {
    this.at = 0;
    this.guesses = new Map();
  }

  protected override render(): TemplateResult {
    const { steps, at } = this;
    const step = steps[at];
    return html`<section role="region" aria-label=${t("What did my network learn?")}>
      <header>
        <h2>${t("What did my network learn?")}</h2>
        <span class="muted"
          >${step ? t("{0} of {1}", at + 1, steps.length) : t("{0} questions", steps.length)}</span
        >
        <span class="spacer"></span>
        ${iconButton(icon("close"), t("End the lesson"), () => send(this, "convlens-lesson-end", null))}
      </header>
      ${step ? this.renderStep(step) : this.renderEnd(steps)}
    </section>`;
  }

  private renderStep(step: Step): TemplateResult {
    const guessed = this.guesses.get(this.at);
    if (step.needs !== undefined && this.app.intent.image === null)
      return html`<p>${step.question}</p>
        <div class="row">
          <span class="muted">${t("This takes a picture.")}</span>
          ${button(
            html`${icon("add")}${t("Pick pictures")}`,
            () => send(this, "convlens-pick-images", null),
            {
              kind: "primary",
            },
          )}
        </div>`;
    const truth = guessed === undefined ? null : step.truth(this.app, this.found);
    return html`<p>${step.question}</p>
      <div class="row" role="group" aria-label=${t("Your guess")}>
        ${step.options.map((text, i) => this.renderOption(step, text, i, truth))}
        ${guessed === undefined ? nothing : this.renderNext()}
      </div>
      ${guessed === undefined ? nothing : this.renderTruth(truth)}`;
  }

  private renderOption(step: Step, text: string, i: number, truth: Truth | null): TemplateResult {
    const guessed = this.guesses.get(this.at);
    const mark =
      truth?.option === i ? " ✓" : truth && truth.option !== null && guessed === i ? " ✗" : "";
    return html`<button
      ?data-next=${guessed === undefined && i === 0}
      class=${truth?.option === i ? "true" : ""}
      aria-pressed=${guessed === i ? "true" : "false"}
      ?disabled=${guessed !== undefined}
      @click=${() => this.guess(step, i)}
    >
      ${text}${mark}
    </button>`;
  }

  private renderNext(): TemplateResult {
    return html`<button
      data-next
      class="primary"
      @click=${() => {
        this.at += 1;
      }}
    >
      ${t("Next")}
    </button>`;
  }

  private renderTruth(truth: Truth | null): TemplateResult {
    if (truth) return html`<p role="status">${truth.says}</p>`;
    return html`${status(this.cam)}${status(this.attribution)}
      <p class="muted" role="status">${t("The network is being asked …")}</p>`;
  }

  private renderEnd(steps: readonly Step[]): TemplateResult {
    const truths = steps.map((step) => step.truth(this.app, this.found)?.option ?? null);
    const told = truths.filter((option) => option !== null).length;
    const right = truths.filter((option, i) => option !== null && option === this.guesses.get(i));
    return html`<p role="status">
        ${t("{0} of {1} guesses were right. Each lens stands in a tab above: look around.", right.length, told)}
      </p>
      <div class="row">
        <button data-next class="primary" @click=${() => send(this, "convlens-lesson-end", null)}>
          ${t("Done")}
        </button>
        ${button(t("Begin again"), () => this.again())}
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-lesson": ConvlensLesson;
  }
}
