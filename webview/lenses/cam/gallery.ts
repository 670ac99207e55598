import { messageOf } from "../../../src/base/errors.ts";
import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { askedIn } from "../../../src/shared/changed-intent.ts";
import { camMethodOf, camQuestion, targetsOf } from "../../../src/shared/intent-questions.ts";
import type { CamQuestion } from "../../../src/shared/question.ts";
import type { CallOptions } from "../../../src/rpc/index.ts";
import type { Cam, CamMap, Picture } from "../../../src/shared/contract/lenses.ts";
import { colormap, type ColormapName } from "../../common/drawing/index.ts";
import { legend } from "../../common/controls/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import { baseName, className, heard, num, percent, t } from "../../common/text/index.ts";
import { type App, Resource } from "../../common/state/index.ts";
import "../../components/picture/picture.ts";
import { status } from "../../components/status/status.ts";
import { LensElement } from "../lens.ts";
import { camTitle } from "./title.ts";

/** More would be minutes of work that nobody looks at. */
const MOST_PICTURES = 24;

interface Entry {
  readonly image: string;
  readonly picture: Picture | null;
  readonly cam: Cam | null;
  /** Why this picture has no heat map. */
  readonly reason: string | null;
}

/** Heat maps of all pictures of the strip at one layer, on one scale: beside a script they follow its cursor from layer to layer. */
@customElement("convlens-cam-gallery")
export class ConvlensCamGallery extends LensElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        padding: 10px 12px 16px;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 10px;
        align-items: baseline;
        margin-bottom: 8px;
        font-size: 12px;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 132px), 1fr));
        gap: 12px;
        padding: 0;
        margin: 0;
        list-style: none;
      }
      button {
        display: block;
        width: 100%;
        height: auto;
        padding: 0;
        text-align: left;
        background: none;
        border: 0;
      }
      figcaption {
        padding-top: 4px;
        overflow: hidden;
        font-size: 11px;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      figure {
        margin: 0;
      }
    `,
  ];

  @property({ type: Number }) opacity = 0.55;
  @property() colours: ColormapName = "turbo";

  private readonly entries = new Resource<readonly Entry[]>(this);

  protected override willUpdate(): void {
    const { intent, epoch } = this.app;
    const images = intent.images.slice(0, MOST_PICTURES);
    const runs = this.canRun && images.length > 0;
    const wanted = runs ? images.map((image) => galleryQuestion(this.app, image)) : null;
    this.entries.load(wanted, epoch, async (questions, options) => {
      const entries: Entry[] = [];
      for (const question of questions) {
        entries.push(await this.look(question, options));
        this.entries.show([...entries]);
      }
      return entries;
    });
  }

  /** One that cannot be read leaves its place to the reason. */
  private async look(question: CamQuestion, options: CallOptions): Promise<Entry> {
    const { remote } = this.app;
    const { image } = question;
    try {
      const request = { question, trust: false };
      const cam = await remote.cam(request, { ...(options.signal && { signal: options.signal }) });
      const picture = await remote.modelView({ image, on: cam.input }, options);
      this.arrived(cam);
      return { image, picture, cam, reason: null };
    } catch (error) {
      if (options.signal?.aborted) throw error;
      const reason = heard(messageOf(error));
      return { image, picture: null, cam: null, reason };
    }
  }

  protected override updated(): void {
    if ((this.entries.value ?? []).length > 0) this.drawn();
  }

  protected override render(): TemplateResult {
    const entries = this.entries.value ?? [];
    const [first] = entries.flatMap(({ cam }) => cam ?? []);
    const scale = Math.max(0, ...entries.map(({ cam }) => cam?.scaleMax ?? 0));
    const { images } = this.app.intent;
    return html`<div class="head">
        ${first ? html`<strong>${camTitle(first)}</strong>` : nothing}
        <span class="muted"
          >${
            images.length > MOST_PICTURES
              ? t("the first {0} of {1} pictures", MOST_PICTURES, images.length)
              : nothing
          }</span
        >
        <span class="spacer"></span>${legend(this.colours, "0", num(scale, 3))}
      </div>
      <ul aria-label=${t("Heat maps of all pictures")}>
        ${entries.map((entry) => html`<li>${this.renderEntry(entry, scale)}</li>`)}
      </ul>
      ${status(this.entries, t("Computing heat maps"))}`;
  }

  private renderEntry({ image, picture, cam, reason }: Entry, scale: number): TemplateResult {
    const name = baseName(image);
    const [map] = cam?.maps ?? [];
    if (!cam || !map) return html`<p class="muted" title=${image}>${reason ?? name}</p>`;
    const { score } = map;
    const sure = score.probability === null ? "" : ` ${percent(score.probability)}`;
    const said = `${className(score)}${sure}`;
    const caption = `${name} ${said}`;
    const [height, width] = cam.heatmapSize;
    const pixels = onScale(map, cam.scaleMax, scale);
    const label = map.noPositiveEvidence
      ? t("{0}: nothing speaks for {1}", caption, className(score))
      : t("{0}: heat map of {1}, largest value {2}", caption, className(score), num(map.max));
    return html`<button
      title=${t("Look at this picture alone")}
      aria-label=${label}
      @click=${() => this.go({ ...askedIn(this.app.intent), image, camGallery: false })}
    >
      <figure>
        <convlens-picture
          smooth
          gray
          .picture=${picture}
          .map=${{ pixels, width, height }}
          .lut=${colormap(this.colours)}
          .opacity=${map.noPositiveEvidence ? 0 : this.opacity}
          .label=${label}
        ></convlens-picture>
        <figcaption title=${caption}>${name} <br />${said}</figcaption>
      </figure>
    </button>`;
  }
}

/** What the lens asks, of the first class alone. */
function galleryQuestion({ intent, summary }: App, image: string): CamQuestion {
  const question = camQuestion(intent, image, camMethodOf(intent, summary.outputs));
  return { ...question, targets: targetsOf({ classes: intent.classes.slice(0, 1) }, 1) };
}

/** 255 = the largest value of all pictures' maps. */
function onScale({ heatmap }: CamMap, own: number, all: number): Uint8Array {
  return all > own ? heatmap.map((value) => Math.round((value * own) / all)) : heatmap;
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-cam-gallery": ConvlensCamGallery;
  }
}
