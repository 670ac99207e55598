import type { AttackMethod } from "../../../src/shared/catalogue.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Attack, AttackProgress } from "../../../src/shared/contract/experiments.ts";
import { painted, send, type App } from "../../common/state/app.ts";
import { dropdown, numberField, segments } from "../../common/styles/controls.ts";
import { grouped, num, percent } from "../../common/text/format.ts";
import { icon } from "../../common/styles/icons.ts";
import { Job } from "../../common/state/job.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { t } from "../../common/text/l10n.ts";
import { lensLayout } from "../../common/styles/lens-layout.ts";
import { base } from "../../common/styles/theme.ts";
import { whyNot } from "../../components/empty/empty.ts";
import { styles } from "./attack.styles.ts";
import { exactRefusal, mostEvaluations, nameOf, PRESETS, type Preset } from "./words.ts";
import type { GoalChange } from "./goal.ts";
import "./goal.ts";
import "./result.ts";
import "../../components/picture/picture.ts";
import "../../components/status/status.ts";

/** The fewest pixels that change the network's mind. */
@customElement("convlens-attack")
export class ConvlensAttack extends LitElement {
  static override styles = [base, controls, lensLayout, styles];

  @property({ attribute: false }) app!: App;
  @state() private pixels: "1" | "3" | "5" = "1";
  @state() private population: number = PRESETS.quick.population;
  @state() private generations: number = PRESETS.quick.generations;
  @state() private seed = 0;
  /** null: what the network says; any other class. */
  @state() private trueClass: number | null = null;
  @state() private target: number | null = null;
  @state() private live: AttackProgress | null = null;
  @state() private result: Attack | null = null;
  private readonly job = new Job(this);
  private about = "";

  private get size(): readonly [number, number] {
    const [, height, width] = this.app.summary.inputs[0]?.shape ?? [];
    const { picture } = this.app;
    return [picture?.height ?? height ?? 224, picture?.width ?? width ?? 224];
  }

  protected override willUpdate(): void {
    const { summary, epoch, intent } = this.app;
    const about = JSON.stringify([summary.path, epoch, intent.image]);
    if (about === this.about) return;
    // what is known and what was chosen belong to another picture
    this.about = about;
    this.job.clear();
    this.live = this.result = this.trueClass = this.target = null;
  }

  protected override updated(): void {
    if (this.result) painted(this, "attack");
  }

  /** Where the exact attack is too large a preview takes its place, and the reverse. */
  private get method(): AttackMethod {
    const { attack } = this.app.intent;
    if (attack === "de") return attack;
    return exactRefusal(...this.size) === null ? "exact" : "screen";
  }

  private get most(): number {
    const { method, population, generations } = this;
    return mostEvaluations({ method, population, generations }, ...this.size);
  }

  private get costs(): string {
    const limit = t(
      this.method === "exact"
        ? "{0} evaluations: every pixel is tried."
        : this.method === "screen"
          ? "{0} evaluations: the 8 corners of RGB at the pixels that the gradient ranks first. A preview, not a proof."
          : "{0} evaluations at most; it stops at the first success. Candidates are rounded to 8 bits before they are scored.",
      grouped(this.most),
    );
    return [limit, exactRefusal(...this.size)].filter(Boolean).join(" ");
  }

  private attack(): void {
    const { image } = this.app.intent;
    if (image === null) return;
    const { method, population, generations, seed, trueClass, target } = this;
    const pixels = method !== "de" ? 1 : Number(this.pixels);
    const request = {
      image,
      method,
      pixels,
      trueClass,
      target,
      population: Math.max(4, population),
      generations,
      seed,
    };
    this.live = this.result = null;
    this.job.start(
      async (options) => {
        const result = await this.app.remote.attack(request, options);
        this.result = result;
        send(this, "convlens-provenance", result);
      },
      (partial) => {
        if (isProgress(partial)) this.live = partial;
      },
    );
  }

  protected override render(): TemplateResult {
    const blocked = whyNot(this.app, "attack", null);
    if (blocked) return blocked;
    return html`${this.renderToolbar()}
      <convlens-attack-goal
        .app=${this.app}
        .trueClass=${this.trueClass}
        .target=${this.target}
        .mistaken=${this.mistaken}
        .about=${this.costs}
        @goal-change=${(event: CustomEvent<GoalChange>) => Object.assign(this, event.detail)}
      ></convlens-attack-goal>
      <div class="split">
        <div class="main">
          <convlens-status .of=${this.job.error ? this.job : null}></convlens-status>
          <div class="scroll" tabindex="0" role="group" aria-label=${t("The attack")}>
            ${
              this.result
                ? html`<convlens-attack-result
                    .app=${this.app}
                    .attack=${this.result}
                  ></convlens-attack-result>`
                : this.renderLive()
            }
          </div>
        </div>
        ${this.result ? this.renderMaps(this.result) : nothing}
      </div>`;
  }

