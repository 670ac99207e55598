import { CAM_METHODS, type CamMethod } from "../../../src/shared/catalogue.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Cam } from "../../../src/shared/contract/lenses.ts";
import { painted, send, type App } from "../../common/state/app.ts";
import { type ColormapName } from "../../common/drawing/colormaps.ts";
import { colormapChoice, legend, slider, toggle } from "../../common/styles/controls.ts";
import { num } from "../../common/text/format.ts";
import { icon } from "../../common/styles/icons.ts";
import { Resource } from "../../common/state/resource.ts";
import { fileName } from "../../common/text/file-name.ts";
import { sentenceOf, titleOf as methodTitle } from "../../common/text/methods.ts";
import { className } from "../../common/text/search.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { epochsItem } from "../../common/state/epochs.ts";
import { heard, t } from "../../common/text/l10n.ts";
import { lensLayout } from "../../common/styles/lens-layout.ts";
import { base } from "../../common/styles/theme.ts";
import type { PicturePoint } from "../../components/picture/picture.ts";
import { whyNot } from "../../components/empty/empty.ts";
import { styles } from "./cam.styles.ts";
import { besideChoice, layerChoice, mergeChoice, methodChoice, minusChoice } from "./choices.ts";
import "./card.ts";
import "./gallery.ts";
import "../../components/classes/classes.ts";
import "../../components/status/status.ts";

const TOP = 3;
/** Where in the picture the evidence for a class lies: one heat map a class, side by side on one scale. */
@customElement("convlens-cam")
export class ConvlensCam extends LitElement {
  static override styles = [base, controls, lensLayout, styles];

  @property({ attribute: false }) app!: App;
  @state() private opacity = 0.55;
  @state() private colours: ColormapName = "turbo";
  @state() private asText = false;
  @state() private point: PicturePoint | null = null;

  private readonly cam = new Resource<Cam>(
    this,
    (cam) => send(this, "convlens-provenance", cam),
    ({ partial }) => {
      if (isCam(partial)) this.cam.show(partial);
    },
  );
  private readonly other = new Resource<Cam>(this, undefined, ({ partial }) => {
    if (isCam(partial)) this.other.show(partial);
  });

  private get runs(): boolean {
    const { intent, trusted, summary } = this.app;
    return trusted && summary.notRunnable === null && intent.image !== null;
  }

  protected override willUpdate(): void {
    const { camMethod, camBeside, camGallery } = this.app.intent;
    const runs = this.runs && !camGallery;
    this.loadCam(this.cam, runs ? camMethod : null);
    this.loadCam(this.other, runs && camBeside !== camMethod ? camBeside : null);
  }

  private loadCam(resource: Resource<Cam>, method: CamMethod | null): void {
    const { remote, intent, epoch } = this.app;
    const { image, camLayer } = intent;
    const classes = intent.classes.length > 0 ? intent.classes : { top: TOP };
    const layers = [camLayer ?? "auto", ...intent.camMerged];
    const minus = method !== null && CAM_METHODS[method].linear ? intent.camMinus : null;
    const wanted =
      method === null || image === null
        ? null
        : { image, layers, classes, method, minus, trust: true };
    resource.load(wanted, epoch, remote.cam);
  }

  protected override render(): TemplateResult {
    const blocked = whyNot(this.app, "cam", null);
    if (blocked) return blocked;
    const cams = [this.cam.value, this.other.value].filter((cam) => cam !== null);
    return html`${this.renderToolbar()}
      <div class="split">
        <div class="main">
          ${this.renderStatus(true)}
          <div class=${this.cam.stale && this.cam.busy ? "scroll stale" : "scroll"}>
            ${this.app.intent.camGallery ? this.renderGallery() : cams.map((cam) => this.renderCam(cam))}
          </div>
          ${this.renderStatus(false)}
        </div>
        <aside aria-label=${t("Classes")}>${this.renderClasses()}</aside>
      </div>`;
  }

  private renderGallery(): TemplateResult {
    return html`<convlens-cam-gallery
      .app=${this.app}
      .opacity=${this.opacity}
      .colours=${this.colours}
    ></convlens-cam-gallery>`;
  }

  /** Above the maps while there are none of what was chosen, below them while more of it is on its way. */
  private renderStatus(above: boolean): TemplateResult {
    const shown = [this.cam, ...(this.app.intent.camBeside ? [this.other] : [])];
    return html`${shown
      .filter(({ stale, error }) => above === (stale || error !== null))
      .map(
        (of) =>
          html`<convlens-status .of=${of} doing=${t("Computing heat maps")}></convlens-status>`,
      )}`;
  }

