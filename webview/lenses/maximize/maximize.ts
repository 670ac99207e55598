import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import { RECIPES, type RecipeName } from "../../../src/shared/catalogue.ts";
import type {
  Maximized,
  MaximizedPictures,
  MaximizeTarget,
} from "../../../src/shared/contract/experiments.ts";
import { WHOLE, type MaximizeQuestion, type OfOutput } from "../../../src/shared/question.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import type { MaximizeView } from "../../../src/shared/contract/intent.ts";
import { fileButton, numberField, seedField, segments } from "../../common/controls/index.ts";
import { isPart, Job, layerFor, Own, tellJob } from "../../common/state/index.ts";
import { icon } from "../../common/styles/index.ts";
import { sentenceOf, t, titleOf as methodTitle } from "../../common/text/index.ts";
import { empty, whyNot } from "../../components/empty/empty.ts";
import { status } from "../../components/status/status.ts";
import { split, toolbar } from "../frame.ts";
import { LensElement } from "../lens.ts";
import { asksNumber, classesIn, placeIn, targetChoices } from "../target.ts";
import type { Advanced } from "./advanced.ts";
import { TOP_CLASSES } from "./choose.ts";
import { captionOf, describeItem } from "./item-text.ts";
import { styles } from "./maximize.styles.ts";
import { readRecipe } from "./recipe.ts";
import { runBar } from "./run-bar.ts";
import { batchSizeFor, MaximizeRun } from "./run.ts";
import { hierarchyTargets } from "./targets.ts";
import "./advanced.ts";
import "./details.ts";
import "./hierarchy.ts";
import "../../components/classes/classes.ts";
import "../../components/tiles/tiles.ts";

/** Inputs made for filters of a layer, for classes, or for a few filters from early to deep. */
@customElement("convlens-maximize")
export class ConvlensMaximize extends LensElement {
  static override styles = [LensElement.styles, styles];

