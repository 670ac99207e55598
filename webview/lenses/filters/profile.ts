import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Maximized, FilterProfile } from "../../../src/shared/contract/experiments.ts";
import { send, type App } from "../../common/state/app.ts";
import { countedLayer } from "../../common/state/census.ts";
import { colormap } from "../../common/drawing/colormaps.ts";
import { histogram } from "../../common/drawing/curve.ts";
import { num, percent } from "../../common/text/format.ts";
import { Job } from "../../common/state/job.ts";
import { className } from "../../common/text/search.ts";
import { canvasOf, drawTile } from "../../common/drawing/raster.ts";
import { Resource } from "../../common/state/resource.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { phrase, t } from "../../common/text/l10n.ts";
import { lensLayout } from "../../common/styles/lens-layout.ts";
import { base } from "../../common/styles/theme.ts";
import "../../components/status/status.ts";

/** What else is known of a filter: the input made for it, and what a census saw of it. */
@customElement("convlens-filter-profile")
export class ConvlensFilterProfile extends LitElement {
  static override styles = [
    base,
    controls,
    lensLayout,
    css`
      :host {
        display: block;
        height: auto;
        container-type: normal;
      }
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
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
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
    if (canvas && this.made) {
      const { width, height, rgb } = this.made;
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext("2d");
      const tiles = {
        count: 1,
        first: 0,
        total: 1,
        width,
        height,
        channels: 3,
        pixels: rgb,
      } as const;
      const place = { tiles: { ...tiles, ranges: new Float32Array(2) }, slot: 0 };
      if (context) drawTile(context, place, colormap("gray"), { x: 0, y: 0, width, height }, false);
    }
    const patches = this.profile.value?.patches ?? [];
    this.renderRoot.querySelectorAll<HTMLCanvasElement>(".tops canvas").forEach((small, i) => {
      const patch = patches[i];
      if (!patch) return;
      small.width = patch.width;
      small.height = patch.height;
      small.getContext("2d")?.drawImage(canvasOf(patch), 0, 0);
    });
  }

  private make(): void {
    const { layer, filter } = this;
    this.making.start(async (options) => {
      const targets = [{ layer, filter }];
      this.made = await this.app.remote.maximize(
        { targets, recipe: "plain", steps: 30, seed: 0 },
        options,
      );
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.runs) return nothing;
    const { made, making, filter } = this;
    return html`<h2>${t("Maximised input")}</h2>
      <convlens-status .of=${making} doing=${t("Maximising")}></convlens-status>
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
                  html`<span class="mono">${num(made.values[0] ?? 0)}</span>`,
                )}
              </div>`
          : nothing
      }
      <div class="row">
        ${
          made || making.busy
            ? nothing
            : html`<button @click=${() => this.make()}>${t("Maximise")}</button>`
        }
        <button
          class="link"
          @click=${() => {
            const { layer } = this;
            send(this, "convlens-intent", { lens: "maximize", maximize: "filters", layer, filter });
          }}
        >
          ${t("In the Maximize lens")}
        </button>
      </div>
      ${this.renderCounted()}`;
  }

  private renderInfluence({ influence }: FilterProfile): TemplateResult {
    if (!influence)
      return html`<h2>${t("Influence on classes")}</h2>
        <p class="muted">${t("The class scores do not depend on this layer.")}</p>`;
    const list = (effects: typeof influence.up): TemplateResult[] =>
      effects.map(
        (one) =>
          html`<dt>${className(one)}</dt>
            <dd class="mono">${one.effect > 0 ? "+" : ""}${num(one.effect, 3)}</dd>`,
      );
    return html`<h2>${t("Influence on classes")}</h2>
      <dl>${list(influence.up)} ${list(influence.down)}</dl>
      <p class="muted" style="margin:2px 0 8px;font-size:11px">
        ${t("What its map adds to the logit: the mean over {0} pictures of the logit minus the logit with the map set to 0", influence.images)}
      </p>`;
  }

  private renderCounted(): TemplateResult {
    const { value, error } = this.profile;
    if (error) return html`<convlens-status .of=${this.profile}></convlens-status>`;
    if (!value)
      return html`<h2>${t("Over pictures")}</h2>
        <p class="muted">
          ${
            this.app.counting
              ? t("Counting …")
              : this.app.census
                ? t(
                    "The maps of this layer run into no activation of their own, so none is counted.",
                  )
                : phrase(
                    "Its top pictures, histogram and nearest twin stand here once dead filters were {0}.",
                    html`<button class="link" @click=${() => send(this, "convlens-census", "new")}>
                      ${t("counted over a folder")}
                    </button>`,
                  )
          }
        </p>`;
    const { twin, layer } = value;
    return html`<h2>${t("Over N = {0} pictures", value.images)}</h2>
      <dl>
        <dt>${t("Largest")}</dt>
        <dd>${value.max <= 0 ? t("{0} (dead)", num(value.max)) : num(value.max)}</dd>
        <dt>${t("Mean")}</dt>
        <dd>${num(value.mean)}</dd>
        <dt>${t("Zeros")}</dt>
        <dd>${percent(value.zeroFraction)}</dd>
        ${
          twin
            ? html`<dt>${t("Nearest twin")}</dt>
                <dd>
                  <button
                    class="link"
                    @click=${() => this.dispatchEvent(new CustomEvent("tile-select", { detail: twin.filter }))}
                  >
                    ${t("filter {0}", twin.filter)}
                  </button>
                  ${t("(cosine {0})", num(twin.cosine, 3))}
                </dd>`
            : nothing
        }
      </dl>
      ${histogram(t("Largest activation of each picture"), value.histogram.counts, value.histogram.max)}
      <p class="muted" style="margin:2px 0 8px;font-size:11px">
        ${
          layer === this.layer
            ? t("Largest activation in each picture")
            : t("Largest activation in each picture, after {0}", layer)
        }
      </p>
      ${this.renderInfluence(value)}
      <h2>${t("Pictures that fire it most")}</h2>
      <div class="tops">
        ${value.patches.map(
          ({ image, value: reached }) =>
            html`<span title=${image}
              ><canvas role="img" aria-label=${image.split(/[/\\]/).at(-1) ?? image}></canvas
              ><span class="mono muted">${num(reached, 3)}</span></span
            >`,
        )}
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-filter-profile": ConvlensFilterProfile;
  }
}
