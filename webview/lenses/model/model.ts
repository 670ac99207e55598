import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CensusLayer } from "../../../src/shared/contract/experiments.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { painted, send, type App } from "../../common/app.ts";
import { countSentence, countText } from "../../common/census.ts";
import { bytes, compact, shapeText } from "../../common/format.ts";
import { icon, opIcon } from "../../common/icons.ts";
import { jsonOf } from "../../common/raster.ts";
import { filterLayers } from "../../common/search.ts";
import { controls } from "../../common/control-styles.ts";
import { base } from "../../common/theme.ts";
import type { Column } from "../../components/table/table.ts";
import { styles } from "./model.styles.ts";
import "../../components/table/table.ts";

/** The network as a whole: totals, what was not understood, and the table of its layers. */
@customElement("convlens-model")
export class ConvlensModel extends LitElement {
  static override styles = [base, controls, styles];

  @property({ attribute: false }) app!: App;
  @state() private query = "";

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("app")) painted(this, "model");
  }

  private get shown(): readonly LayerSummary[] {
    return filterLayers(this.app.summary.layers, this.query);
  }

  private columns(shown: readonly LayerSummary[]): readonly Column[] {
    const column = (
      title: string,
      [least, grow]: readonly [number, number?],
      text: (layer: LayerSummary) => string | TemplateResult,
      numeric = false,
    ): Column => ({
      title,
      least,
      ...(grow === undefined ? {} : { grow }),
      numeric,
      cell: (row) => {
        const layer = shown[row];
        return layer ? text(layer) : "";
      },
    });
    const field = (size: readonly number[]): string => [...new Set(size)].join(" × ");
    const counted = this.app.census;
    return [
      column(
        "Layer",
        [180, 3],
        (layer) =>
          html`<span class="with-icon" title=${[layer.name, ...layer.aliases].join("\n")}
            >${opIcon(layer.op)}${layer.name}</span
          >`,
      ),
      ...(counted
        ? [
            column(`Filters over N = ${String(counted.images)}`, [200], (layer) => {
              const own = counted.layers.find(({ name }) => name === layer.name);
              return own ? deadBar(own, counted.images) : "";
            }),
          ]
        : []),
      column("Operation", [126, 1.4], (layer) =>
        layer.opaque === null
          ? layer.className
          : html`<span title=${layer.opaque}>${layer.className}: not executed</span>`,
      ),
      column("Output", [104, 1], (layer) => shapeText(layer.outputShape), true),
      column("Parameters", [92], (layer) => (layer.params ? compact(layer.params) : "–"), true),
      column("Mult-adds", [80], (layer) => (layer.macs ? compact(layer.macs) : "–"), true),
      column(
        "Receptive field",
        [118],
        (layer) => (layer.receptiveField ? field(layer.receptiveField.size) : "–"),
        true,
      ),
      column(
        "Stride",
        [48],
        (layer) => (layer.receptiveField ? field(layer.receptiveField.stride) : "–"),
        true,
      ),
    ];
  }

  protected override render(): TemplateResult {
    const { summary, intent } = this.app;
    const { shown } = this;
    return html`<div class="scroll">
      ${this.renderTotals()}
      ${[...summary.warnings, ...(summary.notRunnable ? [summary.notRunnable] : [])].map(
        (text) => html`<p class="note warn">${icon("warning")}<span>${text}</span></p>`,
      )}
      ${
        this.app.census
          ? html`<p class="note" role="status">
              ${icon("info")}<span>${countSentence(this.app.census)}</span>
            </p>`
          : nothing
      }
      ${this.renderMissing()}
      ${summary.notes.map((text) => html`<p class="note">${icon("info")}<span>${text}</span></p>`)}
      <div class="bar">
        <input
          type="search"
          placeholder="Filter by name, class or operation"
          aria-label="Filter the table"
          .value=${this.query}
          @input=${(event: InputEvent) => {
            if (event.target instanceof HTMLInputElement) this.query = event.target.value;
          }}
        />
        ${this.renderOffers()}
        <span class="spacer"></span>
        ${this.renderExperiments()}
        <button
          class="ghost"
          title="Save the table as JSON"
          aria-label="Save the table as JSON"
          @click=${() => {
            const name = `${summary.name}.layers.json`;
            const { census } = this.app;
            send(this, "convlens-save", { name, bytes: jsonOf({ ...summary, census }) });
          }}
        >
          ${icon("save")}
        </button>
      </div>
      <convlens-table
        label="Layers"
        .columns=${this.columns(shown)}
        .rows=${shown.length}
        .selected=${shown.findIndex((layer) => layer.name === intent.layer)}
        @row-select=${(event: CustomEvent<number>) => {
          const layer = shown[event.detail];
          if (layer) send(this, "convlens-intent", { layer: layer.name });
        }}
      ></convlens-table>
    </div>`;
  }

  /** What is missing is listed at once, before anything is run. */
  private renderMissing(): TemplateResult | typeof nothing {
    const { layers } = this.app.summary;
    const opaque = layers.filter((layer) => layer.opaque !== null);
    if (opaque.length === 0) return nothing;
    const blocked = layers.filter(({ blockedBy }) => blockedBy.length > 0).length;
    return html`<details class="note">
      <summary>
        ${String(opaque.length)} not executed; ${String(blocked)} more depend on what they give
      </summary>
      <ul>
        ${opaque.map(
          ({ name, className, opaque: why }) => html`<li>${name} (${className}): ${why}</li>`,
        )}
      </ul>
    </details>`;
  }

  private renderTotals(): TemplateResult {
    const { summary } = this.app;
    const { params, trainable, macs } = summary.totals;
    const opaque = summary.layers.filter((layer) => layer.opaque !== null).length;
    const specs = (list: typeof summary.inputs): string =>
      list.map((spec) => shapeText(spec.shape)).join(", ");
    const card = (title: string, value: string, more: string): TemplateResult =>
      html`<div class="card">
        <h2>${title}</h2>
        <strong>${value}</strong><span class="muted" title=${more}>${more}</span>
      </div>`;
    return html`<div class="cards">
      ${card("Parameters", compact(params), `${compact(trainable)} trainable`)}
      ${card("Multiply-adds", compact(macs), "for one picture")}
      ${card(
        "Layers",
        String(summary.layers.length),
        opaque > 0 ? `${String(opaque)} not executed` : "all understood",
      )}
      ${card("Input", specs(summary.inputs), summary.inputs.map((spec) => spec.name).join(", "))}
      ${card(
        "Output",
        specs(summary.outputs),
        summary.labels ? `${String(summary.labels.length)} labels known` : "no labels known",
      )}
      ${card("File", bytes(summary.bytes), [summary.format, summary.producer].filter(Boolean).join(" · "))}
    </div>`;
  }

  private renderExperiments(): TemplateResult | typeof nothing {
    const { summary, trusted, counting, census } = this.app;
    if (!trusted || summary.notRunnable !== null) return nothing;
    return html`<button
        title="Inputs made for a few filters of several layers: edges, textures, patterns"
        @click=${() => {
          send(this, "convlens-intent", { lens: "maximize", maximize: "hierarchy" });
        }}
      >
        From early to deep
      </button>
      <button
        title="Dead, saturated and constant filters over pictures of yours"
        ?disabled=${counting}
        @click=${() => {
          send(this, "convlens-census", "new");
        }}
      >
        Count dead filters over a folder…
      </button>
      ${
        census && !counting && census.images + census.unreadable < census.total
          ? html`<button
              class="primary"
              title="Counts the pictures that are still to come; those counted are kept"
              @click=${() => {
                send(this, "convlens-census", "on");
              }}
            >
              Go on counting
            </button>`
          : nothing
      }`;
  }

  private renderOffers(): TemplateResult | typeof nothing {
    const { summary, intent } = this.app;
    const layer = summary.layers.find((each) => each.name === intent.layer);
    if (!layer) return html`<span class="muted hint">Choose a layer to look into it.</span>`;
    const offer = (text: string, patch: Parameters<typeof send<"convlens-intent">>[2]) =>
      html`<button
        @click=${() => {
          send(this, "convlens-intent", patch);
        }}
      >
        ${text}
      </button>`;
    const why = layer.opaque ?? (layer.blockedBy.length > 0 ? blockedText(layer) : null);
    return html`${layer.hasKernel ? offer("Filters", { lens: "filters" }) : nothing}
    ${
      layer.spatial
        ? html`${offer("Activations", { lens: "activations" })}${offer("Grad-CAM here", {
            lens: "cam",
            camLayer: layer.name,
          })}`
        : nothing
    }
    ${why ? html`<span class="why">${why}</span>` : nothing}
    ${layer.note === null ? nothing : html`<span class="why muted">${layer.note}</span>`}
    ${
      layer.source === null
        ? nothing
        : html`<button
            class="link"
            title=${`Open ${layer.source.file} at line ${String(layer.source.line)}`}
            @click=${() => {
              if (layer.source) send(this, "convlens-source", layer.source);
            }}
          >
            ${layer.source.file.split(/[\\/]/).at(-1)}:${String(layer.source.line)}
          </button>`
    }`;
  }
}

const deadBar = (layer: CensusLayer, images: number): TemplateResult =>
  html`<span class="count" title=${countText(layer, images)}
    ><span class="track" aria-hidden="true"
      ><i
        style=${`display:block;height:100%;width:${((layer.dead.length / layer.filters) * 100).toFixed(1)}%;background:var(--cl-red)`}
      ></i></span
    >${countText(layer, images).replace(/ over N = \d+/, "")}</span
  >`;
const blockedText = (layer: LayerSummary): string =>
  `Cannot be computed: it depends on ${layer.blockedBy.join(", ")}.`;

declare global {
  interface HTMLElementTagNameMap {
    "convlens-model": ConvlensModel;
  }
}
