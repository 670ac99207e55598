import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import { ATTRIBUTIONS, type AttributionName } from "../../../src/shared/catalogue.ts";
import type { Attribute, BaselineName } from "../../../src/shared/contract/experiments.ts";
import type { Cell } from "../../../src/shared/contract/intent.ts";
import type { Picture } from "../../../src/shared/contract/lenses.ts";
import type { AttributeAbout } from "../../../src/shared/method.ts";
import { attributeQuestion } from "../../../src/shared/intent-questions.ts";
import { classTarget } from "../../../src/shared/question.ts";
import type { SanityRequest } from "../../../src/shared/contract/trust.ts";
import {
  button,
  colormapChoice,
  dropdown,
  groupedDropdown,
  labelled,
  legend,
  numberField,
  opacitySlider,
  seedField,
} from "../../common/controls/index.ts";
import { colormap, type ColormapName, pngOrNull } from "../../common/drawing/index.ts";
import { Own, Resource } from "../../common/state/index.ts";
import { icon } from "../../common/styles/index.ts";
import {
  className,
  fileName,
  heard,
  labelOf,
  methodChoices,
  num,
  sentenceOf,
  t,
  titleOf,
} from "../../common/text/index.ts";
import { placeOn } from "../../components/answer/place.ts";
import { whyNot } from "../../components/empty/empty.ts";
import { keep } from "../../components/export/keepable.ts";
import type { ConvlensPicture, PicturePoint } from "../../components/picture/picture.ts";
import { status } from "../../components/status/status.ts";
import { cellAt } from "../cell.ts";
import { scroller, split, toolbar } from "../frame.ts";
import { askFirst, classesIn, pinChoice, targetChoices } from "../target.ts";
import { LensElement } from "../lens.ts";
import { loadOver, overChoice, pictureOver } from "../over.ts";
import { styles } from "./attribute.styles.ts";
import "../../components/answer/answer.ts";
import "../../components/classes/classes.ts";
import "../../components/picture/picture.ts";
import "../../components/trust/trust.ts";

/** What stands for nothing there. */
const BASELINES: readonly (readonly [BaselineName, string])[] = [
  ["black", t("black")],
  ["mean", t("mean colour")],
  ["blurred", t("blurred")],
];

/** Which pixels speak for a class, by the method of choice, and how far the map can be trusted. */
@customElement("convlens-attribute")
export class ConvlensAttribute extends LensElement {
  static override styles = [LensElement.styles, styles];

  private readonly steps = new Own<number | null>(this, null);
  private readonly seed = new Own(this, 0);
  private readonly opacity = new Own(this, 0.75);
  private readonly colours = new Own<ColormapName>(this, "inferno");
  @query("convlens-picture") private readonly picture!: ConvlensPicture | null;
  /** The pixel that is pointed at, in either picture. */
  @state() private point: PicturePoint | null = null;
  private shownMethod: AttributionName | null = null;

  private readonly result = this.fetched<Attribute>("heat");
  private readonly over = new Resource<Picture>(this);

  protected override willUpdate(): void {
    const { remote, epoch, intent } = this.app;
    const { image, attribution: method } = intent;
    if (method !== this.shownMethod) this.steps.set(null);
    this.shownMethod = method;
    const runs = this.canRun && image !== null && !askFirst(this.app);
    const question = runs ? attributeQuestion(intent, image, this.repeatable) : null;
    this.result.load(question && { question, trust: true }, epoch, remote.attribute);
    loadOver(this.over, this.app, this.result.value?.input);
  }

  private get repeatable(): { steps: number | null; seed: number } {
    return { steps: this.steps.value || null, seed: this.seed.value };
  }

  protected override render(): TemplateResult {
    const blocked = whyNot(this.app, "attribute", null);
    if (blocked) return blocked;
    const { value, stale, busy } = this.result;
    const going = status(this.result, t("Computing the attribution"));
    return html`${this.renderToolbar()}
    ${split(
      html`${askFirst(this.app) ?? (stale ? going : nothing)}
      ${scroller(t("Attribution map"), stale && busy, value && this.renderResult(value))}
      ${stale ? nothing : going} ${value ? this.pointerLine(value) : nothing}`,
      t("Class"),
      this.renderClasses(value),
    )}`;
  }

  private renderToolbar(): TemplateResult {
    const { attribution: method } = this.app.intent;
    const { steps, seed, baseline }: AttributeAbout["options"] = ATTRIBUTIONS[method].options;
    const { value } = this.result;
    const groups = methodChoices(ATTRIBUTIONS);
    return toolbar(
      t("Attribution"),
      html`${labelled(t("Method"), groupedDropdown(t("Method"), groups, this.choice("attribution")))}
      ${overChoice(this.app, this.choice("on"))}
      ${steps ? numberField(labelOf(steps), this.steps, t("auto")) : nothing}
      ${seed ? seedField(this.seed) : nothing}
      ${
        baseline
          ? labelled(
              t("Baseline"),
              dropdown(t("Baseline"), BASELINES, this.choice("baseline")),
              t("What stands for nothing there"),
            )
          : nothing
      }
      ${targetChoices(this.app, (key) => this.choice(key))}
      ${pinChoice(this.app, this.choice("pinned"))} ${opacitySlider(this.opacity)}
      ${value?.signed ? nothing : colormapChoice(this.colours)}`,
      keep(
        t("the attribution map"),
        value && {
          name: fileName(this.app.summary.name, method),
          picture: () => pngOrNull(this.picture?.canvas ?? null),
          numbers: () => ({ shape: value.size, data: value.values }),
          json: () => value,
        },
      ),
    );
  }

