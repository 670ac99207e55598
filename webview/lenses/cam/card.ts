import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Cam, CamMap, Picture } from "../../../src/shared/contract/lenses.ts";
import type { SanityRequest } from "../../../src/shared/contract/trust.ts";
import type { App } from "../../common/state/app.ts";
import { colormap, type ColormapName } from "../../common/drawing/colormaps.ts";
import { num, percent } from "../../common/text/format.ts";
import { pngOf } from "../../common/drawing/raster.ts";
import { fileName } from "../../common/text/file-name.ts";
import { className } from "../../common/text/search.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { heard, phrase, t } from "../../common/text/l10n.ts";
import { base } from "../../common/styles/theme.ts";
import type { ConvlensPicture, PicturePoint } from "../../components/picture/picture.ts";
import "../../components/picture/picture.ts";
import "../../components/trust/trust.ts";

/**
 * The heat map of one class over the picture.
 * @fires picture-hover, picture-painted from the picture in it
 */
@customElement("convlens-cam-card")
export class ConvlensCamCard extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        align-content: start;
        gap: 6px;
        min-width: 0;
      }
      .head {
        display: flex;
        align-items: baseline;
        gap: 8px;
      }
      .head strong {
        overflow: hidden;
        font-weight: 600;
        color: var(--cl-strong);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 12px;
        font-size: 11px;
        color: var(--cl-muted);
      }
      .head button {
        align-self: center;
        min-height: 20px;
        font-size: 11px;
      }
      .box {
        position: relative;
      }
      .none {
        position: absolute;
        inset: auto 8px 8px;
        padding: 5px 9px;
        font-size: 12px;
        text-align: center;
        color: var(--cl-fg);
        background: var(--cl-bg);
        border: 1px solid var(--cl-line);
        border-radius: 4px;
      }
      summary {
        font-size: 11px;
        color: var(--cl-muted);
        cursor: pointer;
      }
      details[open] summary {
        margin-bottom: 6px;
      }
      .numbers {
        max-height: 240px;
        overflow: auto;
        font-family: var(--cl-mono);
        font-size: 10.5px;
      }
      table {
        border-collapse: collapse;
      }
      td,
      th {
        padding: 1px 5px;
        font-weight: normal;
        text-align: right;
        white-space: nowrap;
      }
      th {
        position: sticky;
        color: var(--cl-muted);
      }
      td.here {
        outline: 1px solid var(--cl-focus);
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) cam!: Cam;
  @property({ attribute: false }) map!: CamMap;
  @property({ attribute: false }) picture: Picture | null = null;
  @property({ type: Number }) opacity = 0.5;
  @property() colours: ColormapName = "turbo";
  @property({ type: Boolean }) asText = false;
  /** Badges may be on their way. */
  @property({ type: Boolean }) pending = false;
  @state() private trustOpen = false;
  /** The place that is pointed at, in this or another card. */
  @property({ attribute: false }) point: PicturePoint | null = null;
  @query("convlens-picture") private readonly canvas!: ConvlensPicture;

  private get cell(): { y: number; x: number } | null {
    const [rows, columns] = this.cam.rawShape;
    const { point } = this;
    return point && { y: Math.floor(point.v * rows), x: Math.floor(point.u * columns) };
  }

  protected override render(): TemplateResult {
    const { cam, map, cell } = this;
    const { score } = map;
    const [height, width] = cam.heatmapSize;
    const [, columns] = cam.rawShape;
    const again = (event: CustomEvent): boolean =>
      this.dispatchEvent(new CustomEvent(event.type, { detail: event.detail as unknown }));
    return html`<div class="head">
        <strong title=${t("{0}, index {1}", className(score), score.index)}
          >${className(score)}</strong
        >${
          score.probability === null
            ? nothing
            : html`<span class="muted">${percent(score.probability)}</span>`
        } <span class="spacer"></span
        ><convlens-keep
          what=${t("the heat map of {0}", className(score))}
          .of=${{
            name: fileName(this.app.summary.name, cam.method, className(score)),
            picture: () => pngOf(this.canvas.canvas),
            numbers: () => ({ shape: cam.rawShape, data: map.raw }),
            json: () => ({ ...cam, maps: [map] }),
          }}
        ></convlens-keep>
      </div>
      <div class="box">
        <convlens-picture
          smooth
          readable
          .picture=${this.picture}
          .map=${{ pixels: map.heatmap, width, height }}
          .lut=${colormap(this.colours)}
          .opacity=${map.noPositiveEvidence ? 0 : this.opacity}
          .label=${t("Heat map of {0}, largest value {1}", className(score), num(map.max))}
          @picture-hover=${again}
          @picture-painted=${again}
        ></convlens-picture>
        ${
          map.noPositiveEvidence
            ? html`<p class="none">${t("No positive evidence at this layer")}</p>`
            : nothing
        }
      </div>
      <div class="facts">
        <span>${phrase("logit {0}", html`<span class="mono">${num(score.logit)}</span>`)}</span>
        <span>${phrase("largest {0}", html`<span class="mono">${num(map.max)}</span>`)}</span>
        ${
          cell
            ? html`<span
                >y ${cell.y}, x ${cell.x}:
                <span class="mono">${num(map.raw[cell.y * columns + cell.x] ?? 0)}</span></span
              >`
            : nothing
        }
      </div>
      ${this.renderTrust()} ${this.asText ? this.renderNumbers() : nothing}`;
  }

  /** The badge in a line; what it means, and the check that takes longer, on request. */
  private renderTrust(): TemplateResult {
    const { cam, map, pending } = this;
    const { badge, score } = map;
    const said = badge
      ? t("deletion {0}, insertion {1}", num(badge.deletion, 3), num(badge.insertion, 3))
      : pending
        ? t("measuring …")
        : t("not measured");
    const { image, layers, method } = cam;
    const of = { kind: "cam", layers, method } as const;
    const check: SanityRequest = { image, map: of, classIndex: score.index, seed: 0 };
    return html`<details
      @toggle=${(event: Event) => {
        if (event.target instanceof HTMLDetailsElement) this.trustOpen = event.target.open;
      }}
    >
      <summary title=${heard(badge?.meaning ?? "")}>
        ${t("Trust:")} <span class="mono">${said}</span>
      </summary>
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

  private renderNumbers(): TemplateResult {
    const { map, cell } = this;
    const [rows, columns] = this.cam.rawShape;
    const counts = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
    return html`<div class="numbers" tabindex="0" role="group" aria-label=${t("Raw numbers")}>
      <table>
        <tr>
          <td></td>
          ${counts(columns).map((x) => html`<th scope="col">${x}</th>`)}
        </tr>
        ${counts(rows).map(
          (y) =>
            html`<tr>
              <th scope="row">${y}</th>
              ${counts(columns).map(
                (x) =>
                  html`<td class=${cell?.y === y && cell.x === x ? "here" : ""}>
                    ${num(map.raw[y * columns + x] ?? 0, 3)}
                  </td>`,
              )}
            </tr>`,
        )}
      </table>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-cam-card": ConvlensCamCard;
  }
}
