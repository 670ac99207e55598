import { RECIPES, type RecipeName } from "../../../src/shared/catalogue.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type {
  Maximized,
  MaximizedPictures,
  MaximizeRequest,
  MaximizeTarget,
} from "../../../src/shared/contract/experiments.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import type { MaximizeView } from "../../../src/shared/contract/panel.ts";
import { painted, send, type App } from "../../common/state/app.ts";
import { seedAndSteps, segments } from "../../common/styles/controls.ts";
import { num, reachedText } from "../../common/text/format.ts";
import { icon } from "../../common/styles/icons.ts";
import { layerFor } from "../../common/state/intent.ts";
import { Job } from "../../common/state/job.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { t } from "../../common/text/l10n.ts";
import { sentenceOf, titleOf as methodTitle } from "../../common/text/methods.ts";
import { lensLayout } from "../../common/styles/lens-layout.ts";
import { base } from "../../common/styles/theme.ts";
import { whyNot } from "../../components/empty/empty.ts";
import type { Advanced } from "./advanced.ts";
import { TOP_CLASSES } from "./choose.ts";
import { titleOf } from "./details.ts";
import { styles } from "./maximize.styles.ts";
import { readRecipe } from "./recipe.ts";
import { runBar } from "./run-bar.ts";
import { batchSizeFor, MaximizeRun } from "./run.ts";
import { hierarchyTargets } from "./targets.ts";
import "./advanced.ts";
import "./hierarchy.ts";
import "../../components/classes/classes.ts";
import "../../components/status/status.ts";
import "../../components/tiles/tiles.ts";

/** Inputs made for filters of a layer, for classes, or for a few filters from early to deep. */
@customElement("convlens-maximize")
export class ConvlensMaximize extends LitElement {
  static override styles = [base, controls, lensLayout, styles];

  @property({ attribute: false }) app!: App;
  @state() private steps: number | null = null;
  @state() private seed = 0;
  @state() private advanced: Advanced = { options: {}, cell: null };
  @state() private run: MaximizeRun | null = null;
  @state() private shown: MaximizeView = "filters";
  @state() private selected = 0;
  @state() private wrong: string | null = null;
  private readonly job = new Job(this);
  private about = "";

  private get recipe(): RecipeName {
    return this.app.intent.recipe;
  }
  private get layer(): LayerSummary | null {
    return layerFor(this.app.summary, { ...this.app.intent, lens: "maximize" });
  }

  private get usualSteps(): number {
    const { usual, usualForClass } = RECIPES[this.recipe].options.steps;
    return this.app.intent.maximize === "classes" ? usualForClass : usual;
  }

  protected override willUpdate(): void {
    const { summary, epoch, intent, trusted } = this.app;
    const about = `${summary.path}\n${String(epoch)}`;
    if (about !== this.about) {
      this.about = about;
      this.job.clear();
      this.run = null;
    }
    const view = intent.maximize;
    // opened by one click elsewhere: nothing is left to choose
    const begins = view === "hierarchy" && this.shown !== "hierarchy" && !this.job.busy;
    if (view !== this.shown && !this.job.busy) {
      this.shown = view;
      this.run = null;
    }
    if (begins && !this.hidden && trusted && summary.notRunnable === null)
      this.begin(hierarchyTargets(summary));
  }

  private begin(targets: readonly MaximizeTarget[], over: Partial<MaximizeRequest> = {}): void {
    if (targets.length === 0) return;
    const [, height, width] = this.app.summary.inputs[0]?.shape ?? [];
    const { recipe, seed } = this;
    const steps = this.steps ?? this.usualSteps;
    const { options, cell } = this.advanced;
    const own = targets.map((target) => ("layer" in target && cell ? { ...target, cell } : target));
    const images = this.app.intent.images;
    const request = { targets: own, recipe, steps, seed, options, images, ...over };
    this.run = new MaximizeRun(request, batchSizeFor(height ?? 224, width ?? 224));
    this.shown = this.app.intent.maximize;
    this.selected = 0;
    this.wrong = null;
    this.work();
  }

