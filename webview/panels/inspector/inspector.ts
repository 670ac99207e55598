import { messageOf } from "../../../src/base/errors.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Census } from "../../../src/shared/contract/experiments.ts";
import type { EngineInfo } from "../../../src/shared/engines.ts";
import type { Picture, Prediction, Provenance } from "../../../src/shared/contract/lenses.ts";
import type { LayerSummary, ModelSummary } from "../../../src/shared/contract/model.ts";
import type { Intent } from "../../../src/shared/contract/intent.ts";
import { thresholdsOf } from "../../../src/shared/intent-questions.ts";
import type { Errand, HostEvent, PanelContract } from "../../../src/shared/contract/panel.ts";
import type { Series } from "../../../src/shared/contract/training.ts";
import {
  type App,
  CodePart,
  computeRestarted,
  followJobs,
  type Host,
  layerFor,
  LENSES,
  needsPicture,
  Resource,
  runningJobs,
  settle,
  suits,
  withImages,
} from "../../common/state/index.ts";
import { base, controls, palette } from "../../common/styles/index.ts";
import { baseName, heard, t } from "../../common/text/index.ts";
import type { ConvlensBesides } from "../../components/besides/besides.ts";
import type {
  ConvlensPreprocessing,
  PreprocessingChoice,
} from "../../components/preprocessing/preprocessing.ts";
import { takePictures } from "./arrivals.ts";
import { Choices } from "./choices.ts";
import { Counting } from "./counting.ts";
import { LensElements, loadLens } from "./elements.ts";
import { LayerList } from "./layer-list.ts";
import { header } from "./header.ts";
import { styles } from "./inspector.styles.ts";
import "../../components/footer/footer.ts";
import "../../components/layers/layers.ts";
import { status } from "../../components/status/status.ts";

/** What is not looked at first: menus to keep pictures, a dialog, the checkpoints of a training. */
const SOON = (): Promise<unknown> =>
  Promise.all([
    import("../../lenses/filters/filters.ts"), // nothing has to be run for it
    import("../../components/export/keep.ts"),
    import("../../components/preprocessing/preprocessing.ts"),
    import("../../components/besides/besides.ts"),
    import("../../components/timeline/timeline.ts"),
  ]);
const TOP = 10;

/** What the network says, and of which picture, in which state of the model. */
interface Predicted {
  readonly image: string;
  readonly epoch: number;
  readonly prediction: Prediction;
}

/** One model and all lenses on it. Its whole state is the intent; data is fetched. */
@customElement("convlens-inspector")
export class ConvlensInspector extends LitElement {
  static override styles = [palette, base, controls, styles];

  @property({ attribute: false }) host!: Host;
  @state() private engine: EngineInfo | null = null;
  @state() private trusted = true;
  @state() private epoch = 0;
  @state() private provenance: Provenance | null = null;
  @state() private series: Series = [];
  @state() private notice: string | null = null;
  @state() private dropping = false;
  /** What a command has the page do. */
  @state() private errand: Errand | null = null;
  @state() private teaching = false;
  @query("convlens-preprocessing") private readonly preprocessing!: ConvlensPreprocessing | null;
  @query("convlens-besides") private readonly besides!: ConvlensBesides | null;
  private hiding: ReturnType<typeof setTimeout> | undefined;
  private app: App | null = null;
  private readonly lenses = new LensElements();
  private readonly layerList = new LayerList(this);
  private readonly lensCode = new CodePart(this, (byItself) => this.reload(byItself));
  private readonly lessonCode = new CodePart(this, (byItself) => this.reload(byItself));
  private readonly soon = new CodePart(this, (byItself) => this.reload(byItself));

  private readonly counting = new Counting(this);
  private readonly choices = new Choices(
    {
      remember: (intent) => this.host.remember(intent),
      setIntent: (told) => this.host.remote.setIntent(told),
    },
    (isOtherState) => {
      if (isOtherState) this.epoch++;
      this.requestUpdate();
    },
    (error) => this.say(messageOf(error)),
  );
  private readonly start = new Resource<null>(this);
  private readonly summary = new Resource<ModelSummary>(this, (summary) => {
    this.choices.settle((intent) => settle(intent, summary));
  });
  private readonly picture = new Resource<Picture>(this);
  private readonly prediction = new Resource<Predicted>(this);
  private readonly checkpoints = new Resource<Series>(this, (series) => {
    this.series = series;
  });

