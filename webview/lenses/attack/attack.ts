import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { AttackMethod } from "../../../src/shared/catalogue.ts";
import type { Attack, AttackProgress } from "../../../src/shared/contract/experiments.ts";
import type { AttackQuestion } from "../../../src/shared/question.ts";
import { button, segments } from "../../common/controls/index.ts";
import { isPart, Job, tellJob } from "../../common/state/index.ts";
import { bigNumber, icon } from "../../common/styles/index.ts";
import { grouped, t } from "../../common/text/index.ts";
import { whyNot } from "../../components/empty/empty.ts";
import { status } from "../../components/status/status.ts";
import { scroller, toolbar } from "../frame.ts";
import { LensElement } from "../lens.ts";
import { asksNumber, classesIn, placeIn, targetChoices } from "../target.ts";
import { styles } from "./attack.styles.ts";
import { EvolutionChoices } from "./evolution.ts";
import type { GoalChange } from "./goal.ts";
import { liveFacts } from "./live.ts";
import { exactRefusal, mostEvaluations, nameOf, type NextTry, PRESETS } from "./words.ts";
import { sideStyles } from "../../components/sides/sides.ts";
import "./changed-map.ts";
import "./goal.ts";
import "./result.ts";
import "../../components/picture/picture.ts";

/** The fewest pixels that change the network's mind. */
@customElement("convlens-attack")
export class ConvlensAttack extends LensElement {
  static override styles = [LensElement.styles, bigNumber, sideStyles, styles];

  private readonly evolution = new EvolutionChoices(this);
  /** null: what the network says; any other class. */
  @state() private trueClass: number | null = null;
  @state() private target: number | null = null;
  @state() private live: AttackProgress | null = null;
  @state() private result: Attack | null = null;
  private readonly job = new Job(this);
  private about = "";

  /** [height, width] of the network's input. */
  private get size(): readonly [number, number] {
    const [, height, width] = this.app.summary.inputs[0]?.shape ?? [];
    const { picture } = this.app;
    return [picture?.height ?? height ?? 224, picture?.width ?? width ?? 224];
  }

  protected override willUpdate(): void {
    const { summary, epoch, intent } = this.app;
    const { image, output, target } = intent;
    const about = JSON.stringify([summary.path, epoch, image, output, target]);
    if (about === this.about) return;
    // what is known and what was chosen belong to another picture, or another target
    this.about = about;
    this.job.clear();
    this.live = this.result = this.trueClass = this.target = null;
  }

  protected override updated(): void {
    tellJob("attack", this.job);
    if (this.result) this.drawn();
  }

  /** Where the exact attack is too large a preview takes its place, and the reverse. */
  private get method(): AttackMethod {
    const { attack } = this.app.intent;
    if (attack === "de") return attack;
    return exactRefusal(...this.size) === null ? "exact" : "screen";
  }

  private get most(): number {
    return mostEvaluations({ method: this.method, ...this.evolution.size }, ...this.size);
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
    const { method, trueClass, target, evolution } = this;
    const pixels = method === "de" ? evolution.pixels : 1;
    const question: AttackQuestion = {
      kind: "attack",
      ...{ image, method, pixels, trueClass, target, ...placeIn(this.app) },
      ...{ ...evolution.size, seed: evolution.seed.value },
    };
    this.live = this.result = null;
    this.job.start(
      async (options) => {
        this.result = await this.app.remote.attack({ question }, options);
        this.arrived(this.result);
      },
      (partial) => {
        if (isPart<AttackProgress>(partial, "evaluations")) this.live = partial;
      },
    );
  }

  protected override render(): TemplateResult {
    const blocked = whyNot(this.app, "attack", null);
    if (blocked) return blocked;
    const { app, job, result } = this;
    return html`${this.renderToolbar()}
      <convlens-attack-goal
        .app=${app}
        .trueClass=${this.trueClass}
        .target=${this.target}
        .mistaken=${this.mistaken}
        .about=${this.costs}
        @goal-change=${(event: CustomEvent<GoalChange>) => Object.assign(this, event.detail)}
      ></convlens-attack-goal>
      <div class="split">
        <div class="main">
          ${status(job.error ? job : null)}
          ${scroller(
            t("The attack"),
            false,
            result
              ? html`<convlens-attack-result
                  .app=${app}
                  .attack=${result}
                  .next=${this.nextTries(result)}
                ></convlens-attack-result>`
              : this.renderLive(),
          )}
        </div>
        ${result ? this.renderMaps(result) : nothing}
      </div>`;
  }

