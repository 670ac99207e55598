import { ATTRIBUTIONS, type AttributionName } from "../../../src/shared/catalogue.ts";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Attribute, BaselineName } from "../../../src/shared/contract/experiments.ts";
import type { SanityRequest } from "../../../src/shared/contract/trust.ts";
import { painted, send, type App } from "../../common/state/app.ts";
import { colormap, type ColormapName } from "../../common/drawing/colormaps.ts";
import {
  colormapChoice,
  dropdown,
  groupedDropdown,
  legend,
  numberField,
  slider,
} from "../../common/styles/controls.ts";
import { num } from "../../common/text/format.ts";
import { icon } from "../../common/styles/icons.ts";
import { pngOrNull } from "../../common/drawing/raster.ts";
import { Resource } from "../../common/state/resource.ts";
import { fileName } from "../../common/text/file-name.ts";
import { labelOf, methodChoices, sentenceOf, titleOf } from "../../common/text/methods.ts";
import { className } from "../../common/text/search.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { heard, t } from "../../common/text/l10n.ts";
import { lensLayout } from "../../common/styles/lens-layout.ts";
import { base } from "../../common/styles/theme.ts";
import type { ConvlensPicture } from "../../components/picture/picture.ts";
import { whyNot } from "../../components/empty/empty.ts";
import { styles } from "./attribute.styles.ts";
import "../../components/classes/classes.ts";
import "../../components/picture/picture.ts";
import "../../components/status/status.ts";
import "../../components/trust/trust.ts";

/** What stands for nothing there. */
const BASELINES: readonly (readonly [BaselineName, string])[] = [
  ["black", t("black")],
  ["mean", t("mean colour")],
  ["blurred", t("blurred")],
];

/** Which pixels speak for a class, by the method of choice, and how far the map can be trusted. */
@customElement("convlens-attribute")
export class ConvlensAttribute extends LitElement {
  static override styles = [base, controls, lensLayout, styles];

  @property({ attribute: false }) app!: App;
  @state() private steps: number | null = null;
  @state() private seed = 0;
  @state() private opacity = 0.75;
  @state() private colours: ColormapName = "inferno";
  @query("convlens-picture") private readonly picture!: ConvlensPicture | null;
  private shownMethod: AttributionName | null = null;

  private readonly result = new Resource<Attribute>(
    this,
    (result) => send(this, "convlens-provenance", result),
    ({ partial }) => {
      if (isAttribute(partial)) this.result.show(partial);
    },
  );

  protected override willUpdate(): void {
    const { remote, epoch, intent, trusted, summary } = this.app;
    const { image, attribution: method, baseline, classes } = intent;
    if (method !== this.shownMethod) this.steps = null;
    this.shownMethod = method;
    const runs = trusted && summary.notRunnable === null && image !== null;
    const { seed } = this;
    const steps = this.steps === 0 ? null : this.steps;
    const of = { method, classIndex: classes[0] ?? null, steps, seed, baseline, trust: true };
    this.result.load(runs ? { image, ...of } : null, epoch, remote.attribute);
  }

  protected override render(): TemplateResult {
    const blocked = whyNot(this.app, "attribute", null);
    if (blocked) return blocked;
    const { value, stale } = this.result;
    return html`${this.renderToolbar()}
      <div class="split">
        <div class="main">
          ${stale ? this.renderStatus() : nothing}
          <div
            class=${stale && this.result.busy ? "scroll stale" : "scroll"}
            tabindex="0"
            role="group"
            aria-label=${t("Attribution map")}
          >
            ${value ? this.renderResult(value) : nothing}
          </div>
          ${stale ? nothing : this.renderStatus()}
        </div>
        <aside aria-label=${t("Class")}>${this.renderClasses(value)}</aside>
      </div>`;
  }

  private renderStatus(): TemplateResult {
    return html`<convlens-status
      .of=${this.result}
      doing=${t("Computing the attribution")}
    ></convlens-status>`;
  }

