import { messageOf } from "../../../src/base/errors.ts";
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { CallOptions } from "../../../src/rpc/index.ts";
import type { Checkpoint, EpochFacts } from "../../../src/shared/contract/training.ts";
import { heard, num, plural, t } from "../../common/text/index.ts";
import { Job } from "../../common/state/index.ts";
import { classCurves, keyOf, layerCurves, type Curve } from "./facts.ts";
import "./accuracy.ts";
import "./chart.ts";
import { status } from "../../components/status/status.ts";
import { LensElement } from "../lens.ts";

const MOST_LAYERS = 6;

/** How often a checkpoint is tried again while another file is being written, and how long after. */
const TRIES = 10;
const RETRY_MS = 500;

/** A training seen through its checkpoints: pinned pictures, dead filters and how far weights moved, step by step. */
@customElement("convlens-training")
export class ConvlensTraining extends LensElement {
  static override styles = [
    LensElement.styles,
    css`
      .scroll {
        padding: 8px 16px 16px;
      }
      h2 {
        margin: 14px 0 4px;
        font-size: 13px;
      }
      table {
        border-collapse: collapse;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 2px 14px 2px 0;
        text-align: right;
      }
      th:first-child,
      td:first-child {
        text-align: left;
      }
      details {
        margin-top: 14px;
      }
    `,
  ];

