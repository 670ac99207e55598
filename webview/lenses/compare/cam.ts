import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import { CAM_METHODS } from "../../../src/shared/catalogue.ts";
import type {
  CamPair,
  ComparedCam,
  ComparedPictures,
  DifferenceScale,
} from "../../../src/shared/contract/compare.ts";
import { camMethodOf, camQuestion } from "../../../src/shared/intent-questions.ts";
import { opacitySlider } from "../../common/controls/index.ts";
import { colormap } from "../../common/drawing/index.ts";
import { Own, Resource } from "../../common/state/index.ts";
import { fileName, heard, t, titleOf } from "../../common/text/index.ts";
import { keep, type Keepable } from "../../components/export/keepable.ts";
import type { PicturePoint } from "../../components/picture/picture.ts";
import { pairName, sideMark } from "../../components/sides/sides.ts";
import { status } from "../../components/status/status.ts";
import { camChoice, methodChoice } from "../cam/choices.ts";
import { scroller, toolbar } from "../frame.ts";

import { targetChoices } from "../target.ts";
import { differenceChoice, scaleBars } from "./scales.ts";
import { sheetOf } from "./sheet.ts";
import { ComparedView } from "./view.ts";
import "../cam/card.ts";
import "../../components/picture/picture.ts";

/** Where both find the evidence for the same classes, and where B finds more or less than A. */
@customElement("convlens-compare-cam")
export class ConvlensCompareCam extends ComparedView {
  static override styles = [
    ComparedView.styles,
    css`
      section {
        display: grid;
        gap: 6px;
        padding: 10px 12px 14px;
      }
      section + section {
        border-top: 1px solid var(--cl-line);
      }
      .head {
        display: flex;
        align-items: center;
        gap: 12px;
      }
      .head strong {
        font-size: 13px;
        color: var(--cl-strong);
      }
      .row {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 260px));
        gap: 10px;
      }
      figcaption {
        min-height: 19px;
        margin-bottom: 6px;
      }
      .reason {
        padding: 6px 12px 0;
        font-size: 12px;
      }
    `,
  ];

  private readonly opacity = new Own(this, 0.6);
  private readonly difference = new Own<DifferenceScale>(this, "same");
  @state() private point: PicturePoint | null = null;
  private readonly cam = this.fetched<ComparedCam>();
  private readonly views = new Resource<ComparedPictures>(this);

  protected override willUpdate(): void {
    const { remote, intent, summary } = this.app;
    const { pictures } = this;
    const alone = { ...intent, camMerged: [], camMinus: null };
    const asked = pictures && {
      question: camQuestion(alone, pictures.image, camMethodOf(intent, summary.outputs)),
      ...{ otherImage: pictures.otherImage, difference: this.difference.value },
    };
    this.load(this.cam, asked, remote.compareCam);
    this.load(this.views, pictures, remote.comparePictures);
  }

  protected override render(): TemplateResult {
    const { value } = this.cam;
    return html`${toolbar(
      t("Heat maps of both"),
      html`${methodChoice(this.app, camChoice(this.app, this.choice("camMethod")))}
      ${differenceChoice(this.difference)} ${targetChoices(this.app, (key) => this.choice(key))}
      ${opacitySlider(this.opacity)}`,
      keep(
        t("all heat maps of both"),
        value && {
          name: fileName(this.app.summary.name, `compared.${value.sides[0].method}`),
          json: () => value,
        },
      ),
    )}
    ${status(this.cam, t("Computing heat maps of both"))}
    ${status(this.views, t("Reading the pictures"))} ${value ? this.renderCam(value) : nothing}`;
  }

