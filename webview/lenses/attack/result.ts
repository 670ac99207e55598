import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Attack } from "../../../src/shared/contract/experiments.ts";
import type { Picture } from "../../../src/shared/contract/lenses.ts";
import { send, type App } from "../../common/state/app.ts";
import { colormap } from "../../common/drawing/colormaps.ts";
import { legend, slider } from "../../common/styles/controls.ts";
import { percent } from "../../common/text/format.ts";
import { icon } from "../../common/styles/icons.ts";
import { canvasOf, pngOf } from "../../common/drawing/raster.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { t } from "../../common/text/l10n.ts";
import { base } from "../../common/styles/theme.ts";
import type { ConvlensPicture } from "../../components/picture/picture.ts";
import { classChanges, nameOf, outcome } from "./words.ts";
import "../../components/picture/picture.ts";

/** An attack, told: one sentence, then pictures, classes and heat maps before and after. */
@customElement("convlens-attack-result")
export class ConvlensAttackResult extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        gap: 14px;
        padding: 12px;
      }
      .says {
        display: flex;
        gap: 8px;
        padding: 9px 12px;
        color: var(--cl-strong);
        background: var(--cl-card);
        border: 1px solid var(--cl-outline);
        border-left: 3px solid var(--cl-blue);
        border-radius: 4px;
      }
      .won {
        border-left-color: var(--cl-red);
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 330px));
        gap: 14px;
      }
      figure {
        margin: 0;
        min-width: 0;
      }
      figcaption,
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        margin-bottom: 5px;
        font-size: 12px;
        color: var(--cl-muted);
      }
      .bars {
        display: grid;
        grid-template-columns: minmax(80px, 150px) minmax(0, 260px) 56px;
        gap: 3px 10px;
        align-items: center;
        font-size: 12px;
      }
      .bars > span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .track {
        display: grid;
        gap: 2px;
      }
      .track i {
        display: block;
        height: 7px;
        min-width: 1px;
        border-radius: 1px;
        background: color-mix(in srgb, var(--cl-blue) 55%, transparent);
      }
      .track i + i {
        background: var(--cl-orange);
      }
      .key {
        display: inline-block;
        width: 9px;
        height: 9px;
        background: color-mix(in srgb, var(--cl-blue) 55%, transparent);
      }
      .key.after {
        background: var(--cl-orange);
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) attack!: Attack;
  @state() private opacity = 0.55;
  @query("#after") private readonly ringed!: ConvlensPicture | null;
  private pictures: { of: Attack; before: Picture; after: Picture } | null = null;

  /** Canvases are cached with the picture objects, so those must stay the same. */
  private get pair(): { before: Picture; after: Picture } {
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
    const { attack, app, pair } = this;
    const { labels } = app.summary;
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
        ${icon(attack.success ? "warning" : "info")}<span>${outcome(attack, labels)}</span>
      </p>
      <section aria-label=${t("Pictures")}>
        <div class="pair">
          ${figure(pair.before, t("Before"), false)}
          ${figure(pair.after, attack.success ? t("After") : t("Best found"), true)}
        </div>
        <div class="row" style="margin-top:6px">
          <span class="mono">${ringed}</span>${this.renderSave(pair.after)}
        </div>
      </section>
      ${this.renderClasses()} ${this.renderCams(pair)} ${this.renderMap(pair.before)}`;
  }

  private renderSave(after: Picture): TemplateResult {
    const name = `${this.app.summary.name}.attack`;
    const { width, height } = after;
    return html`<convlens-keep
      what=${t("the attacked picture")}
      .of=${{
        name,
        picture: () => pngOf(canvasOf(after)),
        numbers: () => ({ shape: [height, width, 3], data: rgbOf(after) }),
        json: () => ({ ...this.attack, pictureBefore: undefined, pictureAfter: undefined }),
        more: [
          {
            label: t("Save the picture with its ring (PNG)…"),
            run: async () => {
              if (!this.ringed) return;
              const bytes = await pngOf(this.ringed.canvas);
              send(this, "convlens-save", { name: `${name}.ringed.png`, bytes });
            },
          },
          { label: t("Compare before and after"), run: () => this.compare(after) },
        ],
      }}
    ></convlens-keep>`;
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

  private renderClasses(): TemplateResult {
    const { before, after } = this.attack;
    const text = (value: number | null): string => (value === null ? "–" : percent(value));
    const bar = (value: number | null): TemplateResult =>
      html`<i style=${`width:${((value ?? 0) * 100).toFixed(2)}%`}></i>`;
    return html`<section aria-label=${t("Classes before and after")}>
      <div class="row">
        <h2>${t("Classes")}</h2>
        <span><i class="key"></i> ${t("before")}</span
        ><span><i class="key after"></i> ${t("after")}</span>
      </div>
      <div class="bars">
        ${classChanges(before, after).map(
          (change) =>
            html`<span title=${change.name}>${change.name}</span>
              <span
                class="track"
                role="img"
                aria-label=${t("{0} before, {1} after", text(change.before), text(change.after))}
                >${bar(change.before)}${bar(change.after)}</span
              >
              <span class="mono" title=${t("after")}>${text(change.after)}</span>`,
        )}
      </div>
    </section>`;
  }

  private renderCams(pair: { before: Picture; after: Picture }): TemplateResult | typeof nothing {
    const { attack } = this;
    const { camBefore, camAfter } = attack;
    if (!camBefore || !camAfter) return nothing;
    const [height, width] = attack.size;
    const name = nameOf(attack.before[0]?.index ?? attack.trueClass, this.app.summary.labels);
    const cam = (picture: Picture, pixels: Uint8Array, caption: string): TemplateResult =>
      html`<figure>
        <figcaption>${caption}</figcaption>
        <convlens-picture
          smooth
          .picture=${picture}
          readable
          .map=${{ pixels, width, height }}
          .lut=${colormap("turbo")}
          .opacity=${this.opacity}
          .label=${t("Grad-CAM of {0}: {1}", name, caption)}
        ></convlens-picture>
      </figure>`;
    return html`<section aria-label=${t("Grad-CAM before and after")}>
      <div class="row">
        <h2>${t("Grad-CAM of {0}", name)}</h2>
        <span>${t("both on one scale")}</span>
        ${slider(t("Opacity"), { min: 0, max: 1, step: 0.05 }, this.opacity, (opacity) => {
          this.opacity = opacity;
        })}
      </div>
      <div class="pair">
        ${cam(pair.before, camBefore, t("Before"))} ${cam(pair.after, camAfter, t("After"))}
      </div>
    </section>`;
  }

  private renderMap(before: Picture): TemplateResult | typeof nothing {
    const { map, size } = this.attack;
    if (!map) return nothing;
    const [height, width] = size;
    const lost = map.map((value) => 255 - value);
    const most = Math.max(1, ...lost);
    const pixels = lost.map((value) => Math.round((value / most) * 255));
    return html`<section aria-label=${t("Vulnerability map")}>
      <div class="row">
        <h2>
          ${this.attack.method === "screen" ? t("A preview, not a proof") : t("Vulnerability of every pixel")}
        </h2>
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
          .marks=${this.attack.pixels}
          label=${t("How far the best colour at each pixel brings the attack")}
        ></convlens-picture>
      </div>
      <p class="muted">
        ${t(
          this.attack.target === null
            ? "How far the best of the 8 corners of RGB at each pixel brings the attack: 100 % takes all of the class' probability. Exact over those corners; other colours are not tried."
            : "How far the best of the 8 corners of RGB at each pixel brings the attack: 100 % takes all of the class' probability to the target. Exact over those corners; other colours are not tried.",
        )}
        ${
          this.attack.method === "screen"
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
