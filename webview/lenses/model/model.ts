import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { messageOf } from "../../../src/base/errors.ts";
import type { CensusLayer } from "../../../src/shared/contract/experiments.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import type { Intent } from "../../../src/shared/contract/intent.ts";
import { button, searchField } from "../../common/controls/index.ts";
import { countSentence, countText, Own, send } from "../../common/state/index.ts";
import { keep } from "../../components/export/keepable.ts";
import { LensElement } from "../lens.ts";
import {
  baseName,
  bytes,
  compact,
  fileName,
  filterLayers,
  heard,
  layerShape,
  shapeText,
  structureText,
  t,
} from "../../common/text/index.ts";
import { base, controls, icon, opIcon } from "../../common/styles/index.ts";
import type { Column } from "../../components/table/table.ts";
import { styles } from "./model.styles.ts";
import "../../components/table/table.ts";

/** The network as a whole: totals, what was not understood, and the table of its layers. */
@customElement("convlens-model")
export class ConvlensModel extends LensElement {
  static override styles = [base, controls, styles];

  private readonly query = new Own(this, "");

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("app")) this.drawn();
  }

  private get shown(): readonly LayerSummary[] {
    return filterLayers(this.app.summary.layers, this.query.value);
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
        t("Layer"),
        [180, 3],
        (layer) =>
          html`<span class="with-icon" title=${[layer.name, ...layer.aliases].join("\n")}
            >${opIcon(layer.op)}${layer.name}</span
          >`,
      ),
      ...(counted
        ? [
            column(t("Filters over N = {0}", counted.images), [200], (layer) => {
              const own = counted.layers.find(({ name }) => name === layer.name);
              return own ? deadBar(own, counted.images) : "";
            }),
          ]
        : []),
      column(t("Operation"), [126, 1.4], (layer) =>
        layer.opaque === null
          ? layer.className
          : html`<span title=${heard(layer.opaque)}
              >${t("{0}: not executed", layer.className)}</span
            >`,
      ),
      column(t("Output"), [104, 1], (layer) => layerShape(layer), true),
      column(t("Parameters"), [92], (layer) => (layer.params ? compact(layer.params) : "–"), true),
      column(t("Mult-adds"), [80], (layer) => (layer.macs ? compact(layer.macs) : "–"), true),
      column(
        t("Receptive field"),
        [118],
        (layer) => (layer.receptiveField ? field(layer.receptiveField.size) : "–"),
        true,
      ),
      column(
        t("Stride"),
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
        (text) => html`<p class="note warn">${icon("warning")}<span>${heard(text)}</span></p>`,
      )}
      ${
        this.app.census
          ? html`<p class="note" role="status">
              ${icon("info")}<span>${countSentence(this.app.census)}</span>
            </p>`
          : nothing
      }
      ${this.renderStructure()} ${this.renderMissing()}
      ${summary.notes.map((text) => html`<p class="note">${icon("info")}<span>${heard(text)}</span></p>`)}
      <div class="bar">
        ${searchField(t("Filter the table"), this.query, t("Filter by name, class or operation"))}
        ${this.renderOffers()}
        <span class="spacer"></span>
        ${this.renderExperiments()}
        ${keep(t("the table"), {
          name: fileName(summary.name, "layers"),
          json: () => ({ ...summary, census: this.app.census }),
        })}
      </div>
      <convlens-table
        label=${t("Layers")}
        .columns=${this.columns(shown)}
        .rows=${shown.length}
        .selected=${shown.findIndex((layer) => layer.name === intent.layer)}
        @row-select=${(event: CustomEvent<number>) => {
          const layer = shown[event.detail];
          if (layer) this.go({ layer: layer.name });
        }}
      ></convlens-table>
    </div>`;
  }

  /** Where the network of a file of weights comes from, and a way to give one. */
  private renderStructure(): TemplateResult | typeof nothing {
    const { structure, inputs, pythonCode } = this.app.summary;
    const failed = (error: unknown): void => {
      send(this, "convlens-notice", messageOf(error));
    };
    const choose = (): void => {
      this.app.remote.pickStructure({}).catch(failed);
    };
    const run = (): void => {
      this.app.remote.runCheckpoint({}).catch(failed);
    };
    const chooseButton = button(t("Choose structure…"), choose, {
      title: t("The network with which these weights are run: a known one, or a .pt2 or ONNX file"),
    });
    if (structure)
      return html`<p class="note">
        ${icon("info")}<span>${structureText(structure)}</span>
        ${structure.confidence === "low" && this.app.trusted ? chooseButton : nothing}
      </p>`;
    const described = inputs.length > 0;
    if ((described && pythonCode.length === 0) || !this.app.trusted) return nothing;
    return html`<p class="note">
      ${button(t("Run this checkpoint…"), run, {
        title: t("Your own Python writes the network once, from the script that made it"),
      })}
      ${described ? nothing : chooseButton}
    </p>`;
  }

  /** What is missing is listed at once, before anything is run. */
  private renderMissing(): TemplateResult | typeof nothing {
    const { layers } = this.app.summary;
    const opaque = layers.filter((layer) => layer.opaque !== null);
    if (opaque.length === 0) return nothing;
    const blocked = layers.filter(({ blockedBy }) => blockedBy.length > 0).length;
    return html`<details class="note">
      <summary>
        ${t("{0} not executed; {1} more depend on what they give", opaque.length, blocked)}
      </summary>
      <ul>
        ${opaque.map(
          ({ name, className, opaque: why }) =>
            html`<li>${name} (${className}): ${heard(why ?? "")}</li>`,
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
      ${card(t("Parameters"), compact(params), t("{0} trainable", compact(trainable)))}
      ${card(t("Multiply-adds"), compact(macs), t("for one picture"))}
      ${card(
        t("Layers"),
        String(summary.layers.length),
        opaque > 0 ? t("{0} not executed", opaque) : t("all understood"),
      )}
      ${card(t("Input"), specs(summary.inputs), summary.inputs.map((spec) => spec.name).join(", "))}
      ${card(
        t("Output"),
        specs(summary.outputs),
        summary.labels ? t("{0} labels known", summary.labels.length) : t("no labels known"),
      )}
      ${card(t("File"), bytes(summary.bytes), [summary.format, summary.producer].filter(Boolean).join(" · "))}
    </div>`;
  }

  private renderExperiments(): TemplateResult | typeof nothing {
    const { counting, census } = this.app;
    if (!this.canRun) return nothing;
    const hierarchy = (): void => this.go({ lens: "maximize", maximize: "hierarchy" });
    const unfinished =
      census !== null && !counting && census.images + census.unreadable < census.total;
    return html`${button(t("From early to deep"), hierarchy, {
      title: t("Inputs made for a few filters of several layers: edges, textures, patterns"),
    })}
    ${button(t("Count dead filters over a folder…"), () => send(this, "convlens-census", "new"), {
      title: t("Dead, saturated and constant filters over pictures of yours"),
      disabled: counting,
    })}
    ${
      unfinished
        ? button(t("Go on counting"), () => send(this, "convlens-census", "on"), {
            kind: "primary",
            title: t("Counts the pictures that are still to come; those counted are kept"),
          })
        : nothing
    }`;
  }

  private renderOffers(): TemplateResult | typeof nothing {
    const { summary, intent } = this.app;
    const layer = summary.layers.find((each) => each.name === intent.layer);
    if (!layer)
      return html`<span class="muted hint">${t("Choose a layer to look into it.")}</span>`;
    const offer = (text: string, patch: Partial<Intent>): TemplateResult =>
      button(text, () => this.go(patch));
    const why = layer.opaque ?? (layer.blockedBy.length > 0 ? blockedText(layer) : null);
    const { source } = layer;
    return html`${layer.hasKernel ? offer(t("Filters"), { lens: "filters" }) : nothing}
    ${
      layer.spatial
        ? html`${offer(t("Activations"), { lens: "activations" })}
          ${offer(t("Grad-CAM here"), { lens: "cam", camLayer: layer.name })}`
        : nothing
    }
    ${why ? html`<span class="why">${heard(why)}</span>` : nothing}
    ${layer.note === null ? nothing : html`<span class="why muted">${heard(layer.note)}</span>`}
    ${
      source === null
        ? nothing
        : button(
            `${baseName(source.file)}:${String(source.line)}`,
            () => send(this, "convlens-source", source),
            { kind: "link", title: t("Open {0} at line {1}", source.file, source.line) },
          )
    }`;
  }
}

const deadBar = (layer: CensusLayer, images: number): TemplateResult =>
  html`<span class="count" title=${countText(layer, images)}
    ><span class="track" aria-hidden="true"
      ><i
        style=${`display:block;height:100%;width:${((layer.dead.length / layer.filters) * 100).toFixed(1)}%;background:var(--cl-red)`}
      ></i></span
    >${countText(layer, null)}</span
  >`;
const blockedText = (layer: LayerSummary): string =>
  t("Cannot be computed: it depends on {0}.", layer.blockedBy.join(", "));

declare global {
  interface HTMLElementTagNameMap {
    "convlens-model": ConvlensModel;
  }
}
