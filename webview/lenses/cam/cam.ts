import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { CAM_METHODS, type CamMethod } from "../../../src/shared/catalogue.ts";
import { camQuestion, TOP } from "../../../src/shared/intent-questions.ts";
import type { Cam, Picture } from "../../../src/shared/contract/lenses.ts";
import {
  button,
  colormapChoice,
  legend,
  opacitySlider,
  toggle,
} from "../../common/controls/index.ts";
import type { ColormapName } from "../../common/drawing/index.ts";
import { epochsItem, Own, Resource } from "../../common/state/index.ts";
import { icon } from "../../common/styles/index.ts";
import { fileName, heard, num, sentenceOf, t } from "../../common/text/index.ts";
import {
  classesKept,
  isPointed,
  outputOf,
  placeOn,
  pointed,
} from "../../components/answer/place.ts";
import { whyNot } from "../../components/empty/empty.ts";
import { keep } from "../../components/export/keepable.ts";
import type { PicturePoint } from "../../components/picture/picture.ts";
import { status } from "../../components/status/status.ts";
import { cellAt } from "../cell.ts";
import { split, toolbar } from "../frame.ts";
import { LensElement } from "../lens.ts";
import { loadOver, overChoice, pictureOver } from "../over.ts";
import { styles } from "./cam.styles.ts";
import { askFirst, classesIn, pinChoice, targetChoices } from "../target.ts";
import {
  besideChoice,
  camChoice,
  camMethod,
  layerChoice,
  mergeChoice,
  methodChoice,
  minusChoice,
} from "./choices.ts";
import { Pointed } from "./pointed.ts";
import { columnsFor } from "./columns.ts";
import { Room } from "./room.ts";
import { camTitle } from "./title.ts";
import "./card.ts";
import "./gallery.ts";
import "../../components/answer/answer.ts";
import "../../components/classes/classes.ts";

/** Height of what stands above and below the maps, and with each of them, pixels. */
const ABOVE = 130;
const WORDS = 112;

/** Where in the picture the evidence for a class lies: one heat map a class, side by side on one scale. */
@customElement("convlens-cam")
export class ConvlensCam extends LensElement {
  static override styles = [LensElement.styles, styles];

  private readonly opacity = new Own(this, 0.55);
  private readonly colours = new Own<ColormapName>(this, "turbo");
  private readonly asText = new Own(this, false);
  @state() private point: PicturePoint | null = null;
  /** The maps are hidden, as long as a person holds the picture. */
  @state() private bare = false;
  private readonly pointed = new Pointed(this);
  private readonly room = new Room(this, () => this.renderRoot.querySelector(".main"));

  private readonly cam = this.fetched<Cam>("maps");
  private readonly other = this.fetched<Cam>("maps");
  private readonly over = new Resource<Picture>(this);

  protected override willUpdate(): void {
    const { image, camBeside, camGallery } = this.app.intent;
    const method = camMethod(this.app);
    const runs = this.canRun && image !== null && !camGallery && !this.asks;
    this.loadCam(this.cam, runs ? method : null);
    this.loadCam(this.other, runs && camBeside !== method ? camBeside : null);
    loadOver(this.over, this.app, this.cam.value?.input);
    const cam = camGallery ? null : this.cam.value;
    const point = cam?.slices ? null : this.point;
    this.pointed.want(this.app, cam, cam && point && cellAt(point, cam.rawShape));
  }

  /** Nothing is asked of the network before it is said what; methods that look at no score need none. */
  private get asks(): TemplateResult | null {
    return CAM_METHODS[camMethod(this.app)].score === null ? null : askFirst(this.app);
  }

  private loadCam(resource: Resource<Cam>, method: CamMethod | null): void {
    const { remote, intent, epoch } = this.app;
    const { image } = intent;
    const wanted =
      method === null || image === null
        ? null
        : { question: camQuestion(intent, image, method), trust: true };
    resource.load(wanted, epoch, remote.cam);
  }

