import { CAM_METHODS } from "../../../src/shared/catalogue.ts";
import { titleOf } from "../../common/text/methods.ts";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type {
  CamPair,
  ComparedCam,
  ComparedPictures,
  DifferenceScale,
} from "../../../src/shared/contract/compare.ts";
import { painted, send, type App } from "../../common/state/app.ts";
import { colormap } from "../../common/drawing/colormaps.ts";
import { slider } from "../../common/styles/controls.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { num, percent } from "../../common/text/format.ts";
import { heard, t } from "../../common/text/l10n.ts";
import { Resource } from "../../common/state/resource.ts";
import { fileName } from "../../common/text/file-name.ts";
import { base } from "../../common/styles/theme.ts";
import { methodChoice } from "../cam/choices.ts";
import { nameOf } from "./classes.ts";
import type { Against } from "./compare.ts";
import { sideStyles, viewStyles } from "./compare.styles.ts";
import type { Keepable } from "../../components/export/keep.ts";
import { differenceChoice, scaleBars } from "./scales.ts";
import { sheetOf } from "./sheet.ts";
import "../../components/picture/picture.ts";
import "../../components/status/status.ts";

const TOP = 3;

/** Where both find the evidence for the same classes, and where B finds more or less than A. */
@customElement("convlens-compare-cam")
export class ConvlensCompareCam extends LitElement {
  static override styles = [
    base,
    controls,
    sideStyles,
    viewStyles,
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
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        font-size: 12px;
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
      figure {
        margin: 0;
        min-width: 0;
      }
      .reason {
        padding: 6px 12px 0;
        font-size: 12px;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) against!: Against;
  @state() private opacity = 0.6;
  @state() private difference: DifferenceScale = "same";
  private readonly cam = new Resource<ComparedCam>(this, (cam) =>
    send(this, "convlens-provenance", cam),
  );
  private readonly pictures = new Resource<ComparedPictures>(this);

  protected override willUpdate(): void {
    const { app, against, difference } = this;
    const { image, otherImage, key } = against;
    const { classes: chosen, camLayer, camMethod: method } = app.intent;
    const both = image === null || otherImage === null ? null : { image, otherImage };
    const classes = chosen.length > 0 ? chosen : { top: TOP };
    const wanted = both && { ...both, layer: camLayer ?? "auto", classes, method, difference };
    this.cam.load(wanted && { wanted, key }, app.epoch, (asked, options) =>
      app.remote.compareCam(asked.wanted, options),
    );
    this.pictures.load(both && { both, key }, app.epoch, (asked, options) =>
      app.remote.comparePictures(asked.both, options),
    );
  }

  protected override render(): TemplateResult {
    const { value } = this.cam;
    return html`<div class="toolbar" role="toolbar" aria-label=${t("Heat maps of both")}>
        ${methodChoice(this.app.intent.camMethod, (camMethod) => send(this, "convlens-intent", { camMethod }))}
        ${differenceChoice(this.difference, (difference) => {
          this.difference = difference;
        })}
        ${slider(t("Opacity"), { min: 0, max: 1, step: 0.05 }, this.opacity, (opacity) => {
          this.opacity = opacity;
        })}
        <span class="end"
          ><convlens-keep
            what=${t("all heat maps of both")}
            .of=${
              value && {
                name: fileName(this.app.summary.name, `compared.${value.method}`),
                json: () => value,
              }
            }
          ></convlens-keep
        ></span>
      </div>
      <convlens-status .of=${this.cam} doing=${t("Computing heat maps of both")}></convlens-status>
      <convlens-status .of=${this.pictures} doing=${t("Reading the pictures")}></convlens-status>
      ${value ? this.renderCam(value) : nothing}`;
  }

  private renderCam(cam: ComparedCam): TemplateResult {
    const [a, b] = cam.layers;
    const at = a === b ? a : t("{0} in A, {1} in B", a, b);
    return html`<div
        class=${this.cam.stale ? "body stale" : "body"}
        tabindex="0"
        role="group"
        aria-label=${t("Heat maps of both")}
      >
        <p class="muted reason">
          ${t("{0} at {1}: {2}.", titleOf(CAM_METHODS[cam.method]), at, heard(cam.why))}
        </p>
        ${cam.pairs.map((pair, i) => this.renderPair(cam, pair, i))}
      </div>
      ${scaleBars({
        ...{ colours: "turbo", low: 0, high: cam.scaleMax },
        difference: { magnitude: cam.magnitude, largest: cam.largestDifference },
      })}`;
  }

  private renderPair(cam: ComparedCam, pair: CamPair, number: number): TemplateResult {
    const name = nameOf(pair.scores);
    const likely = (side: 0 | 1): string => {
      const score = pair.scores[side];
      if (!score) return t("has no such class");
      return score.probability === null
        ? t("logit {0}", num(score.logit))
        : percent(score.probability);
    };
    const figure = (side: 0 | 1): TemplateResult => {
      const [height, width] = cam.sizes[side];
      return html`<figure>
        <figcaption>
          <span class=${side === 0 ? "side" : "side b"}>${side === 0 ? "A" : "B"}</span
          >${likely(side)} · ${t("largest {0}", num(pair.largest[side], 3))}
        </figcaption>
        <convlens-picture
          smooth
          .picture=${this.pictures.value?.[side] ?? null}
          .map=${{ pixels: pair.heatmaps[side], width, height }}
          .lut=${colormap("turbo")}
          .opacity=${pair.largest[side] > 0 ? this.opacity : 0}
          .label=${t("Heat map of {0} in {1}, largest value {2}", name, side === 0 ? "A" : "B", num(pair.largest[side]))}
          @picture-painted=${() => painted(this, "compare")}
        ></convlens-picture>
      </figure>`;
    };
    const [height, width] = cam.sizes[0];
    return html`<section aria-label=${name} data-row=${number}>
      <div class="head">
        <strong>${name}</strong><span class="spacer"></span
        ><convlens-keep
          .what=${t("the heat maps of {0}", name)}
          .of=${this.keepable(cam, pair, name, number)}
        ></convlens-keep>
      </div>
      <div class="row">
        ${figure(0)} ${figure(1)}
        ${
          pair.difference
            ? html`<figure>
                <figcaption><span class="side d">B − A</span> ${t("red: more in B")}</figcaption>
                <convlens-picture
                  smooth
                  .map=${{ pixels: pair.difference, width, height }}
                  .lut=${colormap("diverging")}
                  .label=${t("Heat map of {0} in B minus that in A", name)}
                ></convlens-picture>
              </figure>`
            : nothing
        }
      </div>
    </section>`;
  }

  private keepable(cam: ComparedCam, pair: CamPair, name: string, number: number): Keepable {
    const [a, b] = pair.raw;
    const [shape, other] = cam.rawShapes;
    const equal = shape.join() === other.join() && a.length === b.length;
    const own = fileName(this.app.summary.name, `compared.${cam.method}.${name}`);
    return {
      name: own,
      picture: () =>
        sheetOf(
          [
            ...this.renderRoot.querySelectorAll<HTMLElementTagNameMap["convlens-picture"]>(
              `section[data-row="${String(number)}"] convlens-picture`,
            ),
          ].map(({ canvas }) => canvas),
        ),
      // A, B and B - A, one after another
      numbers: equal
        ? () => ({
            shape: [3, ...shape],
            data: Float32Array.from([...a, ...b, ...b.map((value, i) => value - (a[i] ?? 0))]),
          })
        : null,
      json: () => ({ ...cam, pairs: [pair] }),
    };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-compare-cam": ConvlensCompareCam;
  }
}