  private work(): void {
    const { run } = this;
    if (!run) return;
    const { remote } = this.app;
    this.job.start(async (options) => {
      try {
        for (let batch = run.next(); batch !== null; batch = run.next()) {
          const now = batch;
          const onProgress = ({ partial }: { partial?: unknown }): void => {
            if (!isPictures(partial)) return;
            run.show(now, partial);
            this.requestUpdate();
          };
          const result: Maximized = await remote.maximize(now.request, {
            signal: options.signal,
            onProgress,
          });
          run.finish(now, result);
          send(this, "convlens-provenance", result);
          this.requestUpdate();
        }
      } finally {
        run.rest();
      }
    });
  }

  private async replay(file: File | undefined): Promise<void> {
    const { preprocessing } = this.app.summary;
    const request = file ? readRecipe(await file.text(), preprocessing) : "";
    if (typeof request === "string") {
      this.wrong = request || null;
      return;
    }
    const [target] = request.targets;
    const names = new Set(this.app.summary.layers.map((layer) => layer.name));
    if (target && "layer" in target && !names.has(target.layer)) {
      this.wrong = t("This model has no layer '{0}', which the recipe names.", target.layer);
      return;
    }
    const { recipe, steps, seed, options = {} } = request;
    Object.assign(this, { steps, seed, advanced: { options, cell: null } });
    const maximize = target !== undefined && "classIndex" in target ? "classes" : "filters";
    const layer = target !== undefined && "layer" in target ? target.layer : null;
    this.shown = maximize;
    send(this, "convlens-intent", {
      ...{ maximize, recipe },
      ...(layer !== null && { layer, filter: null }),
    });
    await this.updateComplete;
    this.begin(request.targets, request);
  }

  protected override render(): TemplateResult {
    const view = this.app.intent.maximize;
    const blocked = whyNot(
      this.app,
      "maximize",
      view === "filters" ? (this.layer?.name ?? null) : null,
    );
    if (blocked) return blocked;
    return html`${this.renderToolbar()} ${this.renderTargets()}
      <div class="split">
        <div class="main">
          ${runBar(this.run, this.job, {
            resume: () => this.work(),
            end: () => {
              this.job.clear();
              this.run?.end();
              this.requestUpdate();
            },
          })}
          <convlens-status .of=${this.job.error ? this.job : null}></convlens-status>
          ${this.renderPictures()}
        </div>
        <aside aria-label=${t("Selected picture")}>
          ${view === "classes" ? this.renderClasses() : nothing}
          ${
            this.run
              ? html`<convlens-maximize-details
                  .app=${this.app}
                  .run=${this.run}
                  .index=${this.selected}
                  .revision=${this.run.revision}
                ></convlens-maximize-details>`
              : html`<p class="muted">${t("The picture, what it reached and how, stand here.")}</p>`
          }
        </aside>
      </div>`;
  }

  private renderToolbar(): TemplateResult {
    return html`<div class="toolbar" role="toolbar" aria-label=${t("Maximize")}>
      ${segments<MaximizeView>(
        t("What is maximised"),
        [
          ["filters", t("Filters"), t("Filters of the chosen layer")],
          ["classes", t("Classes"), t("The logits of classes")],
          ["hierarchy", t("Early to deep"), t("A few filters of several layers")],
        ],
        this.app.intent.maximize,
        (maximize) => send(this, "convlens-intent", { maximize }),
      )}
      ${segments<RecipeName>(
        t("Recipe"),
        Object.values(RECIPES).map(
          (about) => [about.id, methodTitle(about), sentenceOf(about)] as const,
        ),
        this.recipe,
        (recipe) => send(this, "convlens-intent", { recipe }),
      )}
      ${seedAndSteps({ steps: this.steps, usual: this.usualSteps, seed: this.seed }, (change) => Object.assign(this, change))}
      <span class="end">
        <button
          class="ghost"
          title=${t("Make the picture of a saved recipe again")}
          @click=${(event: MouseEvent) => {
            const input = (event.currentTarget as HTMLElement).nextElementSibling;
            if (input instanceof HTMLInputElement) input.click();
          }}
        >
          ${icon("file")}${t("Replay a recipe")}
        </button>
        <input
          type="file"
          accept=".json,application/json"
          hidden
          @change=${(event: Event) => {
            if (!(event.target instanceof HTMLInputElement)) return;
            void this.replay(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </span>
    </div>`;
  }

