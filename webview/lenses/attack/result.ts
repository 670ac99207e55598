import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { Attack } from "../../../src/shared/contract/experiments.ts";
import type { Picture } from "../../../src/shared/contract/lenses.ts";
import { button, legend, opacitySlider } from "../../common/controls/index.ts";
import { canvasOf, colormap, pngOf } from "../../common/drawing/index.ts";
import { type App, Own, send } from "../../common/state/index.ts";
import { base, controls, icon } from "../../common/styles/index.ts";
import { percent, t } from "../../common/text/index.ts";
import { keep } from "../../components/export/keepable.ts";
import type { ConvlensPicture } from "../../components/picture/picture.ts";
import { classPairs, sideMark, sideStyles } from "../../components/sides/sides.ts";
import { styles } from "./result.styles.ts";
import { classesIn } from "../target.ts";
import { classesOfBoth, nameOf, outcome, type Labels, type NextTry } from "./words.ts";
import "../../components/picture/picture.ts";

interface Pair {
  readonly before: Picture;
  readonly after: Picture;
}

/** An attack, told: one sentence, then pictures, classes and heat maps before and after. */
@customElement("convlens-attack-result")
export class ConvlensAttackResult extends LitElement {
  static override styles = [base, controls, sideStyles, styles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) attack!: Attack;
  /** Offered where it failed. */
  @property({ attribute: false }) next: readonly NextTry[] = [];
  private readonly opacity = new Own(this, 0.55);
  @query("#after") private readonly ringed!: ConvlensPicture | null;
  private pictures: (Pair & { of: Attack }) | null = null;

  /** Canvases are cached with the picture objects, so those must stay the same. */
  private get pair(): Pair {
    const { attack } = this;
    if (this.pictures?.of !== attack) {
      const [height, width] = attack.size;
      const picture = (rgba: Uint8Array): Picture => ({ width, height, rgba });
      this.pictures = {
        of: attack,
        before: picture(attack.pictureBefore),
        after: picture(attack.pictureAfter),
      };
    }
    return this.pictures;
  }

  protected override render(): TemplateResult {
    const { attack, pair } = this;
    const ringed = attack.pixels
      .map(({ x, y, rgb }) => t("x {0}, y {1}: RGB {2}", x, y, rgb.join(", ")))
      .join("; ");
    const figure = (picture: Picture, caption: string, ring: boolean): TemplateResult =>
      html`<figure>
        <figcaption>${caption}</figcaption>
        <convlens-picture
          crisp
          id=${ring ? "after" : "before"}
          .picture=${picture}
          .marks=${ring ? attack.pixels : []}
          .label=${ring ? t("{0}, changed at {1}", caption, ringed) : caption}
        ></convlens-picture>
      </figure>`;
    return html`<p class=${attack.success ? "says won" : "says"} role="status">
        ${icon(attack.success ? "warning" : "info")}<span>${outcome(attack, this.labels)}</span>
      </p>
      ${
        this.next.length > 0
          ? html`<div class="row" role="group" aria-label=${t("What to try next")}>
              <span class="muted">${t("What to try next")}</span>
              ${this.next.map(({ text, run }) => button(text, run))}
            </div>`
          : nothing
      }
      <section aria-label=${t("Pictures")}>
        <div class="pair">
          ${figure(pair.before, t("Before"), false)}
          ${figure(pair.after, attack.success ? t("After") : t("Best found"), true)}
        </div>
        <div class="row" style="margin-top:6px">
          <span class="mono">${ringed}</span>${this.renderKeep(pair.after)}
        </div>
      </section>
      ${this.renderClasses()} ${this.renderCams(pair)} ${this.renderMap(pair.before)}`;
  }

  private renderKeep(after: Picture): TemplateResult {
    const name = `${this.app.summary.name}.attack`;
    const { width, height } = after;
    const saveRinged = async (): Promise<void> => {
      if (!this.ringed) return;
      const bytes = await pngOf(this.ringed.canvas);
      send(this, "convlens-save", { name: `${name}.ringed.png`, bytes });
    };
    return keep(t("the attacked picture"), {
      name,
      picture: () => pngOf(canvasOf(after)),
      numbers: () => ({ shape: [height, width, 3], data: rgbOf(after) }),
      json: () => ({
        ...{ ...this.attack, pictureBefore: undefined, pictureAfter: undefined },
        changedMaps: this.attack.changedMaps.map(({ layer, channel, change }) => ({
          ...{ layer, channel, change },
        })),
      }),
      more: [
        { label: t("Save the picture with its ring (PNG)…"), run: saveRinged },
        { label: t("Compare before and after"), run: () => this.compare(after) },
      ],
    });
  }

