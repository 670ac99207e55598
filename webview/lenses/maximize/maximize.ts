import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type {
  Maximized,
  MaximizedPictures,
  MaximizeRequest,
  MaximizeTarget,
  RecipeName,
} from "../../../src/shared/contract/experiments.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import type { MaximizeView } from "../../../src/shared/contract/panel.ts";
import { painted, send, type App } from "../../common/app.ts";
import { seedAndSteps, segments } from "../../common/controls.ts";
import { num, reachedText } from "../../common/format.ts";
import { icon } from "../../common/icons.ts";
import { filterFor, layerFor } from "../../common/intent.ts";
import { Job } from "../../common/job.ts";
import { controls } from "../../common/control-styles.ts";
import { lensLayout } from "../../common/lens-layout.ts";
import { base } from "../../common/theme.ts";
import { whyNot } from "../../components/empty/empty.ts";
import { titleOf } from "./details.ts";
import { styles } from "./maximize.styles.ts";
import { readRecipe } from "./recipe.ts";
import { batchSizeFor, MaximizeRun } from "./run.ts";
import { filtersOf, hierarchyTargets, parseFilters } from "./targets.ts";
import "./hierarchy.ts";
import "../../components/classes/classes.ts";
import "../../components/status/status.ts";
import "../../components/tiles/tiles.ts";

const RECIPES: Readonly<Record<RecipeName, { steps: number; about: string }>> = {
  plain: {
    steps: 30,
    about:
      "Plain: gradient ascent on the pixels, from gray noise, in steps of equal length. Shows raw what drives the target.",
  },
  robust: {
    steps: 512,
    about:
      "Robust: ascent on decorrelated frequencies while the picture is shifted, scaled and turned. Slower; what holds under that is easier to see.",
  },
};
/** Until the plain recipe makes the network certain of a class. */
const CLASS_STEPS = 100;
const TOP = 5;

/** Inputs made for filters of a layer, for classes, or for a few filters from early to deep. */
@customElement("convlens-maximize")
export class ConvlensMaximize extends LitElement {
  static override styles = [base, controls, lensLayout, styles];

  @property({ attribute: false }) app!: App;
  @state() private recipe: RecipeName = "plain";
  @state() private steps: number | null = null;
  @state() private seed = 0;
  @state() private filters = "";
  @state() private run: MaximizeRun | null = null;
  @state() private shown: MaximizeView = "filters";
  @state() private selected = 0;
  @state() private wrong: string | null = null;
  private readonly job = new Job(this);
  private about = "";

  private get layer(): LayerSummary | null {
    return layerFor(this.app.summary, { ...this.app.intent, lens: "maximize" });
  }

  private get usualSteps(): number {
    const ofClass = this.recipe === "plain" && this.app.intent.maximize === "classes";
    return ofClass ? CLASS_STEPS : RECIPES[this.recipe].steps;
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
    const request = { targets, recipe, steps, seed, ...over };
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
    const request = file ? readRecipe(await file.text()) : "";
    if (typeof request === "string") {
      this.wrong = request || null;
      return;
    }
    const [target] = request.targets;
    const names = new Set(this.app.summary.layers.map((layer) => layer.name));
    if (target && "layer" in target && !names.has(target.layer)) {
      this.wrong = `This model has no layer '${target.layer}', which the recipe names.`;
      return;
    }
    const { recipe, steps, seed } = request;
    Object.assign(this, { recipe, steps, seed });
    const isLayer = target !== undefined && "layer" in target;
    this.shown = isLayer ? "filters" : "classes";
    send(
      this,
      "convlens-intent",
      isLayer
        ? { maximize: "filters", layer: target.layer, filter: null }
        : { maximize: "classes" },
    );
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
          ${this.renderRun()}
          <convlens-status .of=${this.job.error ? this.job : null}></convlens-status>
          ${this.renderPictures()}
        </div>
        <aside aria-label="Selected picture">
          ${view === "classes" ? this.renderClasses() : nothing}
          ${
            this.run
              ? html`<convlens-maximize-details
                  .app=${this.app}
                  .run=${this.run}
                  .index=${this.selected}
                  .revision=${this.run.revision}
                ></convlens-maximize-details>`
              : html`<p class="muted">The picture, what it reached and how, stand here.</p>`
          }
        </aside>
      </div>`;
  }

  private renderToolbar(): TemplateResult {
    return html`<div class="toolbar" role="toolbar" aria-label="Maximize">
      ${segments<MaximizeView>(
        "What is maximised",
        [
          ["filters", "Filters", "Filters of the chosen layer"],
          ["classes", "Classes", "The logits of classes"],
          ["hierarchy", "Early to deep", "A few filters of several layers"],
        ],
        this.app.intent.maximize,
        (maximize) => {
          send(this, "convlens-intent", { maximize });
        },
      )}
      ${segments<RecipeName>(
        "Recipe",
        [
          ["plain", "Plain", RECIPES.plain.about],
          ["robust", "Robust", RECIPES.robust.about],
        ],
        this.recipe,
        (recipe) => {
          this.recipe = recipe;
        },
      )}
      ${seedAndSteps({ steps: this.steps, usual: this.usualSteps, seed: this.seed }, (change) => {
        Object.assign(this, change);
      })}
      <span class="end">
        <button
          class="ghost"
          title="Make the picture of a saved recipe again"
          @click=${(event: MouseEvent) => {
            const input = (event.currentTarget as HTMLElement).nextElementSibling;
            if (input instanceof HTMLInputElement) input.click();
          }}
        >
          ${icon("file")}Replay a recipe
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
      <div class="row">
        ${{
          filters: () => this.renderFilters(),
          classes: () => this.renderClassChoice(),
          hierarchy: () =>
            this.renderStart("Maximise from early to deep", hierarchyTargets(this.app.summary)),
        }[this.app.intent.maximize]()}
      </div>
      <p>${RECIPES[this.recipe].about}</p>
      ${this.wrong ? html`<p class="wrong" role="alert">${this.wrong}</p>` : nothing}
    </div>`;
  }

  private renderStart(
    text: string,
    targets: readonly MaximizeTarget[] | string,
    primary = true,
  ): TemplateResult {
    return html`<button
      class=${primary ? "primary" : ""}
      ?disabled=${this.job.busy || targets.length === 0}
      @click=${() => {
        if (typeof targets === "string") this.wrong = targets;
        else this.begin(targets);
      }}
    >
      ${text}
    </button>`;
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
        >Filters
        <input
          class="filters"
          type="text"
          aria-label="Filters"
          title="Numbers, such as 0-7, 12"
          placeholder=${usual}
          .value=${this.filters}
          @input=${(event: InputEvent) => {
            if (event.target instanceof HTMLInputElement) this.filters = event.target.value;
          }}
        />
        of ${count}</label
      >
      ${this.renderStart("Maximise", typeof parsed === "string" ? parsed : of(parsed))}
      ${this.renderStart(
        `This whole layer (${String(count)})`,
        of(Array.from({ length: count }, (_, k) => k)),
        false,
      )}`;
  }