  private renderToolbar(): TemplateResult {
    const { app } = this;
    return html`<div class="toolbar" role="toolbar" aria-label="Grad-CAM">
      ${methodChoice(app.intent.camMethod, (camMethod) => send(this, "convlens-intent", { camMethod }))}
      ${besideChoice(app.intent.camBeside, (camBeside) => send(this, "convlens-intent", { camBeside }))}
      ${layerChoice(app, (camLayer) => send(this, "convlens-intent", { camLayer }))}
      ${mergeChoice(app, app.intent.camMerged, (camMerged) => send(this, "convlens-intent", { camMerged }))}
      ${minusChoice(app, app.intent.camMinus, (camMinus) => send(this, "convlens-intent", { camMinus }))}
      ${slider(t("Opacity"), { min: 0, max: 1, step: 0.05 }, this.opacity, (opacity) => {
        this.opacity = opacity;
      })}
      ${colormapChoice(this.colours, (colours) => {
        this.colours = colours;
      })}
      <span class="end">
        ${toggle(icon("overview"), t("All pictures at once"), app.intent.camGallery, (camGallery) =>
          send(this, "convlens-intent", { camGallery }),
        )}
        ${toggle(icon("table"), t("Show the raw numbers"), this.asText, (on) => {
          this.asText = on;
        })}
        ${this.renderKeep()}
      </span>
    </div>`;
  }

  private renderKeep(): TemplateResult {
    const { app } = this;
    const { value } = this.cam;
    const { image, camLayer } = app.intent;
    const classIndex = value?.maps[0]?.score.index;
    const of =
      image === null || classIndex === undefined
        ? null
        : ({ kind: "cam", layer: camLayer ?? "auto", image, classIndex } as const);
    return html`<convlens-keep
      what=${t("all heat maps")}
      .of=${
        value && {
          name: fileName(app.summary.name, value.method),
          numbers: () => ({
            shape: [value.maps.length, ...value.rawShape],
            data: Float32Array.from(value.maps.flatMap(({ raw }) => [...raw])),
          }),
          json: () => value,
          more: epochsItem(this, app, of),
        }
      }
    ></convlens-keep>`;
  }

  private renderCam(cam: Cam): TemplateResult {
    const [rows, columns] = cam.rawShape;
    return html`<section aria-label=${cam.method}>
      <div class="why">
        <strong>${titleOf(cam)}</strong>
        <span class="muted">${t("{0} × {1} cells", rows, columns)}</span>
        <span class="spacer"></span>${legend(this.colours, "0", num(cam.scaleMax, 3))}
      </div>
      <p class="muted reason">
        ${sentenceOf(CAM_METHODS[cam.method])}. ${sentence(heard(cam.why))}
      </p>
      <div class=${cam.maps.length === 1 ? "cards one" : "cards"}>
        ${cam.maps.map(
          (map) =>
            html`<convlens-cam-card
              .app=${this.app}
              .cam=${cam}
              ?pending=${this.cam.busy || this.other.busy}
              .map=${map}
              .picture=${this.app.picture}
              .opacity=${this.opacity}
              .colours=${this.colours}
              .asText=${this.asText}
              .point=${this.point}
              @picture-hover=${(event: CustomEvent<PicturePoint | null>) => {
                this.point = event.detail;
              }}
              @picture-painted=${() => painted(this, "cam")}
            ></convlens-cam-card>`,
        )}
      </div>
    </section>`;
  }

  private renderClasses(): TemplateResult {
    const { prediction, summary, intent } = this.app;
    const shown = this.cam.value?.maps.map((map) => map.score.index) ?? intent.classes;
    const scores = prediction?.classes ?? this.cam.value?.maps.map((map) => map.score) ?? [];
    const logits = scores.length > 0 && scores.every((score) => score.probability === null);
    return html`<h2>${t("What the network says")}</h2>
      <p class="muted small">
        ${
          logits
            ? t("The model ends without softmax: logits are shown.")
            : t("Choose classes to see their evidence side by side.")
        }
      </p>
      <convlens-classes
        .scores=${scores}
        .shown=${shown}
        .count=${summary.classes ?? 0}
        .labels=${summary.labels}
      ></convlens-classes>
      ${
        intent.classes.length > 0
          ? html`<button
              class="link small"
              @click=${() => send(this, "convlens-intent", { classes: [] })}
            >
              ${t("Back to the top {0}", TOP)}
            </button>`
          : nothing
      }
      <p class="muted small">
        ${t("Heat maps are of the logit, never of the softmax (ScoreCAM: of the probability). All maps share one scale, from 0 to the largest value.")}
      </p>`;
  }
}

const isCam = (partial: unknown): partial is Cam =>
  typeof partial === "object" && partial !== null && "maps" in partial;

const titleOf = ({ method, layers, minus }: Cam): string =>
  minus
    ? t("{0} at {1}, minus {2}", nameOf(method), layers.join(" + "), className(minus))
    : t("{0} at {1}", nameOf(method), layers.join(" + "));

const nameOf = (method: CamMethod): string => methodTitle(CAM_METHODS[method]);

/** Reasons come as parts of sentences. */
const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!]$/.test(text) ? "" : "."}`;

declare global {
  interface HTMLElementTagNameMap {
    "convlens-cam": ConvlensCam;
  }
}
