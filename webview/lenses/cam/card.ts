import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import { CAM_METHODS } from "../../../src/shared/catalogue.ts";
import type { CamFacts, CamMap, Picture, Rect } from "../../../src/shared/contract/lenses.ts";
import { classTarget } from "../../../src/shared/question.ts";
import type { SanityRequest } from "../../../src/shared/contract/trust.ts";
import { colormap, type ColormapName, type PlaceOn, pngOf } from "../../common/drawing/index.ts";
import type { App } from "../../common/state/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import { className, fileName, heard, num, percent, phrase, t } from "../../common/text/index.ts";
import { keep } from "../../components/export/keepable.ts";
import type { ConvlensPicture, PicturePoint } from "../../components/picture/picture.ts";
import { SIDES, sideMark, sideStyles } from "../../components/sides/sides.ts";
import { cellAt } from "../cell.ts";
import { styles } from "./card.styles.ts";
import { rawNumbers } from "./raw-numbers.ts";
import "../../components/picture/picture.ts";
import { orderWords } from "../../components/trust/order-words.ts";
import "../../components/trust/trust.ts";

/**
 * The heat map of one class over the picture.
 * @fires picture-hover, picture-click, picture-painted from the picture in it
 */
@customElement("convlens-cam-card")
export class ConvlensCamCard extends LitElement {
  static override styles = [base, controls, sideStyles, styles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) cam!: CamFacts;
  @property({ attribute: false }) map!: CamMap;
  @property({ attribute: false }) picture: Picture | null = null;
  @property({ type: Number }) opacity = 0.5;
  @property() colours: ColormapName = "turbo";
  @property({ type: Boolean }) asText = false;
  /** The part of the picture that the cell which is pointed at sees. */
  @property({ attribute: false }) rect: Rect | null = null;
  /** A click on the picture means something: a box, a position. */
  @property({ type: Boolean }) clickable = false;
  /** The place that is explained. */
  @property({ attribute: false }) place: PlaceOn | null = null;
  /** Badges may be on their way. */
  @property({ type: Boolean }) pending = false;
  /** Of a comparison (0 and 1 are A and B): what can be trusted is said of each model alone. */
  @property({ attribute: false }) side: 0 | 1 | null = null;
  /** The place that is pointed at, in this or another card. */
  @property({ attribute: false }) point: PicturePoint | null = null;
  @state() private trustOpen = false;
  @query("convlens-picture") private readonly drawn!: ConvlensPicture;

  /** What is drawn. */
  get canvas(): HTMLCanvasElement {
    return this.drawn.canvas;
  }

  protected override render(): TemplateResult {
    const { cam, map, point, side } = this;
    const { score } = map;
    const classless = CAM_METHODS[cam.method].score === null;
    const name = classless ? t("all classes alike") : className(score);
    const [height, width] = cam.heatmapSize;
    const cell = point && !cam.slices ? cellAt(point, cam.rawShape) : null;
    const again = (event: CustomEvent): boolean =>
      this.dispatchEvent(new CustomEvent(event.type, { detail: event.detail as unknown }));
    return html`<div class="head">
        ${side === null ? nothing : sideMark(side)}
        <strong title=${classless ? name : t("{0}, index {1}", name, score.index)}>${name}</strong
        >${
          score.probability === null || classless
            ? nothing
            : html`<span class="muted">${percent(score.probability)}</span>`
        } <span class="spacer"></span>${this.renderKeep()}
      </div>
      <div class="box">
        <convlens-picture
          smooth
          gray
          readable
          .picture=${this.picture}
          .map=${{ pixels: map.heatmap, width, height }}
          .lut=${colormap(this.colours)}
          .opacity=${map.noPositiveEvidence ? 0 : this.opacity}
          .label=${
            side === null
              ? t("Heat map of {0}, largest value {1}", name, num(map.max))
              : t("Heat map of {0} in {1}, largest value {2}", name, SIDES[side], num(map.max))
          }
          .place=${this.place}
          ?clickable=${this.clickable}
          @picture-hover=${again}
          @picture-click=${again}
          @picture-painted=${again}
        ></convlens-picture>
        ${
          map.noPositiveEvidence
            ? html`<p class="none">${t("No positive evidence at this layer")}</p>`
            : nothing
        }
      </div>
      <div class="facts">
        ${
          classless
            ? nothing
            : html`<span
                >${phrase("logit {0}", html`<span class="mono">${num(score.logit)}</span>`)}</span
              >`
        }
        <span>${phrase("largest {0}", html`<span class="mono">${num(map.max)}</span>`)}</span>
        <span class="cell"
          >${
            cell
              ? html`y ${cell.y}, x ${cell.x}:
                  <span class="mono">${num(at(map.raw, cell.y * cam.rawShape[1] + cell.x))}</span>`
              : nothing
          }</span
        >
      </div>
      ${side === null ? this.renderTrust() : nothing}
      ${this.asText ? rawNumbers(map.raw, cam.rawShape, cell) : nothing}`;
  }

  private renderKeep(): TemplateResult | typeof nothing {
    const { app, cam, map } = this;
    if (this.side !== null) return nothing;
    const name = className(map.score);
    return keep(t("the heat map of {0}", name), {
      name: fileName(app.summary.name, cam.method, name),
      picture: () => pngOf(this.canvas),
      numbers: () => ({ shape: cam.rawShape, data: map.raw }),
      json: () => ({ ...cam, maps: [map] }),
    });
  }

  /** The badge in a line; what it means, and the check that takes longer, on request. */
  private renderTrust(): TemplateResult {
    const { cam, map, pending } = this;
    const { badge, score } = map;
    const said = badge ? orderWords(badge) : pending ? t("measuring …") : t("not measured");
    const question = { ...cam.question, targets: [classTarget(score.index)] };
    const check: SanityRequest = { question, seed: 0 };
    return html`<details
      @toggle=${(event: Event) => {
        if (event.target instanceof HTMLDetailsElement) this.trustOpen = event.target.open;
      }}
    >
      <summary title=${heard(badge?.meaning ?? "")}>${t("Trust:")} ${said}</summary>
      ${
        this.trustOpen
          ? html`<convlens-trust
              .app=${this.app}
              .badge=${badge}
              ?pending=${pending}
              .check=${cam.minus ? null : check}
            ></convlens-trust>`
          : nothing
      }
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-cam-card": ConvlensCamCard;
  }
}