  /** The attacked picture becomes B of a comparison with the one it was made of. */
  private async compare(after: Picture): Promise<void> {
    const { remote, intent, summary } = this.app;
    const bytes = await pngOf(canvasOf(after));
    const otherImage = await remote.keepImage({ name: `${summary.name}.attacked.png`, bytes });
    const images = [...new Set([...intent.images, otherImage])];
    const patch = { lens: "compare", compare: "cam", other: null } as const;
    send(this, "convlens-intent", { ...patch, images, image: this.attack.image, otherImage });
  }

  private get labels(): Labels {
    return classesIn(this.app).labels;
  }

  private renderClasses(): TemplateResult | typeof nothing {
    const { before, after, value } = this.attack;
    if (value) return nothing;
    return html`<section aria-label=${t("Classes before and after")}>
      <div class="row"><h2>${t("Classes")}</h2></div>
      ${classPairs(classesOfBoth(before, after), [
        sideMark(0, t("before")),
        sideMark(1, t("after")),
        sideMark(2, t("change")),
      ])}
    </section>`;
  }

  private renderCams(pair: Pair): TemplateResult | typeof nothing {
    const { attack } = this;
    const { camBefore, camAfter } = attack;
    if (!camBefore || !camAfter) return nothing;
    const [height, width] = attack.size;
    const shown = attack.before[0]?.index ?? attack.trueClass;
    const name = attack.value?.name ?? nameOf(shown, this.labels);
    const cam = (picture: Picture, pixels: Uint8Array, caption: string): TemplateResult =>
      html`<figure>
        <figcaption>${caption}</figcaption>
        <convlens-picture
          smooth
          gray
          .picture=${picture}
          readable
          .map=${{ pixels, width, height }}
          .lut=${colormap("turbo")}
          .opacity=${this.opacity.value}
          .label=${t("Grad-CAM of {0}: {1}", name, caption)}
        ></convlens-picture>
      </figure>`;
    return html`<section aria-label=${t("Grad-CAM before and after")}>
      <div class="row">
        <h2>${t("Grad-CAM of {0}", name)}</h2>
        <span>${t("both on one scale")}</span>
        ${opacitySlider(this.opacity)}
      </div>
      <div class="pair">
        ${cam(pair.before, camBefore, t("Before"))} ${cam(pair.after, camAfter, t("After"))}
      </div>
    </section>`;
  }

  private renderMap(before: Picture): TemplateResult | typeof nothing {
    const { map, size, method, target, value, pixels: marks } = this.attack;
    if (!map) return nothing;
    const [height, width] = size;
    const lost = map.map((value) => 255 - value);
    const most = Math.max(1, ...lost);
    const pixels = lost.map((value) => Math.round((value / most) * 255));
    const preview = method === "screen";
    return html`<section aria-label=${t("Vulnerability map")}>
      <div class="row">
        <h2>${preview ? t("A preview, not a proof") : t("Vulnerability of every pixel")}</h2>
        ${legend("inferno", "0", percent(most / 255))}
      </div>
      <div class="pair">
        <convlens-picture
          crisp
          .picture=${before}
          readable
          .map=${{ pixels, width, height }}
          .lut=${colormap("inferno")}
          .opacity=${0.85}
          .marks=${marks}
          label=${t("How far the best colour at each pixel brings the attack")}
        ></convlens-picture>
      </div>
      <p class="muted">
        ${t(
          value
            ? "How far the best of the 8 corners of RGB at each pixel moves the value: 100 % is the farthest of all. Exact over those corners; other colours are not tried."
            : target === null
              ? "How far the best of the 8 corners of RGB at each pixel brings the attack: 100 % takes all of the class' probability. Exact over those corners; other colours are not tried."
              : "How far the best of the 8 corners of RGB at each pixel brings the attack: 100 % takes all of the class' probability to the target. Exact over those corners; other colours are not tried.",
        )}
        ${
          preview
            ? t(
                "Only the pixels that the gradient ranks first were tried; the others are shown as untouched.",
              )
            : nothing
        }
      </p>
    </section>`;
  }
}

/** 0..255 [height, width, 3] */
const rgbOf = ({ rgba }: Picture): Float32Array =>
  Float32Array.from(rgba.filter((_, i) => i % 4 !== 3));

declare global {
  interface HTMLElementTagNameMap {
    "convlens-attack-result": ConvlensAttackResult;
  }
}