  private renderToolbar(): TemplateResult {
    const { attribution: method } = this.app.intent;
    const { steps, seed: seeded } = ATTRIBUTIONS[method].options;
    const { value } = this.result;
    return html`<div class="toolbar" role="toolbar" aria-label=${t("Attribution")}>
      <label
        >${t("Method")}
        ${groupedDropdown(t("Method"), methodChoices(ATTRIBUTIONS), method, (attribution) =>
          send(this, "convlens-intent", { attribution }),
        )}</label
      >
      ${
        steps
          ? numberField(labelOf(steps), this.steps, "auto", (typed) => {
              this.steps = typed;
            })
          : nothing
      }
      ${
        seeded
          ? numberField(t("Seed"), this.seed, "0", (typed) => {
              this.seed = typed ?? 0;
            })
          : nothing
      }
      <label title=${t("What stands for nothing there")}
        >${t("Baseline")}
        ${dropdown(t("Baseline"), BASELINES, this.app.intent.baseline, (baseline) => send(this, "convlens-intent", { baseline }))}</label
      >
      ${slider(t("Opacity"), { min: 0, max: 1, step: 0.05 }, this.opacity, (opacity) => {
        this.opacity = opacity;
      })}
      ${
        value?.signed
          ? nothing
          : colormapChoice(this.colours, (colours) => {
              this.colours = colours;
            })
      }
      <span class="end">
        <convlens-keep
          what=${t("the attribution map")}
          .of=${
            value && {
              name: fileName(this.app.summary.name, method),
              picture: () => pngOrNull(this.picture?.canvas ?? null),
              numbers: () => ({ shape: value.size, data: value.values }),
              json: () => value,
            }
          }
        ></convlens-keep>
      </span>
    </div>`;
  }

  private renderResult(value: Attribute): TemplateResult {
    const [height, width] = value.size;
    const map = { pixels: value.heat, width, height };
    const colours = value.signed ? "diverging" : this.colours;
    const about = ATTRIBUTIONS[value.method];
    const title = titleOf(about);
    const label = t("{0} of {1}", title, className(value.score));
    const low = value.signed ? `−${num(value.scale, 3)}` : "0";
    return html`<p class="says">
        <strong>${t("{0} for {1}", title, className(value.score))}</strong>
        <span class="muted">${t("logit {0}", num(value.score.logit))}. ${sentenceOf(about)}</span>
      </p>
      ${
        value.warning
          ? html`<p class="warning" role="note">
              ${icon("warning")}<span>${heard(value.warning)}</span>
            </p>`
          : nothing
      }
      <div class="pictures">
        <figure>
          <figcaption>${t("Over the picture")}</figcaption>
          <convlens-picture
            .picture=${this.app.picture}
            .map=${map}
            .lut=${colormap(colours)}
            .opacity=${this.opacity}
            .label=${t("{0}, over the picture", label)}
            @picture-painted=${() => painted(this, "attribute")}
          ></convlens-picture>
        </figure>
        <figure>
          <figcaption>${t("Alone")}</figcaption>
          <convlens-picture
            readable
            ?signed=${value.signed}
            .map=${map}
            .lut=${colormap(colours)}
            .label=${label}
          ></convlens-picture>
        </figure>
      </div>
      <div class="legend-row">
        ${legend(colours, low, num(value.scale, 3))}
        <span class="muted small">
          ${value.signed ? signs(value.method) : nothing}
          ${t("The strongest 1 % share the last colour.")}
        </span>
      </div>
      <convlens-trust
        .app=${this.app}
        .completeness=${value.completeness}
        .badge=${value.badge}
        ?pending=${this.result.busy}
        .check=${this.checkOf(value)}
      ></convlens-trust>`;
  }

  private checkOf({ image, method, baseline, score }: Attribute): SanityRequest {
    const { seed } = this;
    const steps = this.steps === 0 ? null : this.steps;
    const map = { kind: "attribute", method, baseline, steps, seed } as const;
    return { image, map, classIndex: score.index, seed: 0 };
  }

  private renderClasses(value: Attribute | null): TemplateResult {
    const { prediction, summary, intent } = this.app;
    return html`<h2>${t("What the network says")}</h2>
      <p class="muted small">${t("Choose the class that the map is for.")}</p>
      <convlens-classes
        single
        .scores=${prediction?.classes ?? []}
        .shown=${value ? [value.score.index] : intent.classes.slice(0, 1)}
        .count=${summary.classes ?? 0}
        .labels=${summary.labels}
      ></convlens-classes>
      ${
        intent.classes.length > 0
          ? html`<button
              class="link small"
              @click=${() => send(this, "convlens-intent", { classes: [] })}
            >
              ${t("Back to the class on top")}
            </button>`
          : nothing
      }`;
  }
}

const signs = (method: AttributionName): string =>
  ATTRIBUTIONS[method].tells === "direction"
    ? t("Where a pixel is red the logit grows with it, where blue it falls.")
    : t("Red speaks for the class, blue against it.");

const isAttribute = (partial: unknown): partial is Attribute =>
  typeof partial === "object" && partial !== null && "heat" in partial;

declare global {
  interface HTMLElementTagNameMap {
    "convlens-attribute": ConvlensAttribute;
  }
}