  protected override render(): TemplateResult {
    const blocked = whyNot(this.app, "cam", null);
    if (blocked) return blocked;
    const cams = [this.cam.value, this.other.value].filter((cam) => cam !== null);
    return html`${this.renderToolbar()}
    ${split(
      html`${this.asks ?? this.renderStatus(true)}
        <div class=${this.cam.stale && this.cam.busy ? "scroll stale" : "scroll"}>
          ${this.app.intent.camGallery ? this.renderGallery() : cams.map((cam) => this.renderCam(cam))}
        </div>
        ${this.renderStatus(false)}
        ${this.app.intent.camGallery ? nothing : this.pointed.line(this.go)}`,
      t("Classes"),
      this.renderClasses(),
    )}`;
  }

  private renderGallery(): TemplateResult {
    return html`<convlens-cam-gallery
      .app=${this.app}
      .opacity=${this.opacity.value}
      .colours=${this.colours.value}
    ></convlens-cam-gallery>`;
  }

  /** Above the maps while there are none of what was chosen, below them while more of it is on its way. */
  private renderStatus(above: boolean): TemplateResult[] {
    return [this.cam, ...(this.app.intent.camBeside ? [this.other] : [])]
      .filter(({ stale, error }) => above === (stale || error !== null))
      .map((of) => status(of, t("Computing heat maps")));
  }

  private renderToolbar(): TemplateResult {
    const { app } = this;
    return toolbar(
      "Grad-CAM",
      html`${methodChoice(app, camChoice(app, this.choice("camMethod")))}
      ${besideChoice(app, this.choice("camBeside"))} ${overChoice(app, this.choice("on"))}
      ${layerChoice(app, this.choice("camLayer"))} ${mergeChoice(app, this.choice("camMerged"))}
      ${minusChoice(app, this.choice("camMinus"))} ${targetChoices(app, (key) => this.choice(key))}
      ${pinChoice(app, this.choice("pinned"))} ${opacitySlider(this.opacity)}
      ${colormapChoice(this.colours)}`,
      html`${toggle(icon("overview"), t("All pictures at once"), this.choice("camGallery"))}
      ${toggle(icon("table"), t("Show the raw numbers"), this.asText)} ${this.renderKeep()}`,
    );
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
    return keep(
      t("all heat maps"),
      value && {
        name: fileName(app.summary.name, value.method),
        numbers: () => ({
          shape: [value.maps.length, ...value.rawShape],
          data: Float32Array.from(value.maps.flatMap(({ raw }) => [...raw])),
        }),
        json: () => value,
        more: epochsItem(this, app, of),
      },
    );
  }

  private renderCam(cam: Cam): TemplateResult {
    return html`<section aria-label=${cam.method}>
      <div class="why">
        <strong>${camTitle(cam)}</strong>
        ${cam.where === null ? nothing : html`<span class="muted">${t("Target")} <code>${cam.where}</code></span>`}
        <span class="muted">${cellsOf(cam)}</span>
        ${
          cam.pictures.length > 0 && this.app.summary.pictures.length > 1
            ? html`<span class="muted">${t("over {0}", cam.input)}</span>`
            : nothing
        }
        <span class="spacer"></span>${legend(this.colours.value, "0", num(cam.scaleMax, 3))}
      </div>
      <p class="muted reason">
        ${sentenceOf(CAM_METHODS[cam.method])}. ${sentence(heard(cam.why))}
      </p>
      <div class="cards" style=${this.columns(cam)}>
        ${cam.heatmapSize[0] === 1 ? nothing : this.renderClean(cam)}
        ${cam.maps.map(
          (map) =>
            html`<convlens-cam-card
              .app=${this.app}
              .cam=${cam}
              ?pending=${this.cam.busy || this.other.busy}
              .map=${map}
              .picture=${pictureOver(this.over, this.app, cam.input)}
              .opacity=${this.bare ? 0 : this.opacity.value}
              .colours=${this.colours.value}
              .rect=${this.point && cam === this.cam.value ? this.pointed.rect : null}
              .asText=${this.asText.value}
              .point=${this.point}
              @picture-hover=${(event: CustomEvent<PicturePoint | null>) => {
                this.point = event.detail;
              }}
              ?clickable=${isPointed(this.app)}
              .place=${placeOn(this.app, cam.where)}
              @picture-click=${(event: CustomEvent<PicturePoint>) => {
                const target = pointed(this.app, event.detail);
                if (target !== null) this.go({ target, classes: classesKept(this.app) });
              }}
              @picture-painted=${this.drawn}
            ></convlens-cam-card>`,
        )}
      </div>
    </section>`;
  }