  private renderTargets(): TemplateResult {
    return html`<div class="about">
      <convlens-maximize-targets
        .app=${this.app}
        .layer=${this.layer}
        .busy=${this.job.busy}
        @maximize-start=${(event: CustomEvent<readonly MaximizeTarget[]>) => this.begin(event.detail)}
      ></convlens-maximize-targets>
      <p>${sentenceOf(RECIPES[this.recipe])}</p>
      <convlens-maximize-advanced
        .value=${this.advanced}
        .layer=${this.layer?.name ?? ""}
        .busy=${this.job.busy}
        @advanced-change=${(event: CustomEvent<Advanced>) => {
          this.advanced = event.detail;
        }}
        @maximize-start=${(event: CustomEvent<readonly MaximizeTarget[]>) => this.begin(event.detail)}
      ></convlens-maximize-advanced>
      ${this.wrong ? html`<p class="wrong" role="alert">${this.wrong}</p>` : nothing}
    </div>`;
  }

  private renderClasses(): TemplateResult {
    const { prediction, summary, intent } = this.app;
    return html`<h2>${t("Classes")}</h2>
      <convlens-classes
        .scores=${prediction?.classes.slice(0, TOP_CLASSES) ?? []}
        .shown=${intent.classes}
        .count=${summary.classes ?? 0}
        .labels=${summary.labels}
      ></convlens-classes>`;
  }

  private renderPictures(): TemplateResult {
    const { run, selected } = this;
    if (!run)
      return html`<convlens-empty
        heading=${t("What makes it fire?")}
        text=${t("An input is made, step by step, that drives a filter or a class as high as it can.")}
      ></convlens-empty>`;
    const select = (event: CustomEvent<number>): void => {
      this.selected = event.detail;
    };
    const seen = (): void => painted(this, "maximize");
    if (this.shown === "hierarchy")
      return html`<convlens-hierarchy
        class="scroll"
        .run=${run}
        .revision=${run.revision}
        .selected=${selected}
        .layers=${this.app.summary.layers}
        @tile-select=${select}
        @tile-painted=${seen}
      ></convlens-hierarchy>`;
    const tiles = run.items.find((item) => item.place)?.place?.tiles;
    const { labels } = this.app.summary;
    const describe = (index: number): string => {
      const item = run.items[index];
      if (!item) return "";
      const value =
        item.probability === null
          ? num(item.reached ?? item.history.at(-1) ?? 0, 3)
          : reachedText(item.probability);
      return `${titleOf(item, labels)}: ${item.state === "waiting" ? t("waiting") : value}`;
    };
    return html`<convlens-tiles
      label=${t("Maximised inputs")}
      .source=${run}
      .revision=${run.revision}
      .nativeWidth=${tiles?.width ?? 1}
      .nativeHeight=${tiles?.height ?? 1}
      .most=${run.total > 6 ? 176 : 340}
      .least=${72}
      .selected=${selected}
      .caption=${(index: number) => {
        const item = run.items[index];
        if (!item) return "";
        if ("layer" in item.target) return String(item.target.filter);
        if ("expression" in item.target) return item.target.expression;
        return describe(index);
      }}
      .describe=${describe}
      @tile-select=${select}
      @tile-painted=${seen}
    ></convlens-tiles>`;
  }
}

function isPictures(partial: unknown): partial is MaximizedPictures {
  return typeof partial === "object" && partial !== null && "rgb" in partial;
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-maximize": ConvlensMaximize;
  }
}
