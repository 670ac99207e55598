import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Both, ComparedPredictions } from "../../../src/shared/contract/compare.ts";
import type { ClassScore } from "../../../src/shared/contract/lenses.ts";
import { painted, send, type App } from "../../common/state/app.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { num, percent } from "../../common/text/format.ts";
import { icon } from "../../common/styles/icons.ts";
import { decimal, t } from "../../common/text/l10n.ts";
import { Resource } from "../../common/state/resource.ts";
import { fileName } from "../../common/text/file-name.ts";
import { className } from "../../common/text/search.ts";
import { base } from "../../common/styles/theme.ts";
import type { Against } from "./compare.ts";
import { sideStyles, viewStyles } from "./compare.styles.ts";
import "../../components/status/status.ts";

const TOP = 20;

/** What both say of the picture: the same classes on one scale. */
@customElement("convlens-compare-classes")
export class ConvlensCompareClasses extends LitElement {
  static override styles = [
    base,
    controls,
    sideStyles,
    viewStyles,
    css`
      table {
        width: min(760px, 100%);
        margin: 6px 12px;
        border-collapse: collapse;
        font-size: 12px;
      }
      td,
      th {
        padding: 4px 10px 4px 0;
        text-align: left;
        vertical-align: middle;
      }
      th {
        font-weight: 600;
        color: var(--cl-muted);
      }
      td.bars {
        width: 46%;
      }
      .track {
        display: block;
        height: 7px;
        margin: 2px 0;
        background: color-mix(in srgb, var(--cl-fg) 9%, transparent);
        border-radius: 3px;
        overflow: hidden;
        outline: 1px solid var(--cl-outline);
      }
      .track i {
        display: block;
        height: 100%;
        background: #388bfd;
      }
      .track i.b {
        background: #db7a2b;
      }
      .number {
        text-align: right;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) against!: Against;
  private readonly found = new Resource<ComparedPredictions>(this, (found) =>
    send(this, "convlens-provenance", found),
  );

  protected override willUpdate(): void {
    const { app, against } = this;
    const { image, otherImage } = against;
    const wanted = image === null || otherImage === null ? null : { image, otherImage, top: TOP };
    this.found.load(
      wanted && { ...wanted, of: against.key },
      app.epoch,
      ({ of: _, ...asked }, options) => app.remote.comparePredictions(asked, options),
    );
  }
  protected override updated(): void {
    if (this.found.value) painted(this, "compare");
  }

  protected override render(): TemplateResult {
    const { value } = this.found;
    return html`<convlens-status .of=${this.found} doing=${t("Running both")}></convlens-status>
      ${value ? this.renderClasses(value) : nothing}`;
  }

  private renderClasses(value: ComparedPredictions): TemplateResult {
    const { classes, distance, agree } = value;
    const likely = classes.flat().every((score) => score === null || score.probability !== null);
    const most = Math.max(...classes.flat().map((score) => score?.logit ?? 0));
    const width = (score: ClassScore | null): string => {
      const share = likely
        ? (score?.probability ?? 0)
        : Math.max(0, (score?.logit ?? 0) / (most || 1));
      return `width:${(100 * share).toFixed(2)}%`;
    };
    return html`<div class="toolbar" role="toolbar" aria-label=${t("Classes of both")}>
        <span
          >${agree ? t("Both have the same class on top.") : t("They disagree about the class on top.")}
          ${
            distance === null
              ? nothing
              : html`<span
                  class="muted"
                  title=${t("Half the sum of the differences of all classes (total variation)")}
                  >${t("{0} of the probability lies elsewhere.", percent(distance))}</span
                >`
          }</span
        >
        <span class="end"
          ><convlens-keep
            what=${t("what both say")}
            .of=${{ name: fileName(this.app.summary.name, "compared.classes"), json: () => value }}
          ></convlens-keep
        ></span>
      </div>
      <div class="body" tabindex="0" role="group" aria-label=${t("Classes of both")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t("Class")}</th>
              <th scope="col">${likely ? t("Probability") : t("Logit")}</th>
              <th scope="col" class="number"><span class="side">A</span></th>
              <th scope="col" class="number"><span class="side b">B</span></th>
              <th scope="col" class="number">B − A</th>
            </tr>
          </thead>
          <tbody>
            ${classes.map(
              (pair) =>
                html`<tr>
                  <td>${nameOf(pair)}</td>
                  <td class="bars" aria-hidden="true">
                    <span class="track"><i style=${width(pair[0])}></i></span>
                    <span class="track"><i class="b" style=${width(pair[1])}></i></span>
                  </td>
                  <td class="number mono">${text(pair[0], likely)}</td>
                  <td class="number mono">${text(pair[1], likely)}</td>
                  <td class="number mono">${change(pair, likely)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
        ${
          classes.some((pair) => pair.includes(null))
            ? html`<p class="note">
                ${icon("info")}<span
                  >${t("Their classes are not the same ones: they are matched by label, and those that only one has stand alone.")}</span
                >
              </p>`
            : nothing
        }
      </div>`;
  }
}

export const nameOf = ([a, b]: Both<ClassScore | null>): string => {
  const score = a ?? b;
  return score ? className(score) : "";
};

const text = (score: ClassScore | null, likely: boolean): string => {
  if (!score) return "–";
  return likely ? percent(score.probability ?? 0) : num(score.logit);
};

function change([a, b]: Both<ClassScore | null>, likely: boolean): string {
  if (!a || !b) return "";
  const by = likely ? (b.probability ?? 0) - (a.probability ?? 0) : b.logit - a.logit;
  const sign = by > 0 ? "+" : by < 0 ? "−" : "";
  return likely
    ? `${sign}${decimal((100 * Math.abs(by)).toFixed(1))}`
    : `${sign}${num(Math.abs(by))}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-compare-classes": ConvlensCompareClasses;
  }
}