  /** What may succeed where this did not. */
  private nextTries({ success, method }: Attack): readonly NextTry[] {
    if (success || this.job.busy) return [];
    const { evolution } = this;
    const again = (change: () => void) => (): void => {
      change();
      this.attack();
    };
    const by = (attack: AttackMethod): void => this.choice("attack").set(attack);
    const offered: (NextTry | null)[] = [
      method === "de" && evolution.pixels < 5
        ? { text: t("Try 5 pixels"), run: again(() => evolution.setPixels("5")) }
        : null,
      method === "de" && evolution.size.generations < PRESETS.paper.generations
        ? { text: t("Search longer"), run: again(() => evolution.setPreset("paper")) }
        : null,
      method === "de"
        ? null
        : { text: t("Let evolution choose colours and more pixels"), run: () => by("de") },
      this.target === null
        ? null
        : { text: t("Let any other class do"), run: again(() => (this.target = null)) },
    ];
    return offered.filter((one) => one !== null);
  }

  private renderToolbar(): TemplateResult {
    const { job, method } = this;
    const exact =
      exactRefusal(...this.size) === null
        ? (["exact", t("Exact"), t("All 8 corners of RGB at every pixel")] as const)
        : ([
            "screen",
            t("Preview"),
            t("The pixels that the gradient ranks first: a preview, not a proof"),
          ] as const);
    return toolbar(
      t("Attack"),
      html`${segments<AttackMethod>(
        t("Method"),
        [["de", t("Evolution"), t("Differential evolution (Su, Vargas, Sakurai 2017)")], exact],
        { value: method, set: this.choice("attack").set },
      )}
      ${method === "de" ? this.evolution.render() : nothing}
      ${targetChoices(this.app, (key) => this.choice(key))}`,
      job.busy
        ? button(html`${icon("stop")}${t("Cancel")}`, () => job.cancel())
        : button(t("Attack"), () => this.attack(), { kind: "primary", disabled: this.mistaken }),
    );
  }

  /** Whether the network is wrong about the picture already. */
  private get mistaken(): boolean {
    const top = this.app.prediction?.classes[0]?.index;
    return this.trueClass !== null && top !== undefined && this.trueClass !== top;
  }

  private renderLive(): TemplateResult {
    const { live, job, app, most } = this;
    const watched = this.target ?? this.trueClass ?? app.prediction?.classes[0]?.index ?? null;
    const isNumber = asksNumber(app);
    const name =
      watched === null || isNumber ? t("The value") : nameOf(watched, classesIn(app).labels);
    return html`<div class="live">
      <convlens-picture
        crisp
        .picture=${app.picture}
        .marks=${live?.pixels ?? []}
        label=${t("The picture with the best candidate so far")}
        @picture-painted=${this.drawn}
      ></convlens-picture>
      <div class="facts" aria-live="off">
        ${liveFacts(live, job.busy, most, { watched: name, isNumber, before: app.prediction?.classes ?? [] })}
      </div>
    </div>`;
  }

  private renderMaps({ changedMaps }: Attack): TemplateResult {
    return html`<aside aria-label=${t("What changed inside")}>
      <h2>${t("Most changed feature maps")}</h2>
      <p class="muted small">
        ${t("Before and after, on one scale; the number is relative to the strongest map of the layer. Opens the map.")}
      </p>
      ${changedMaps.map(
        (map) =>
          html`<convlens-changed-map
            .map=${map}
            @click=${() => this.go({ lens: "activations", layer: map.layer, filter: map.channel })}
          ></convlens-changed-map>`,
      )}
    </aside>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-attack": ConvlensAttack;
  }
}
