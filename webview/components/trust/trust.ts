import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Completeness } from "../../../src/shared/contract/experiments.ts";
import type { TrustBadge } from "../../../src/shared/contract/badge.ts";
import type { Sanity, SanityRequest, SanityStage } from "../../../src/shared/contract/trust.ts";
import { type App, Job } from "../../common/state/index.ts";
import { chart } from "../../common/drawing/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import { heard, num, phrase, plural, t } from "../../common/text/index.ts";
import { styles } from "./trust.styles.ts";
import { status } from "../status/status.ts";

const VERDICTS: Readonly<Record<Sanity["verdict"], string>> = {
  passed: t("Passed"),
  doubtful: t("Doubtful"),
  failed: t("Failed"),
};

/** How far a map can be trusted: a card for each measure, each with a sentence that says what it means. */
@customElement("convlens-trust")
export class ConvlensTrust extends LitElement {
  static override styles = [base, controls, styles];

  @property({ attribute: false }) app!: App;
  /** The map, as the randomisation check makes it again. */
  @property({ attribute: false }) check: SanityRequest | null = null;
  @property({ attribute: false }) badge: TrustBadge | null = null;
  /** The badge is on its way. */
  @property({ type: Boolean }) pending = false;
  @property({ attribute: false }) completeness: Completeness | null = null;
  @state() private stages: readonly SanityStage[] = [];
  @state() private sanity: Sanity | null = null;
  private readonly job = new Job(this);
  private checked = "";

  /** What was found holds for one map only. */
  protected override willUpdate(_: PropertyValues<this>): void {
    const of = JSON.stringify([this.check, this.app.epoch, this.app.intent.model]);
    if (of === this.checked) return;
    this.checked = of;
    this.stages = [];
    this.sanity = null;
    this.job.clear();
  }

  protected override render(): TemplateResult {
    return html`${this.completeness ? this.renderGap(this.completeness) : nothing}
    ${this.badge || this.pending ? this.renderOrder(this.badge) : nothing}
    ${this.check ? this.renderCheck(this.check) : nothing}`;
  }

  private renderGap({ gap, history, meaning }: Completeness): TemplateResult {
    const steps = history
      .map((one) => plural(one.steps, "{0} step: {1}", "{0} steps: {1}", num(one.gap, 3)))
      .join(", ");
    return html`<section class="badge">
      <h2>${t("Completeness gap")}</h2>
      <div class="numbers"><strong>${num(gap, 3)}</strong></div>
      <p>${heard(meaning)}</p>
      <p>${steps}</p>
    </section>`;
  }

  private renderOrder(badge: TrustBadge | null): TemplateResult {
    if (!badge)
      return html`<section class="badge">
        <h2>${t("Deletion and insertion")}</h2>
        <p>${t("Measuring how well the map orders the pixels …")}</p>
      </section>`;
    const { deletion, insertion } = badge.curves;
    const high = Math.max(1e-6, ...deletion, ...insertion);
    const low = Math.min(0, ...deletion, ...insertion);
    return html`<section class="badge">
      <h2>${t("Deletion and insertion")}</h2>
      <div class="numbers">
        <span
          ><span class="key"></span
          >${phrase("deletion {0}", html`<strong>${num(badge.deletion, 3)}</strong>`)}</span
        ><span
          ><span class="key second"></span
          >${phrase("insertion {0}", html`<strong>${num(badge.insertion, 3)}</strong>`)}</span
        >
      </div>
      ${chart(
        t("Deletion {0}, insertion {1}", num(badge.deletion, 3), num(badge.insertion, 3)),
        [deletion, insertion],
        [low, high],
      )}
      <p>${heard(badge.meaning)}</p>
      <p>${heard(badge.settings)}</p>
    </section>`;
  }

  private renderCheck(check: SanityRequest): TemplateResult {
    const { sanity, stages, job } = this;
    const last = stages.at(-1);
    return html`<section class="badge" aria-label=${t("Randomisation check")}>
      <h2>${t("Randomisation check")}</h2>
      ${status(job, t("Shuffling weights, layer after layer"))}
      ${
        last
          ? html`<div class="numbers">
                <strong>${sanity ? VERDICTS[sanity.verdict] : num(last.rankCorrelation, 2)}</strong>
              </div>
              ${chart(
                t(
                  "Rank correlation with more and more layers shuffled: {0}",
                  stages.map((stage) => num(stage.rankCorrelation, 2)).join(", "),
                ),
                [stages.map((stage) => stage.rankCorrelation), stages.map((stage) => stage.ssim)],
                [-1, 1],
              )}
              <div class="numbers">
                <span><span class="key"></span>${t("rank correlation")}</span
                ><span><span class="key second"></span>SSIM</span>
              </div>
              <p>
                ${
                  sanity
                    ? heard(sanity.meaning)
                    : plural(
                        last.layers,
                        "Down to {1}: {0} layer shuffled.",
                        "Down to {1}: {0} layers shuffled.",
                        last.downTo ?? "–",
                      )
                }
              </p>`
          : html`<p>
              ${t("Shuffles the weights from the last layer downwards and compares the maps: one that does not change shows the picture, not what the network learned.")}
            </p>`
      }
      ${
        job.busy || sanity
          ? nothing
          : html`<p>
              <button @click=${() => this.run(check)}>${t("Run the check")}</button>
            </p>`
      }
    </section>`;
  }

  private run(check: SanityRequest): void {
    this.stages = [];
    this.job.start(
      async (options) => {
        const sanity = await this.app.remote.sanity(check, options);
        this.stages = sanity.stages;
        this.sanity = sanity;
      },
      (partial) => {
        if (Array.isArray(partial)) this.stages = partial as SanityStage[];
      },
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-trust": ConvlensTrust;
  }
}