  private readonly steps = new Own<number | null>(this, null);
  private readonly seed = new Own(this, 0);
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
    const { summary, epoch, intent } = this.app;
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
    if (begins && !this.hidden && this.canRun) this.begin(hierarchyTargets(summary));
  }

  protected override updated(): void {
    tellJob("maximize", this.job);
  }

  private begin(targets: readonly MaximizeTarget[], over: Partial<MaximizeQuestion> = {}): void {
    if (targets.length === 0) return;
    const [, height, width] = this.app.summary.inputs[0]?.shape ?? [];
    const { recipe } = this;
    const [steps, seed] = [this.steps.value ?? this.usualSteps, this.seed.value];
    const { options, cell } = this.advanced;
    const own = targets.map((target) => ("layer" in target && cell ? { ...target, cell } : target));
    const ofClasses = own.some((target) => !("layer" in target));
    const of = ofClasses ? placeIn(this.app) : WHOLE;
    const question: MaximizeQuestion = {
      kind: "maximize",
      ...{ targets: own, recipe, steps, seed, options, images: this.imagesFor(of), ...of, ...over },
    };
    this.run = new MaximizeRun(question, batchSizeFor(height ?? 224, width ?? 224));
    this.shown = this.app.intent.maximize;
    this.selected = 0;
    this.wrong = null;
    this.work();
  }

  /** The pictures at hand: where a class is predicted, is asked of the one that is looked at. */
  private imagesFor({ where }: OfOutput): readonly string[] {
    const { image, images } = this.app.intent;
    if (where?.kind !== "predicted" || image === null) return images;
    return [image, ...images.filter((other) => other !== image)];
  }

  private work(): void {
    const { run } = this;
    if (!run) return;
    const { remote } = this.app;
    this.job.start(async ({ signal }) => {
      try {
        for (let batch = run.next(); batch !== null; batch = run.next()) {
          const now = batch;
          const onProgress = ({ partial }: { partial?: unknown }): void => {
            if (!isPart<MaximizedPictures>(partial, "rgb")) return;
            run.show(now, partial);
            this.requestUpdate();
          };
          const result: Maximized = await remote.maximize(
            { question: now.question },
            { signal, onProgress },
          );
          run.finish(now, result);
          this.arrived(result);
          this.requestUpdate();
        }
      } finally {
        run.rest();
      }
    });
  }

  private async replay(file: File): Promise<void> {
    const { preprocessing, layers } = this.app.summary;
    const question = readRecipe(await file.text(), preprocessing);
    if (typeof question === "string") {
      this.wrong = question;
      return;
    }
    const [target] = question.targets;
    const layer = target && "layer" in target ? target.layer : null;
    if (layer !== null && !layers.some(({ name }) => name === layer)) {
      this.wrong = t("This model has no layer '{0}', which the recipe names.", layer);
      return;
    }
    const { recipe, steps, seed, options = {} } = question;
    this.steps.set(steps);
    this.seed.set(seed);
    this.advanced = { options, cell: null };
    const maximize = target && "classIndex" in target ? "classes" : "filters";
    this.shown = maximize;
    this.go({ maximize, recipe, ...(layer !== null && { layer, filter: null }) });
    await this.updateComplete;
    this.begin(question.targets, question);
  }

  protected override render(): TemplateResult {
    const { app, run, job } = this;
    const view = app.intent.maximize;
    const name = view === "filters" ? (this.layer?.name ?? null) : null;
    const blocked = whyNot(app, "maximize", name);
    if (blocked) return blocked;
    const act = {
      resume: () => this.work(),
      end: () => {
        job.clear();
        run?.end();
        this.requestUpdate();
      },
    };
    return html`${this.renderToolbar()} ${this.renderTargets()}
    ${split(
      html`${runBar(run, job, act)} ${status(job.error ? job : null)}
      ${run ? this.renderPictures(run) : empty(t("What makes it fire?"), t("An input is made, step by step, that drives a filter or a class as high as it can."))}`,
      t("Selected picture"),
      html`${view === "classes" ? this.renderClasses() : nothing}
      ${
        run
          ? html`<convlens-maximize-details
              .app=${app}
              .run=${run}
              .index=${this.selected}
              .revision=${run.revision}
            ></convlens-maximize-details>`
          : html`<p class="muted">${t("The picture, what it reached and how, stand here.")}</p>`
      }`,
    )}`;
  }

  private renderToolbar(): TemplateResult {
    const { steps } = this;
    return toolbar(
      t("Maximize"),
      html`${segments<MaximizeView>(
        t("What is maximised"),
        [
          ["filters", t("Filters"), t("Filters of the chosen layer")],
          ["classes", t("Classes"), t("The logits of classes")],
          ["hierarchy", t("Early to deep"), t("A few filters of several layers")],
        ],
        this.choice("maximize"),
      )}
      ${segments<RecipeName>(
        t("Recipe"),
        Object.values(RECIPES).map(
          (about) => [about.id, methodTitle(about), sentenceOf(about)] as const,
        ),
        this.choice("recipe"),
      )}
      ${numberField(
        t("Steps"),
        { value: steps.value, set: (typed) => steps.set(typed || null) },
        String(this.usualSteps),
      )}
      ${seedField(this.seed)}
      ${this.app.intent.maximize === "classes" ? targetChoices(this.app, (key) => this.choice(key)) : nothing}`,
      fileButton(
        html`${icon("file")}${t("Replay a recipe")}`,
        ".json,application/json",
        (file) => this.replay(file),
        { kind: "ghost", title: t("Make the picture of a saved recipe again") },
      ),
    );
  }

  private renderTargets(): TemplateResult {
    const start = (event: CustomEvent<readonly MaximizeTarget[]>): void => this.begin(event.detail);
    return html`<div class="about">
      <convlens-maximize-targets
        .app=${this.app}
        .layer=${this.layer}
        .busy=${this.job.busy}
        @maximize-start=${start}
      ></convlens-maximize-targets>
      <p>${sentenceOf(RECIPES[this.recipe])}</p>
      <convlens-maximize-advanced
        .value=${this.advanced}
        .layer=${this.layer?.name ?? ""}
        .busy=${this.job.busy}
        @advanced-change=${(event: CustomEvent<Advanced>) => {
          this.advanced = event.detail;
        }}
        @maximize-start=${start}
      ></convlens-maximize-advanced>
      ${this.wrong ? html`<p class="wrong" role="alert">${this.wrong}</p>` : nothing}
    </div>`;
  }

  private renderClasses(): TemplateResult {
    const { prediction, intent } = this.app;
    if (asksNumber(this.app)) return html``;
    const { count, labels } = classesIn(this.app);
    return html`<h2>${t("Classes")}</h2>
      <convlens-classes
        .scores=${prediction?.classes.slice(0, TOP_CLASSES) ?? []}
        .shown=${intent.classes.length > 0 ? intent.classes : (prediction?.classes.slice(0, 1).map(({ index }) => index) ?? [])}
        .count=${count}
        .labels=${labels}
        .logNormalizer=${prediction?.logNormalizer ?? null}
      ></convlens-classes>`;
  }

  private renderPictures(run: MaximizeRun): TemplateResult {
    const { selected } = this;
    const { layers } = this.app.summary;
    const { labels } = classesIn(this.app);
    const select = (event: CustomEvent<number>): void => {
      this.selected = event.detail;
    };
    if (this.shown === "hierarchy")
      return html`<convlens-hierarchy
        class="scroll"
        .run=${run}
        .revision=${run.revision}
        .selected=${selected}
        .layers=${layers}
        @tile-select=${select}
        @tile-painted=${this.drawn}
      ></convlens-hierarchy>`;
    const tiles = run.items.find((item) => item.place)?.place?.tiles;
    return html`<convlens-tiles
      label=${t("Maximised inputs")}
      .source=${run}
      .revision=${run.revision}
      .nativeWidth=${tiles?.width ?? 1}
      .nativeHeight=${tiles?.height ?? 1}
      .most=${run.total > 6 ? 176 : 340}
      .least=${72}
      .selected=${selected}
      .caption=${(index: number) => captionOf(at(run.items, index), labels)}
      .describe=${(index: number) => describeItem(at(run.items, index), labels)}
      @tile-select=${select}
      @tile-painted=${this.drawn}
    ></convlens-tiles>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-maximize": ConvlensMaximize;
  }
}
