import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import type { Maximized, FilterProfile } from "../../../src/shared/contract/experiments.ts";
import { type App, countedLayer, Job, Resource, send } from "../../common/state/index.ts";
import { button } from "../../common/controls/index.ts";
import { num, phrase, t } from "../../common/text/index.ts";
import { showPicture, showTile, tilesOf } from "../../common/drawing/index.ts";
import { base, controls, details } from "../../common/styles/index.ts";
import { overPictures } from "./over-pictures.ts";
import { WHOLE } from "../../../src/shared/question.ts";
import { status } from "../../components/status/status.ts";

/** What else is known of a filter: the input made for it, and what a census saw of it. */
@customElement("convlens-filter-profile")
export class ConvlensFilterProfile extends LitElement {
  static override styles = [
    base,
    controls,
    details,
    css`
      h2 {
        margin: 14px 0 6px;
      }
      canvas.made {
        width: 196px;
        max-width: 100%;
        border-radius: 3px;
        image-rendering: pixelated;
        outline: 1px solid var(--cl-line);
      }
      .row {
        margin-top: 6px;
      }
      .tops {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 96px));
        gap: 6px;
        font-size: 10px;
      }
      .tops canvas {
        width: 100%;
        aspect-ratio: 1;
        object-fit: cover;
        border-radius: 2px;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property() layer = "";
  @property({ type: Number }) filter = 0;
  @state() private made: Maximized | null = null;
  private readonly making = new Job(this);
  private readonly profile = new Resource<FilterProfile>(this);
  private about = "";

  private get runs(): boolean {
    return this.app.trusted && this.app.summary.notRunnable === null;
  }

  protected override willUpdate(): void {
    const { summary, epoch, census, counting, remote } = this.app;
    const about = `${summary.path}\n${String(epoch)}\n${this.layer}\n${String(this.filter)}`;
    if (about !== this.about) {
      this.about = about;
      this.making.clear();
      this.made = null;
    }
    const { filter } = this;
    const counted = counting ? null : countedLayer(summary, census, this.layer);
    const of = counted && census ? { layer: counted.name, filter, images: census.images } : null;
    this.profile.load(of, epoch, ({ layer }, options) =>
      remote.filterProfile({ layer, filter }, options),
    );
  }

  protected override updated(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>("canvas.made");
    if (canvas && this.made)
      showTile(canvas, { tiles: tilesOf(this.made, { first: 0, count: 1, total: 1 }), slot: 0 });
    const patches = this.profile.value?.patches ?? [];
    // what is drawn may be less than what is known: an error stands in its place, or nothing runs here
    this.renderRoot
      .querySelectorAll<HTMLCanvasElement>(".tops canvas")
      .forEach((canvas, i) => showPicture(canvas, at(patches, i)));
  }

  private make(): void {
    const { layer, filter } = this;
    this.making.start(async (options) => {
      const targets = [{ layer, filter }];
      const how = { recipe: "plain", steps: 30, seed: 0 } as const;
      const question = { kind: "maximize", targets, ...WHOLE, ...how } as const;
      this.made = await this.app.remote.maximize({ question }, options);
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.runs) return nothing;
    const { made, making, layer, filter } = this;
    return html`<h2>${t("Maximised input")}</h2>
      ${status(making, t("Maximising"))}
      ${
        made
          ? html`<canvas
                class="made"
                role="img"
                aria-label=${t("Maximised input of filter {0}", filter)}
              ></canvas>
              <div class="muted">
                ${phrase(
                  "mean activation {0}, plain recipe, 30 steps",
                  html`<span class="mono">${num(at(made.values, 0))}</span>`,
                )}
              </div>`
          : nothing
      }
      <div class="row">
        ${made || making.busy ? nothing : button(t("Maximise"), () => this.make())}
        ${button(
          t("In the Maximize lens"),
          () =>
            send(this, "convlens-intent", { lens: "maximize", maximize: "filters", layer, filter }),
          { kind: "link" },
        )}
      </div>
      ${this.renderCounted()}`;
  }

  private renderCounted(): TemplateResult {
    const { value, error } = this.profile;
    if (error) return status(this.profile);
    if (value)
      return overPictures(value, this.layer, (filter) =>
        this.dispatchEvent(new CustomEvent("tile-select", { detail: filter })),
      );
    const { counting, census } = this.app;
    const count = button(t("counted over a folder"), () => send(this, "convlens-census", "new"), {
      kind: "link",
    });
    return html`<h2>${t("Over pictures")}</h2>
      <p class="muted">
        ${
          counting
            ? t("Counting …")
            : census
              ? t("The maps of this layer run into no activation of their own, so none is counted.")
              : phrase(
                  "Its top pictures, histogram and nearest twin stand here once dead filters were {0}.",
                  count,
                )
        }
      </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-filter-profile": ConvlensFilterProfile;
  }
}