  private readonly counted = (census: Census): void => {
    this.provenance = census;
  };

  private get intent(): Intent | null {
    return this.choices.current;
  }

  private leaveJobs: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.leaveJobs = followJobs(() => this.requestUpdate());
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leaveJobs?.();
  }

  protected override firstUpdated(): void {
    this.soon.want("soon", SOON);
    this.host.onEvent((event) => this.hear(event));
    takePictures(this.host.remote, {
      dragging: (over) => {
        this.dropping = over;
      },
      arrived: (paths) => this.show(paths),
      labelled: (given) => this.attempt(this.giveLabels(given)),
      failed: (message) => this.say(message),
    });
  }

  protected override willUpdate(): void {
    const { remote } = this.host;
    this.start.load({}, 0, async (params, options) => {
      const { intent, engine, trusted, errand } = await remote.ready(params, options);
      Object.assign(this, { engine, trusted });
      this.choices.hear(intent, 0); // and is remembered: a reload may come before the first change
      this.errand = errand;
      return null;
    });
    const { intent, epoch } = this;
    if (!intent) return;
    this.lensCode.want(intent.lens, () => loadLens(intent.lens));
    this.summary.load({}, epoch, remote.summary);
    this.checkpoints.load({ model: intent.model }, 0, (_, options) => remote.series({}, options));
    this.loadPicture(intent);
    this.counting.follow(intent.model, epoch);
    const { errand } = this;
    this.errand = null;
    if (errand?.kind === "count") this.counting.over(remote, errand.folder, this.counted);
    if (errand?.kind === "lesson") this.teaching = true;
    if (this.teaching) this.lessonCode.want("lesson", () => import("../../lesson/lesson.ts"));
    this.updateApp(intent);
  }

  /** The picture and what the network says of it: only for lenses that show them, so that filters wait for neither. */
  private loadPicture(intent: Intent): void {
    const { remote } = this.host;
    const { image, lens } = intent;
    const summary = this.summary.value;
    if (!summary) return;
    const ofClasses = lens === "maximize" && intent.maximize === "classes";
    const looks = needsPicture(lens) || LENSES[lens].takesPicture === true || ofClasses;
    if (image !== null && !looks) return;
    const of = image === null ? null : { image };
    this.picture.load(of, this.epoch, remote.modelView);
    const runs = this.trusted && summary.notRunnable === null && summary.outputs.length > 0;
    const thresholds = thresholdsOf(intent);
    const asked = of && runs ? { ...of, top: TOP, output: intent.output, thresholds } : null;
    const { epoch } = this;
    this.prediction.load(asked, epoch, async (params, options) => ({
      ...{ image: params.image, epoch, prediction: await remote.predict(params, options) },
    }));
  }

  /** Of another picture or checkpoint there is none: a lens that does not run the network leaves the last one where it is. */
  private predictionOf({ image }: Intent): Prediction | null {
    const { value } = this.prediction;
    return value && value.image === image && value.epoch === this.epoch ? value.prediction : null;
  }

  private readonly actions = {
    toggleLayers: this.layerList.toggle,
    change: (patch: Partial<Intent>): void => this.change(patch),
    goToCode: (layer: string): void => this.attempt(this.host.remote.goToCode({ layer })),
    showCode: (): void => {
      const { remote } = this.host;
      // the host makes it of the intent, which it is told of a moment after a change
      this.attempt(this.choices.tell().then(() => remote.showCode({})));
    },
    reload: (): void => this.attempt(this.reload(false)),
    teach: (): void => {
      this.teaching = !this.teaching;
    },
    saveReport: (): void =>
      this.attempt(this.choices.tell().then(() => this.host.remote.saveReport({}))),
  };

  private async giveLabels(
    given: Parameters<PanelContract["giveLabels"]>[0]["given"],
  ): Promise<void> {
    const { sidecar, count } = await this.host.remote.giveLabels({ given });
    this.say(t("{0} names of classes are kept in {1}.", count, baseName(sidecar)));
  }

  /** In the new page everything is as it was chosen here. */
  private async reload(byItself: boolean): Promise<boolean> {
    await this.choices.tell();
    return this.host.remote.reload({ byItself });
  }

  private updateApp(intent: Intent): void {
    const { app, engine, trusted, epoch } = this;
    const summary = this.summary.value;
    if (!summary) return;
    const next: App = {
      remote: this.host.remote,
      summary,
      intent,
      engine,
      trusted,
      epoch,
      picture: this.picture.value,
      prediction: this.predictionOf(intent),
      census: this.counting.census,
      counting: this.counting.job.busy,
      series: this.series,
    };
    const keys = Object.keys(next) as (keyof App)[];
    if (!app || keys.some((key) => app[key] !== next[key])) this.app = next;
  }

  private hear(event: HostEvent): void {
    if (event.type === "intent") {
      this.follow(event.intent, event.heard);
    } else if (event.type === "errand") this.errand = event.errand;
    else if (event.type === "engine") this.engine = event.engine;
    else if (event.type === "modelChanged") {
      this.epoch++;
      this.say(t("The file changed: everything is read again."));
    } else if (event.type === "seriesChanged") {
      this.series = event.series;
      const name = baseName(event.file);
      if (event.state === "broken") this.say(t("{0} cannot be read and is left out.", name));
      if (event.file !== this.intent?.checkpoint) return;
      if (event.state === "gone") this.say(t("{0} is gone: the newest is shown instead.", name));
      else this.epoch++;
    } else {
      this.say(t("The compute process was restarted. {0}", heard(event.reason)));
      computeRestarted();
    }
  }

  /** What the person chose elsewhere: in a tree, a menu, a script. */
  private follow(intent: Intent, heard: number): void {
    this.choices.hear(intent, heard);
    const summary = this.summary.value;
    if (summary) this.choices.settle((said) => settle(said, summary));
  }

  private change(patch: Partial<Intent>): void {
    if (patch.layer !== undefined) this.layerList.used();
    this.choices.change({ ...patch, ...this.also(patch) });
  }

  /** A filter is one of its layer; in the Grad-CAM lens a layer chosen in the list is the layer of the heat maps. */
  private also({ layer, filter, lens }: Partial<Intent>): Partial<Intent> {
    if (layer === undefined) return {};
    const chosen = this.summary.value?.layers.find((each) => each.name === layer);
    const forCam = (lens ?? this.intent?.lens) === "cam" && chosen?.spatial;
    return { filter: filter ?? null, cell: null, ...(forCam && { camLayer: chosen.name }) };
  }

  private show(paths: readonly string[]): void {
    if (!this.intent || paths.length === 0) return;
    const { images, image } = withImages(this.intent, paths);
    this.change({ images, image });
  }

  private say(notice: string): void {
    this.notice = heard(notice);
    clearTimeout(this.hiding);
    this.hiding = setTimeout(() => {
      this.notice = null;
    }, 6000);
  }

  /** Says what went wrong with something asked for by a click. */
  private attempt(action: Promise<unknown>): void {
    action.catch((error: unknown) => this.say(messageOf(error)));
  }

  private async save(name: string, bytes: Uint8Array): Promise<void> {
    const path = await this.host.remote.save({ name, bytes });
    if (path !== null) this.say(t("Saved {0}", path));
  }

  private async choosePreprocessing(choice: PreprocessingChoice): Promise<void> {
    const { remote } = this.host;
    await remote.setPreprocessing({ preprocessing: choice.preprocessing });
    this.epoch++;
    if (choice.save) this.say(t("Saved {0}", await remote.saveSidecar({})));
  }

  protected override render(): TemplateResult {
    const { app } = this;
    if (!app) return this.renderStart();
    return html`<div
        style="display: contents"
        @convlens-intent=${(event: CustomEvent<Partial<Intent>>) => this.change(event.detail)}
        @convlens-provenance=${(event: CustomEvent<Provenance>) => {
          this.provenance = event.detail;
        }}
        @convlens-notice=${(event: CustomEvent<string>) => this.say(event.detail)}
        @convlens-command=${(event: HTMLElementEventMap["convlens-command"]) => this.attempt(this.host.remote.command({ id: event.detail }))}
        @convlens-save=${(event: HTMLElementEventMap["convlens-save"]) => this.attempt(this.save(event.detail.name, event.detail.bytes))}
        @convlens-source=${(event: HTMLElementEventMap["convlens-source"]) => this.attempt(this.host.remote.openSource(event.detail))}
        @convlens-pick-images=${() => {
          const picked = this.host.remote.pickImages({});
          this.attempt(picked.then((paths) => this.show(paths)));
        }}
        @convlens-labels=${(event: HTMLElementEventMap["convlens-labels"]) => this.attempt(this.giveLabels(event.detail))}
        @convlens-census=${(event: HTMLElementEventMap["convlens-census"]) => {
          this.attempt(this.counting.start(this.host.remote, event.detail, this.counted));
        }}
        @convlens-lesson-end=${() => {
          this.teaching = false;
        }}
        @convlens-preprocessing=${() => this.preprocessing?.open()}
        @convlens-besides=${() => this.besides?.open()}
        @convlens-stated=${(event: CustomEvent<string>) => {
          this.epoch++;
          this.say(t("Saved {0}", event.detail));
        }}
        @convlens-reload=${this.actions.reload}
      >
        ${header(app, this.listed(app), this.actions)} ${this.renderBody(app)}
        <convlens-timeline
          ?hidden=${this.series.length < 2}
          .app=${app}
          .series=${this.series}
        ></convlens-timeline>
        <footer>
          <convlens-footer
            .app=${app}
            .provenance=${this.provenance}
            .jobs=${[...runningJobs()]}
          ></convlens-footer>
        </footer>
      </div>
      <convlens-preprocessing
        .app=${app}
        @preprocessing-choice=${(event: CustomEvent<PreprocessingChoice>) => this.attempt(this.choosePreprocessing(event.detail))}
      ></convlens-preprocessing>
      <div aria-live="polite">
        ${this.notice ? html`<div class="notice">${this.notice}</div>` : nothing}
      </div>
      ${this.dropping ? html`<div class="dropping">${t("Drop pictures to look at them")}</div>` : nothing}`;
  }

  private renderStart(): TemplateResult {
    const of = this.start.error ? this.start : this.summary;
    return html`<div class="start">
      <convlens-status
        .of=${of}
        doing=${t("Reading the model")}
        @convlens-command=${(event: HTMLElementEventMap["convlens-command"]) => this.attempt(this.host.remote.command({ id: event.detail }))}
      ></convlens-status>
    </div>`;
  }

  /** Whether the list of layers is shown; null: the lens has none beside it. */
  private listed({ intent }: App): boolean | null {
    return LENSES[intent.lens].noList ? null : this.layerList.isOpen;
  }

  private renderBody(app: App): TemplateResult {
    const { lens } = app.intent;
    const fits = (layer: LayerSummary): boolean => suits(lens, layer);
    const listed = this.listed(app) === true;
    return html`<main
      class=${listed ? "body" : "body folded"}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === "Escape") this.layerList.used();
      }}
    >
      <convlens-layers
        ?hidden=${!listed}
        .layers=${app.summary.layers}
        .selected=${layerFor(app.summary, app.intent)?.name ?? null}
        .suits=${fits}
        .census=${app.census}
      ></convlens-layers>
      <div
        role="tabpanel"
        id="lens"
        aria-labelledby=${`tab-${lens}`}
        @pointerdown=${this.layerList.used}
      >
        ${this.teaching ? html`<convlens-lesson .app=${app}></convlens-lesson>` : nothing}
        <convlens-besides .app=${app}></convlens-besides>
        ${this.summary.error ? status(this.summary) : nothing}
        ${status(this.soon.error ? this.soon : this.lensCode)}
        ${status(this.counting.job, t("Counting dead filters"))} ${this.lenses.show(app)}
      </div>
    </main>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-inspector": ConvlensInspector;
  }
}