  private renderCam(cam: ComparedCam): TemplateResult {
    const [{ method, why, scaleMax, layers }, other] = cam.sides;
    const [a, b] = [layers.join(" + "), other.layers.join(" + ")];
    const place = a === b ? a : t("{0} in A, {1} in B", a, b);
    return html`${scroller(
      t("Heat maps of both"),
      this.cam.stale,
      html`<p class="muted reason">
          ${t("{0} at {1}: {2}.", titleOf(CAM_METHODS[method]), place, heard(why))}
        </p>
        ${cam.pairs.map((pair, i) => this.renderPair(cam, pair, i))}`,
    )}
    ${scaleBars({
      ...{ colours: "turbo", low: 0, high: scaleMax },
      difference: { magnitude: cam.magnitude, largest: cam.largestDifference },
    })}`;
  }

  private renderPair(cam: ComparedCam, pair: CamPair, number: number): TemplateResult {
    const name = nameOf(pair);
    return html`<section aria-label=${name} data-row=${number}>
      <div class="head">
        <strong>${name}</strong><span class="spacer"></span>
        ${keep(t("the heat maps of {0}", name), this.keepable(cam, pair, name, number))}
      </div>
      <div class="row">
        ${this.renderSide(cam, pair, 0)} ${this.renderSide(cam, pair, 1)}
        ${pair.difference ? this.renderDifference(cam, pair.difference, name) : nothing}
      </div>
    </section>`;
  }

  private renderSide(cam: ComparedCam, { maps }: CamPair, side: 0 | 1): TemplateResult {
    const map = maps[side];
    const picture = this.views.value?.[side] ?? null;
    if (!map)
      return html`<figure>
        <figcaption>${sideMark(side)}${t("has no such class")}</figcaption>
        <convlens-picture .picture=${picture}></convlens-picture>
      </figure>`;
    return html`<convlens-cam-card
      .side=${side}
      .app=${this.app}
      .cam=${cam.sides[side]}
      .map=${map}
      .picture=${picture}
      .opacity=${this.opacity.value}
      .point=${this.point}
      @picture-hover=${(event: CustomEvent<PicturePoint | null>) => {
        this.point = event.detail;
      }}
      @picture-painted=${this.drawn}
    ></convlens-cam-card>`;
  }

  private renderDifference(cam: ComparedCam, pixels: Uint8Array, name: string): TemplateResult {
    const [height, width] = cam.sides[0].heatmapSize;
    return html`<figure>
      <figcaption>${sideMark(2)} ${t("red: more in B")}</figcaption>
      <convlens-picture
        smooth
        .map=${{ pixels, width, height }}
        .lut=${colormap("diverging")}
        .label=${t("Heat map of {0} in B minus that in A", name)}
      ></convlens-picture>
    </figure>`;
  }

  private keepable(cam: ComparedCam, pair: CamPair, name: string, number: number): Keepable {
    const [a, b] = pair.maps;
    const [{ rawShape, method }, other] = cam.sides;
    const equal = a && b && rawShape.join() === other.rawShape.join();
    const row = `section[data-row="${String(number)}"] :is(convlens-cam-card, convlens-picture)`;
    const drawn = (): HTMLCanvasElement[] =>
      [
        ...this.renderRoot.querySelectorAll<
          HTMLElementTagNameMap["convlens-cam-card" | "convlens-picture"]
        >(row),
      ].map(({ canvas }) => canvas);
    return {
      name: fileName(this.app.summary.name, `compared.${method}.${name}`),
      picture: () => sheetOf(drawn()),
      // A, B and B - A, one after another
      numbers: equal
        ? () => ({
            shape: [3, ...rawShape],
            data: Float32Array.from([...a.raw, ...b.raw, ...subtracted(a.raw, b.raw)]),
          })
        : null,
      json: () => ({ ...cam, pairs: [pair] }),
    };
  }
}

const nameOf = ({ maps: [a, b] }: CamPair): string =>
  pairName([a?.score ?? null, b?.score ?? null]);

/** B - A of maps of equal shape. */
const subtracted = (a: Float32Array, b: Float32Array): Float32Array =>
  b.map((value, i) => value - at(a, i));

declare global {
  interface HTMLElementTagNameMap {
    "convlens-compare-cam": ConvlensCompareCam;
  }
}