  @state() private known = new Map<string, EpochFacts>();
  @state() private failed: ReadonlyMap<string, string> = new Map();
  private readonly unreadable = new Set<string>();
  private wanted = "";
  private readonly job = new Job(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("app")) return;
    // one that was stopped by hand goes on when there is something new
    const wanted = this.missing.map((one) => this.keyOf(one)).join("\n");
    if (wanted === "" || wanted === this.wanted || !this.app.trusted || this.job.busy) return;
    this.wanted = wanted;
    this.job.start((options) => this.look(options));
  }

  /** Checkpoints that are not known yet; one that could not be read is tried again when it was written again. */
  private get missing(): Checkpoint[] {
    return this.app.series.filter((one) => {
      const key = this.keyOf(one);
      return !this.known.has(key) && !this.failed.has(key);
    });
  }

  /** The last readable one before it, that its weights are compared with. */
  private earlierOf(one: Checkpoint): Checkpoint | undefined {
    const earlier = this.app.series.slice(0, this.app.series.indexOf(one));
    return earlier.findLast(({ path }) => !this.unreadable.has(path));
  }

  private keyOf(one: Checkpoint): string {
    return keyOf(one, this.earlierOf(one), this.app.intent.images);
  }

  /** One after the other, those that come meanwhile too: a new one interrupts none. */
  private async look(options: CallOptions): Promise<void> {
    let others = 0;
    for (let one = this.missing[0]; one; one = this.missing[0]) {
      const { images } = this.app.intent;
      const key = this.keyOf(one);
      const previous = this.earlierOf(one)?.path ?? null;
      try {
        const facts = await this.app.remote.epoch(
          { checkpoint: one.path, previous, images },
          options,
        );
        others = 0;
        this.known = new Map(this.known).set(key, facts);
        this.unreadable.delete(one.path);
        this.arrived(facts);
      } catch (error) {
        if (options.signal?.aborted) throw error;
        // one that is damaged or gone leaves a gap; the others are told
        const reason = heard(messageOf(error));
        if (this.isOfAnother(one, reason) && ++others < TRIES) {
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
          continue;
        }
        others = 0;
        this.failed = new Map(this.failed).set(key, reason);
        if (this.app.series.includes(one)) this.unreadable.add(one.path);
      }
    }
  }

  /** The model or the checkpoint before is being written at this moment: no fault of `one`. */
  private isOfAnother(one: Checkpoint, reason: string): boolean {
    return (
      !reason.includes(one.name) &&
      this.app.series.some(({ name }) => name !== one.name && reason.includes(name))
    );
  }

  protected override updated(): void {
    if (this.app.series.length < 2 || this.known.size > 0) this.drawn();
  }

  private get facts(): (EpochFacts | undefined)[] {
    return this.app.series.map((one) => this.known.get(this.keyOf(one)));
  }
  private get current(): number {
    const path = this.app.intent.checkpoint ?? this.app.intent.model;
    return (
      this.app.series.find((one) => one.path === path)?.step ?? this.app.series.at(-1)?.step ?? 0
    );
  }

  protected override render(): TemplateResult {
    if (this.app.series.length < 2)
      return html`<div class="scroll">
        <h2>${t("No training to follow")}</h2>
        <p>
          ${t("This model stands alone. Checkpoints are files of one folder whose names differ in a number, such as epoch_01.keras and epoch_02.keras: open one of them, or choose “ConvLens: Follow Training…”.")}
        </p>
      </div>`;
    const { facts } = this;
    const { images } = this.app.intent;
    const counted = facts.find((one) => one !== undefined)?.counted ?? 0;
    const dead = layerCurves(
      this.app.series,
      facts,
      (one) => one.dead.map(({ layer, dead: value }) => ({ layer, value })),
      MOST_LAYERS,
    );
    const change = layerCurves(
      this.app.series,
      facts,
      (one) => one.change.map(({ layer, relative }) => ({ layer, value: relative })),
      MOST_LAYERS,
    );
    return html`<div class="scroll">
      ${status(this.job, t("Looking at the checkpoints"))}
      ${this.app.series.map((one) => {
        const reason = this.failed.get(this.keyOf(one));
        return reason === undefined
          ? nothing
          : html`<p class="muted" title=${one.path}>
              ${reason.includes(one.name) ? reason : `${one.name}: ${reason}`}
            </p>`;
      })}
      <convlens-training-accuracy
        .app=${this.app}
        .opened=${this.opened}
        .current=${this.current}
        @step=${this.goTo}
      ></convlens-training-accuracy>
      ${
        images.length === 0
          ? html`<p>
              ${t("Pin pictures with + above to see what each checkpoint makes of them.")}
            </p>`
          : this.chart(
              t("The class each picture ends with"),
              t("probability"),
              classCurves(this.app.series, facts, this.app.summary.labels),
            )
      }
      ${this.chart(t("How far the weights moved since the checkpoint before (relative)"), t("relative change"), change)}
      ${
        counted > 0
          ? this.chart(
              plural(
                counted,
                "Dead filters over one pinned picture",
                "Dead filters over {0} pinned pictures",
              ),
              t("filters"),
              dead,
            )
          : nothing
      }
      ${this.table(facts)}
    </div>`;
  }

  /** The step of the file that was opened; null: it is no checkpoint of the series. */
  private get opened(): number | null {
    return this.app.series.find(({ path }) => path === this.app.intent.model)?.step ?? null;
  }

  private readonly goTo = ({ detail }: CustomEvent<number>): void => {
    const path = this.app.series[detail]?.path ?? null;
    this.go({ checkpoint: path === this.app.intent.model ? null : path, follow: false });
  };

  private chart(title: string, unit: string, curves: readonly Curve[]): TemplateResult {
    if (curves.length === 0) return html``;
    return html`<h2>${title}</h2>
      <convlens-chart
        label=${title}
        .unit=${unit}
        .opened=${this.opened}
        .steps=${this.app.series.map(({ step }) => step)}
        .curves=${curves}
        .current=${this.current}
        @step=${this.goTo}
      ></convlens-chart>`;
  }

  /** The same as numbers, for those who read. */
  private table(facts: readonly (EpochFacts | undefined)[]): TemplateResult {
    const pictures = facts.find((one) => one !== undefined)?.pictures.length ?? 0;
    const mean = (values: readonly number[]): string =>
      values.length === 0 ? "" : num(values.reduce((a, b) => a + b, 0) / values.length);
    const topOf = (one: EpochFacts): number[] =>
      one.pictures.map(({ classes }) => Math.max(...classes.map((c) => c.probability ?? c.logit)));
    return html`<details>
      <summary>${t("As numbers")}</summary>
      <table>
        <tr>
          <th>${t("step")}</th>
          ${
            pictures > 0
              ? html`<th>${t("mean of the top class")}</th>
                  <th>${t("dead filters over N = {0}", pictures)}</th>`
              : nothing
          }
          <th>${t("mean change of weights")}</th>
        </tr>
        ${this.app.series.map((checkpoint, i) => {
          const one = facts[i];
          return html`<tr>
            <td title=${checkpoint.path}>${checkpoint.step}</td>
            ${
              pictures > 0
                ? html`<td>${one ? mean(topOf(one)) : "…"}</td>
                    <td>${one ? one.dead.reduce((sum, { dead }) => sum + dead, 0) : "…"}</td>`
                : nothing
            }
            <td>${one ? mean(one.change.map(({ relative }) => relative)) : "…"}</td>
          </tr>`;
        })}
      </table>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-training": ConvlensTraining;
  }
}