  private renderResult(value: Attribute): TemplateResult {
    const about = ATTRIBUTIONS[value.method];
    const title = titleOf(about);
    const name = className(value.score);
    return html`<p class="says">
        <strong>${t("{0} for {1}", title, name)}</strong>
        <span class="muted">${t("logit {0}", num(value.score.logit))}. ${sentenceOf(about)}</span>
      </p>
      ${
        value.warning
          ? html`<p class="warning" role="note">
              ${icon("warning")}<span>${heard(value.warning)}</span>
            </p>`
          : nothing
      }
      ${this.renderPictures(value, t("{0} of {1}", title, name))}
      <convlens-trust
        .app=${this.app}
        .completeness=${value.completeness}
        .badge=${value.badge}
        ?pending=${this.result.busy}
        .check=${this.checkOf(value)}
      ></convlens-trust>`;
  }

  private renderPictures(value: Attribute, label: string): TemplateResult {
    const [height, width] = value.size;
    const map = { pixels: value.heat, width, height };
    const colours = value.signed ? "diverging" : this.colours.value;
    const low = value.signed ? `−${num(value.scale, 3)}` : "0";
    const picture = pictureOver(this.over, this.app, value.input);
    return html`<div class=${height === 1 ? "pictures wide" : "pictures"}>
        <figure>
          <figcaption>${t("Over the picture")}</figcaption>
          <convlens-picture
            .picture=${picture}
            .map=${map}
            ?signed=${value.signed}
            .lut=${colormap(colours)}
            .opacity=${this.opacity.value}
            .place=${placeOn(this.app, value.where)}
            .label=${t("{0}, over the picture", label)}
            gray
            @picture-painted=${this.drawn}
            @picture-hover=${this.hover}
          ></convlens-picture>
        </figure>
        <figure>
          <figcaption>${t("Alone")}</figcaption>
          <convlens-picture
            readable
            .slices=${picture?.slices}
            ?signed=${value.signed}
            .map=${map}
            .lut=${colormap(colours)}
            .label=${label}
            @picture-hover=${this.hover}
          ></convlens-picture>
        </figure>
      </div>
      <div class="legend-row">
        ${legend(colours, low, num(value.scale, 3))}
        <span class="muted small">
          ${value.signed ? signs(value.method) : nothing}
          ${t("The strongest 1 % share the last colour.")}
        </span>
      </div>`;
  }

  private readonly hover = (event: CustomEvent<PicturePoint | null>): void => {
    this.point = event.detail;
  };

  /** The number of the pixel that is pointed at; always there, so that nothing moves. */
  private pointerLine({ size, values }: Attribute): TemplateResult {
    const cell = this.point && cellAt(this.point, size);
    return html`<div class=${cell ? "pointer" : "pointer muted"}>
      ${
        cell
          ? html`<span class="mono">${this.placeOf(cell, size)}</span
              ><strong class="mono">${num(at(values, cell.y * size[1] + cell.x))}</strong>`
          : t("Point at a pixel to read its value.")
      }
    </div>`;
  }

  /** Of a volume with its slice. */
  private placeOf({ y, x }: Cell, [rows]: readonly [number, number]): string {
    const slices = this.app.picture?.slices;
    if (slices === undefined) return rows === 1 ? `x ${x}` : `y ${y}, x ${x}`;
    const each = rows / slices;
    return `z ${Math.floor(y / each)}, y ${y % each}, x ${x}`;
  }

  private checkOf({ question, score }: Attribute): SanityRequest {
    return { question: { ...question, targets: [classTarget(score.index)] }, seed: 0 };
  }

  private renderClasses(value: Attribute | null): TemplateResult {
    const { prediction, intent } = this.app;
    const { count, labels } = classesIn(this.app);
    const shown = value ? [value.score.index] : intent.classes.slice(0, 1);
    const back = (): void => this.go({ classes: [] });
    return html`<h2>${t("What the network says")}</h2>
      <convlens-answer
        .app=${this.app}
        .target=${value?.where ?? intent.target}
        .shown=${shown}
      ></convlens-answer>
      <p class="muted small">${t("Choose the class that the map is for.")}</p>
      <convlens-classes
        single
        .scores=${prediction?.classes ?? []}
        .shown=${shown}
        .count=${count}
        .labels=${labels}
        .logNormalizer=${prediction?.logNormalizer ?? null}
      ></convlens-classes>
      ${
        intent.classes.length > 0
          ? html`<p class="small">
              ${button(t("Back to the class on top"), back, { kind: "link" })}
            </p>`
          : nothing
      }`;
  }
}

const signs = (method: AttributionName): string =>
  ATTRIBUTIONS[method].tells === "direction"
    ? t("Where a pixel is red the logit grows with it, where blue it falls.")
    : t("Red speaks for the class, blue against it.");

declare global {
  interface HTMLElementTagNameMap {
    "convlens-attribute": ConvlensAttribute;
  }
}