  private renderToolbar(): TemplateResult {
    const { job, method } = this;
    const refusal = exactRefusal(...this.size);
    const preset = (Object.keys(PRESETS) as Preset[]).find(
      (name) =>
        PRESETS[name].population === this.population &&
        PRESETS[name].generations === this.generations,
    );
    return html`<div class="toolbar" role="toolbar" aria-label=${t("Attack")}>
      ${segments<AttackMethod>(
        t("Method"),
        [
          ["de", t("Evolution"), t("Differential evolution (Su, Vargas, Sakurai 2017)")],
          ...(refusal === null
            ? [["exact", t("Exact"), t("All 8 corners of RGB at every pixel")] as const]
            : [
                [
                  "screen",
                  t("Preview"),
                  t("The pixels that the gradient ranks first: a preview, not a proof"),
                ] as const,
              ]),
        ],
        method,
        (chosen) => send(this, "convlens-intent", { attack: chosen }),
      )}
      ${
        method !== "de"
          ? nothing
          : html`${segments<"1" | "3" | "5">(
              t("Pixels"),
              [
                ["1", t("1 pixel")],
                ["3", "3"],
                ["5", "5"],
              ],
              this.pixels,
              (pixels) => {
                this.pixels = pixels;
              },
            )}
            ${dropdown<Preset | "own">(
              t("Preset"),
              [
                ...(Object.keys(PRESETS) as Preset[]).map(
                  (name) => [name, PRESETS[name].title] as const,
                ),
                ["own", t("own numbers")],
              ],
              preset ?? "own",
              (name) => {
                if (name === "own") return;
                this.population = PRESETS[name].population;
                this.generations = PRESETS[name].generations;
              },
            )}
            ${numberField(t("Population"), this.population, "60", (typed) => {
              this.population = Math.max(4, typed ?? PRESETS.quick.population);
            })}
            ${numberField(t("Generations"), this.generations, "20", (typed) => {
              this.generations = Math.max(1, typed ?? PRESETS.quick.generations);
            })}
            ${numberField(t("Seed"), this.seed, "0", (typed) => {
              this.seed = typed ?? 0;
            })}`
      }
      <span class="end">
        ${
          job.busy
            ? html`<button @click=${() => job.cancel()}>${icon("stop")}${t("Cancel")}</button>`
            : html`<button class="primary" ?disabled=${this.mistaken} @click=${() => this.attack()}>
                ${t("Attack")}
              </button>`
        }
      </span>
    </div>`;
  }

  /** Whether the network is wrong about the picture already. */
  private get mistaken(): boolean {
    const top = this.app.prediction?.classes[0]?.index;
    return this.trueClass !== null && top !== undefined && this.trueClass !== top;
  }

  private renderLive(): TemplateResult {
    const { live, job, app, most } = this;
    const watched = this.target ?? this.trueClass ?? app.prediction?.classes[0]?.index ?? null;
    return html`<div class="live">
      <convlens-picture
        crisp
        .picture=${app.picture}
        .marks=${live?.pixels ?? []}
        label=${t("The picture with the best candidate so far")}
        @picture-painted=${() => painted(this, "attack")}
      ></convlens-picture>
      <div class="facts" aria-live="off">
        ${
          live
            ? html`<div>
                  <div class="big">${percent(live.probability)}</div>
                  <span class="muted"
                    >${t(
                      job.busy
                        ? "{0} with the best candidate so far"
                        : "{0} with the best candidate, when it was cancelled",
                      watched === null ? "" : nameOf(watched, app.summary.labels),
                    )}</span
                  >
                </div>
                <progress
                  aria-label=${t("Evaluations")}
                  max="1"
                  .value=${Math.min(1, live.evaluations / most)}
                ></progress>
                <span class="mono"
                  >${t("{0} evaluations, {1} a second", grouped(live.evaluations), num(live.evaluationsPerSecond, 3))}</span
                >
                <span class="mono muted"
                  >${live.pixels.map(
                    ({ x, y, rgb }) =>
                      html`${t("x {0}, y {1}: RGB {2}", x, y, rgb.join(", "))}<br />`,
                  )}</span
                >`
            : job.busy
              ? html`<span class="muted" role="status"
                  >${t("Scoring the first candidates …")}</span
                >`
              : html`<p class="muted">
                  ${t("Searches for the pixels, and their colours, that change what the network says the most. Nothing else of the picture is changed.")}
                </p>`
        }
      </div>
    </div>`;
  }

  private renderMaps({ changedMaps }: Attack): TemplateResult {
    return html`<aside aria-label=${t("What changed inside")}>
      <h2>${t("Most changed feature maps")}</h2>
      <p class="muted" style="margin:4px 0 8px;font-size:11px">
        ${t("Relative to the strongest map of the layer. Opens the map.")}
      </p>
      ${changedMaps.map(
        ({ layer, channel, change }) =>
          html`<p>
            <button
              class="link"
              @click=${() => send(this, "convlens-intent", { lens: "activations", layer, filter: channel })}
            >
              ${t("{0}, map {1}", layer, channel)}
            </button>
            <span class="mono muted">${num(change, 3)}</span>
          </p>`,
      )}
    </aside>`;
  }
}

function isProgress(partial: unknown): partial is AttackProgress {
  return typeof partial === "object" && partial !== null && "evaluations" in partial;
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-attack": ConvlensAttack;
  }
}
