import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Attribute, AttributionName } from "../../../src/shared/contract/experiments.ts";
import { painted, send, type App } from "../../common/app.ts";
import { colormap, type ColormapName } from "../../common/colormaps.ts";
import {
  colormapChoice,
  groupedDropdown,
  legend,
  numberField,
  slider,
} from "../../common/controls.ts";
import { num } from "../../common/format.ts";
import { icon } from "../../common/icons.ts";
import { jsonOf, pngOf } from "../../common/raster.ts";
import { Resource } from "../../common/resource.ts";
import { className } from "../../common/search.ts";
import { controls } from "../../common/control-styles.ts";
import { lensLayout } from "../../common/lens-layout.ts";
import { base } from "../../common/theme.ts";
import type { ConvlensPicture } from "../../components/picture/picture.ts";
import { whyNot } from "../../components/empty/empty.ts";
import { styles } from "./attribute.styles.ts";
import { gapSentence, GROUPS, METHODS } from "./methods.ts";
import "../../components/classes/classes.ts";
import "../../components/picture/picture.ts";
import "../../components/status/status.ts";

const BLACK = { baseline: "black", trust: true } as const;

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

  private readonly result = new Resource<Attribute>(this, (result) => {
    send(this, "convlens-provenance", result);
  });

  protected override willUpdate(): void {
    const { remote, epoch, intent, trusted, summary } = this.app;
    const { image, attribution: method, classes } = intent;
    if (method !== this.shownMethod) this.steps = null;
    this.shownMethod = method;
    const runs = trusted && summary.notRunnable === null && image !== null;
    const steps = this.steps === 0 ? null : this.steps;
    this.result.load(
      runs
        ? { image, method, classIndex: classes[0] ?? null, steps, seed: this.seed, ...BLACK }
        : null,
      epoch,
      remote.attribute,
    );
  }

  protected override render(): TemplateResult {
    const blocked = whyNot(this.app, "attribute", null);
    if (blocked) return blocked;
    const { value } = this.result;
    return html`${this.renderToolbar()}
      <div class="split">
        <div class="main">
          <convlens-status .of=${this.result} doing="Computing the attribution"></convlens-status>
          <div
            class=${this.result.busy ? "scroll stale" : "scroll"}
            tabindex="0"
            role="group"
            aria-label="Attribution map"
          >
            ${value ? this.renderResult(value) : nothing}
          </div>
        </div>
        <aside aria-label="Class">${this.renderClasses(value)}</aside>
      </div>`;
  }

  private renderToolbar(): TemplateResult {
    const { attribution: method } = this.app.intent;
    const { steps, seeded } = METHODS[method];
    const { value } = this.result;
    return html`<div class="toolbar" role="toolbar" aria-label="Attribution">
      <label
        >Method
        ${groupedDropdown(
          "Method",
          GROUPS.map(([group, names]) => [
            group,
            names.map((name) => [name, METHODS[name].title] as const),
          ]),
          method,
          (attribution) => {
            send(this, "convlens-intent", { attribution });
          },
        )}</label
      >
      ${
        steps
          ? numberField(steps.label, this.steps, steps.usual, (typed) => {
              this.steps = typed;
            })
          : nothing
      }
      ${
        seeded
          ? numberField("Seed", this.seed, "0", (typed) => {
              this.seed = typed ?? 0;
            })
          : nothing
      }
      ${slider("Opacity", { min: 0, max: 1, step: 0.05 }, this.opacity, (opacity) => {
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
        <button
          class="ghost"
          title="Save the map over the picture as PNG"
          aria-label="Save the map over the picture as PNG"
          ?disabled=${!value}
          @click=${async () => {
            if (!this.picture) return;
            const name = `${this.app.summary.name}.${method}.png`;
            send(this, "convlens-save", { name, bytes: await pngOf(this.picture.canvas) });
          }}
        >
          ${icon("save")}PNG</button
        ><button
          class="ghost"
          title="Save the map and its numbers as JSON"
          aria-label="Save the map and its numbers as JSON"
          ?disabled=${!value}
          @click=${() => {
            const name = `${this.app.summary.name}.${method}.json`;
            if (value) send(this, "convlens-save", { name, bytes: jsonOf(value) });
          }}
        >
          ${icon("save")}JSON
        </button>
      </span>
    </div>`;
  }

  private renderResult(value: Attribute): TemplateResult {
    const [height, width] = value.size;
    const map = { pixels: value.heat, width, height };
    const colours = value.signed ? "diverging" : this.colours;
    const { title, about } = METHODS[value.method];
    const label = `${title} of ${className(value.score)}`;
    const low = value.signed ? `−${num(value.scale, 3)}` : "0";
    return html`<p class="says">
        <strong>${title} for ${className(value.score)}</strong>
        <span class="muted">logit ${num(value.score.logit)}. ${about}</span>
      </p>
      ${
        value.warning
          ? html`<p class="warning" role="note">${icon("warning")}<span>${value.warning}</span></p>`
          : nothing
      }
      <div class="pictures">
        <figure>
          <figcaption>Over the picture</figcaption>
          <convlens-picture
            .picture=${this.app.picture}
            .map=${map}
            .lut=${colormap(colours)}
            .opacity=${this.opacity}
            .label=${`${label}, over the picture`}
            @picture-painted=${() => {
              painted(this, "attribute");
            }}
          ></convlens-picture>
        </figure>
        <figure>
          <figcaption>Alone</figcaption>
          <convlens-picture
            .map=${map}
            .lut=${colormap(colours)}
            .label=${label}
          ></convlens-picture>
        </figure>
      </div>
      <div class="legend-row">
        ${legend(colours, low, num(value.scale, 3))}
        <span class="muted small">
          ${value.signed ? "Red speaks for the class, blue against it." : ""} The strongest 1 %
          share the last colour.
        </span>
      </div>
      ${this.renderTrust(value)}`;
  }

  private renderTrust({ badge, completeness, steps }: Attribute): TemplateResult {
    const delta = completeness?.gap ?? null;
    const card = (title: string, number: string, text: string): TemplateResult =>
      html`<div class="badge">
        <h2>${title}</h2>
        <strong>${number}</strong><span class="muted">${text}</span>
      </div>`;
    return html`<div class="badges">
      ${
        delta === null
          ? nothing
          : card(
              "Completeness gap",
              num(delta, 3),
              gapSentence(delta, steps, (v) => num(v, 3)),
            )
      }
      ${
        badge
          ? html`${card(
              "Deletion",
              num(badge.deletion, 3),
              `Mean probability while the most important pixels are taken away: the lower, the better the map (${badge.settings}).`,
            )}${card(
              "Insertion",
              num(badge.insertion, 3),
              `Mean probability while they are put back: the higher, the better the map (${badge.settings}).`,
            )}`
          : nothing
      }
    </div>`;
  }

  private renderClasses(value: Attribute | null): TemplateResult {
    const { prediction, summary, intent } = this.app;
    return html`<h2>What the network says</h2>
      <p class="muted small">Choose the class that the map is for.</p>
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
              @click=${() => {
                send(this, "convlens-intent", { classes: [] });
              }}
            >
              Back to the class on top
            </button>`
          : nothing
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-attribute": ConvlensAttribute;
  }
}