  private renderClassChoice(): TemplateResult {
    const { intent, prediction } = this.app;
    const of = (classes: readonly number[]): MaximizeTarget[] =>
      classes.map((classIndex) => ({ classIndex }));
    const top = (prediction?.classes ?? []).slice(0, TOP).map((score) => score.index);
    const { classes } = intent;
    return html`${this.renderStart(
      classes.length > 1 ? `Maximise ${String(classes.length)} classes` : "Maximise the class",
      classes.length > 0 ? of(classes) : "Choose a class first: search for it by name or number.",
    )}
    ${
      top.length > 0
        ? this.renderStart(`All top classes (${String(top.length)})`, of(top), false)
        : nothing
    }`;
  }

  private renderClasses(): TemplateResult {
    const { prediction, summary, intent } = this.app;
    return html`<h2>Classes</h2>
      <convlens-classes
        .scores=${prediction?.classes.slice(0, TOP) ?? []}
        .shown=${intent.classes}
        .count=${summary.classes ?? 0}
        .labels=${summary.labels}
      ></convlens-classes>`;
  }

  private renderRun(): TemplateResult | typeof nothing {
    const { run, job } = this;
    if (!run || (run.done === run.total && !job.busy)) return nothing;
    const step =
      job.busy && run.steps > 0 ? `, step ${String(run.step)} of ${String(run.steps)}` : "";
    return html`<div class="run">
      <span role="status">${run.done} of ${run.total} done${step}</span>
      <progress aria-label="Maximised so far" max="1" .value=${run.fraction}></progress>
      ${
        job.busy
          ? html`<button
              title="Stops here; what is being made begins anew on Resume"
              @click=${() => {
                job.cancel();
              }}
            >
              ${icon("pause")}Pause
            </button>`
          : html`<button
              class="primary"
              @click=${() => {
                this.work();
              }}
            >
              ${icon("play")}Resume
            </button>`
      }
      <button
        title="Ends the run and keeps the pictures made so far"
        @click=${() => {
          job.clear();
          run.end();
          this.requestUpdate();
        }}
      >
        ${icon("stop")}Cancel
      </button>
    </div>`;
  }

  private renderPictures(): TemplateResult {
    const { run, selected } = this;
    if (!run)
      return html`<convlens-empty
        heading="What makes it fire?"
        text="An input is made, step by step, that drives a filter or a class as high as it can."
      ></convlens-empty>`;
    const select = (event: CustomEvent<number>): void => {
      this.selected = event.detail;
    };
    const seen = (): void => {
      painted(this, "maximize");
    };
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
          ? num(item.history.at(-1) ?? 0, 3)
          : reachedText(item.probability);
      return `${titleOf(item, labels)}: ${item.state === "waiting" ? "waiting" : value}`;
    };
    return html`<convlens-tiles
      label="Maximised inputs"
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
