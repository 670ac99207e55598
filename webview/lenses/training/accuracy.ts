import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Accuracy, Checkpoint, FolderRule } from "../../../src/shared/contract/training.ts";
import { button } from "../../common/controls/index.ts";
import { Job } from "../../common/state/index.ts";
import { baseName, plural, t } from "../../common/text/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import { status } from "../../components/status/status.ts";
import { LensElement } from "../lens.ts";
import type { Curve } from "./facts.ts";
import "./chart.ts";

/** How folders were taken for classes. */
const RULES: Readonly<Record<FolderRule, string>> = {
  names: t("folders by the names of the classes"),
  numbers: t("folders by the numbers of the classes"),
  order: t("folders in the order of their names, which is a guess"),
};

/** How often each checkpoint is right over a folder of its classes, and how wrong; sends `step` as its charts do. */
@customElement("convlens-training-accuracy")
export class ConvlensTrainingAccuracy extends LensElement {
  static override styles = [
    base,
    controls,
    css`
      h2 {
        margin: 14px 0 4px;
        font-size: 13px;
      }
    `,
  ];

  /** Steps of the checkpoint that is looked at, and of the file that was opened. */
  @property({ type: Number }) current = 0;
  @property({ attribute: false }) opened: number | null = null;
  @state() private folder: string | null = null;
  @state() private rated: ReadonlyMap<string, Accuracy> = new Map();
  private readonly job = new Job(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("app")) this.rate();
  }

  private keyOf({ path, modified }: Checkpoint): string {
    return [this.folder, path, modified].join("\n");
  }

  private get missing(): Checkpoint | undefined {
    return this.app.series.find((one) => !this.rated.has(this.keyOf(one)));
  }

  private async choose(): Promise<void> {
    const folder = await this.app.remote.pickFolder({ ofClasses: true });
    if (folder === null) return;
    this.job.clear();
    this.folder = folder;
    this.rate();
  }

  /** Looks at the checkpoints that are not rated yet; the first that cannot be ends it, and is said. */
  private rate(): void {
    const { folder, job } = this;
    if (folder === null || job.busy || job.error || !this.missing) return;
    job.start(async (options) => {
      for (let one = this.missing; one && folder === this.folder; one = this.missing) {
        const key = this.keyOf(one);
        const accuracy = await this.app.remote.accuracy({ checkpoint: one.path, folder }, options);
        this.rated = new Map(this.rated).set(key, accuracy);
        this.arrived(accuracy);
      }
    });
  }

  protected override render(): TemplateResult {
    const rated = this.app.series.map((one) => this.rated.get(this.keyOf(one)));
    const known = rated.find((one) => one !== undefined);
    const curve = (label: string, of: (one: Accuracy) => number): Curve => ({
      label,
      values: rated.map((one) => (one ? of(one) : null)),
    });
    return html`<h2>${t("Loss and accuracy")}</h2>
      <p class="muted">
        ${known ? this.said(known) : t("Choose a folder with a folder of pictures for each class.")}
        ${button(known ? t("Another folder…") : t("Choose a folder…"), () => this.choose(), { kind: "link" })}
      </p>
      ${status(this.job, t("Looking at the checkpoints"))}
      ${
        known
          ? html`${this.chart(
              t("share of pictures"),
              curve(t("accuracy"), (one) => one.accuracy),
            )}
            ${this.chart(
              t("nats"),
              curve(t("loss (cross-entropy)"), (one) => one.loss),
            )}`
          : nothing
      }`;
  }

  private said({ counted, by }: Accuracy): string {
    const over = plural(
      counted,
      "over one picture of {1}",
      "over {0} pictures of {1}",
      baseName(this.folder ?? ""),
    );
    return `${over}, ${RULES[by]}`;
  }

  private chart(unit: string, curve: Curve): TemplateResult {
    return html`<convlens-chart
      label=${curve.label}
      .unit=${unit}
      .opened=${this.opened}
      .steps=${this.app.series.map(({ step }) => step)}
      .curves=${[curve]}
      .current=${this.current}
      @step=${({ detail }: CustomEvent<number>) => this.dispatchEvent(new CustomEvent("step", { detail }))}
    ></convlens-chart>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-training-accuracy": ConvlensTrainingAccuracy;
  }
}