  /** Columns in which the maps are as large as there is room, with what stands around them. */
  private columns({ maps, heatmapSize: [height, width] }: Cam): string {
    const { room } = this;
    const shown = this.app.intent.camBeside === null ? 1 : 2;
    // a series is as wide as there is room
    if (height === 1 && room.width > 0) return `--columns:1;--width:${room.width - 24}px`;
    const high = height / (this.cam.value?.slices?.[1] ?? 1);
    const space = { width: room.width - 24, height: room.height / shown - ABOVE };
    const { columns, width: each } = columnsFor(maps.length + 1, space, width / high, WORDS);
    return room.width === 0 ? "" : `--columns:${columns};--width:${each}px`;
  }

  /** The picture by itself, beside the maps; while it is held the maps are gone from theirs. */
  private renderClean({ input }: Cam): TemplateResult {
    const hold = (bare: boolean) => (): void => {
      this.bare = bare;
    };
    const key = (bare: boolean) => (event: KeyboardEvent) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      this.bare = bare;
    };
    return html`<button
      class="clean"
      aria-pressed=${this.bare ? "true" : "false"}
      title=${t("Hold to see all of them without their maps")}
      @pointerdown=${hold(true)}
      @pointerup=${hold(false)}
      @pointerleave=${hold(false)}
      @pointercancel=${hold(false)}
      @keydown=${key(true)}
      @keyup=${key(false)}
      @blur=${hold(false)}
    >
      <strong>${t("The picture")}</strong>
      <convlens-picture
        follows
        .picture=${pictureOver(this.over, this.app, input)}
        .label=${t("The picture as the network sees it")}
      ></convlens-picture>
      <span class="muted small">${t("Hold to compare")}</span>
    </button>`;
  }

  private renderClasses(): TemplateResult {
    const { prediction, intent } = this.app;
    const { count, labels } = classesIn(this.app);
    const shown = this.cam.value?.maps.map((map) => map.score.index) ?? intent.classes;
    const scores = prediction?.classes ?? this.cam.value?.maps.map((map) => map.score) ?? [];
    const logits = scores.length > 0 && scores.every((score) => score.probability === null);
    return html`<h2>${t("What the network says")}</h2>
      <convlens-answer
        .app=${this.app}
        .target=${this.cam.value?.where ?? intent.target}
        .shown=${shown}
      ></convlens-answer>
      <p class="muted small">
        ${
          logits && outputOf(this.app)?.kind === "classes"
            ? t("The model ends without softmax: logits are shown.")
            : t("Choose classes to see their evidence side by side.")
        }
      </p>
      <convlens-classes
        .scores=${scores}
        .shown=${shown}
        .count=${count}
        .labels=${labels}
        .logNormalizer=${prediction?.logNormalizer ?? null}
      ></convlens-classes>
      ${
        intent.classes.length > 0
          ? html`<p class="small">
              ${button(t("Back to the top {0}", TOP), () => this.go({ classes: [] }), { kind: "link" })}
            </p>`
          : nothing
      }
      <p class="muted small">
        ${t("Heat maps are of the logit, never of the softmax (ScoreCAM: of the probability). All maps share one scale, from 0 to the largest value.")}
      </p>`;
  }
}

/** How many cells maps have, of volumes along all three axes. */
function cellsOf({ rawShape: [rows, columns], slices }: Cam): string {
  const high = slices ? `${slices[0]} × ${rows / slices[0]}` : rows;
  return t("{0} × {1} cells", high, columns);
}

/** Reasons come as parts of sentences. */
const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!]$/.test(text) ? "" : "."}`;

declare global {
  interface HTMLElementTagNameMap {
    "convlens-cam": ConvlensCam;
  }
}
