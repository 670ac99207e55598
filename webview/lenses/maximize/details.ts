import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { type App, send } from "../../common/state/index.ts";
import { curve, jsonOf, pngOrNull, showTile, type TilePlace } from "../../common/drawing/index.ts";
import { baseName, fileName, heard, num, plural, reachedText, t } from "../../common/text/index.ts";
import { button } from "../../common/controls/index.ts";
import { base, controls, details } from "../../common/styles/index.ts";
import { keep, type Numbers } from "../../components/export/keepable.ts";
import type { CallOptions } from "../../../src/rpc/index.ts";
import { whereText } from "../../../src/shared/where.ts";
import { classesIn } from "../target.ts";
import { titleOf } from "./item-text.ts";
import { recipeFile } from "./recipe.ts";
import type { Item, MaximizeRun } from "./run.ts";

/** One maximised picture: large, with what it reached, how it got there, and the files to keep. */
@customElement("convlens-maximize-details")
export class ConvlensMaximizeDetails extends LitElement {
  static override styles = [
    base,
    controls,
    details,
    css`
      :host {
        display: grid;
        gap: 8px;
      }
      .title {
        margin: 0;
      }
      canvas {
        width: 100%;
        max-width: 340px;
        border-radius: 3px;
        image-rendering: pixelated;
        outline: 1px solid var(--cl-line);
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) run!: MaximizeRun;
  @property({ type: Number }) index = 0;
  /** Changes when the picture does. */
  @property({ type: Number }) revision = 0;
  @query("canvas") private readonly canvas!: HTMLCanvasElement | null;

  private get item(): Item | undefined {
    return this.run.items[this.index];
  }

  protected override updated(): void {
    const place = this.item?.place;
    const { canvas } = this;
    if (place && canvas) showTile(canvas, place);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { item, app, run } = this;
    if (!item) return nothing;
    const title = titleOf(item, classesIn(app).labels);
    const { target, history, probability, best, number } = item;
    const value = item.reached ?? history.at(-1);
    const isClass = "classIndex" in target;
    const of = number
      ? heard(number.meaning)
      : isClass
        ? [whereOfRun(run), t("class {0}", target.classIndex)].filter(Boolean).join(", ")
        : "layer" in target
          ? target.layer
          : t("objective");
    const reached =
      isClass && !number
        ? t("Logit reached:")
        : "cell" in target || !("layer" in target)
          ? t("Value reached:")
          : t("Mean activation reached:");
    return html`<div class="title">
        ${title} <span class="muted mono">${of}</span>
        ${run.copies > 1 ? html`<span class="muted">${t("copy {0}", item.copy + 1)}</span>` : nothing}
      </div>
      ${
        probability === null
          ? nothing
          : html`<div>
              <div class="big">${reachedText(probability)}</div>
              <span class="muted">${t("probability of this class on the 8-bit picture")}</span>
            </div>`
      }
      ${item.place ? html`<canvas role="img" aria-label=${t("Maximised input: {0}", title)}></canvas>` : html`<p class="muted">${t("Waits for its turn.")}</p>`}
      ${
        value === undefined
          ? nothing
          : html`<div>
              ${reached} <span class="mono">${num(value)}</span>
              ${item.reached === null ? nothing : html`<span class="muted">${t("on the 8-bit picture")}</span>`}
            </div>`
      }
      ${
        best
          ? html`<div class="muted" title=${best.image}>
              ${plural(best.images, "On the picture at hand:", "Largest over the {0} pictures at hand:")}
              <span class="mono">${num(best.value)}</span>
              (${baseName(best.image)})
            </div>`
          : nothing
      }
      ${
        item.state === "done" && !isClass && value !== undefined && value <= 0
          ? html`<p class="muted">
              ${t("It never fired on the way, so there was no gradient to follow.")}
              ${run.question.recipe === "plain" ? t("The robust recipe starts where ReLU is off, too.") : nothing}
            </p>`
          : nothing
      }
      ${history.length > 1 ? curve(t("Reached after each step"), history) : nothing}
      ${item.state === "done" ? this.renderKeep(item, title) : nothing}`;
  }

  /** All that the picture follows from: it replays here and with convlens maximize --recipe. */
  private saveRecipe({ target, history }: Item, name: string): void {
    const question = { ...this.run.question, targets: [target] };
    const file = recipeFile(question, history.length - 1, this.app.summary.preprocessing);
    send(this, "convlens-save", { name: `${name}.recipe.json`, bytes: jsonOf(file) });
  }

  private async saveFilm(name: string, options: CallOptions): Promise<void> {
    const film = this.run.film.of(this.index);
    if (!film) return;
    const bytes = await this.app.remote.gif(film, options);
    send(this, "convlens-save", { name: `${name}.gif`, bytes });
  }

  private renderKeep(item: Item, title: string): TemplateResult {
    const { app, run } = this;
    const { target, place } = item;
    const of = "layer" in target ? `${target.layer}.${String(target.filter)}` : title;
    const name = `${app.summary.name}.${fileName(of)}`;
    const film = {
      label: t("Save its steps as an animation (GIF)…"),
      run: (options: CallOptions) => this.saveFilm(name, options),
    };
    return html`<div class="row">
      ${keep(t("the maximised picture"), {
        name: `${name}.maximized`,
        picture: () => pngOrNull(this.canvas),
        numbers: place && (() => rgbOf(place)),
        more: [
          { label: t("Save the recipe (JSON)…"), run: () => this.saveRecipe(item, name) },
          ...(run.film.of(this.index) ? [film] : []),
        ],
      })}
      ${
        "layer" in target
          ? button(t("Activations"), () => this.show(target.layer, target.filter), {
              title: t("Where this filter fires in the picture"),
            })
          : nothing
      }
    </div>`;
  }

  private show(layer: string, filter: number): void {
    send(this, "convlens-intent", { lens: "activations", layer, filter });
  }
}

const whereOfRun = ({ question: { where } }: MaximizeRun): string =>
  where === null ? "" : whereText(where);

/** 0..255 [height, width, 3] of one tile. */
function rgbOf({ tiles, slot }: TilePlace): Numbers {
  const { width, height, pixels } = tiles;
  const size = width * height * 3;
  const data = Float32Array.from(pixels.subarray(slot * size, (slot + 1) * size));
  return { shape: [height, width, 3], data };
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-maximize-details": ConvlensMaximizeDetails;
  }
}
