import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { ref } from "lit/directives/ref.js";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { type Counted, countText, Own, send } from "../../common/state/index.ts";
import { searchField } from "../../common/controls/index.ts";
import { filterLayers, heard, layerShape, t } from "../../common/text/index.ts";
import { base, controls, opIcon } from "../../common/styles/index.ts";
import { moveByKey, ScrollWindow } from "../../common/drawing/index.ts";
import { ROW, styles } from "./layers.styles.ts";

/** The layers of a model: searchable, thousands without lag. Choosing one changes the intent. */
@customElement("convlens-layers")
export class ConvlensLayers extends LitElement {
  static override styles = [base, controls, styles];

  @property({ attribute: false }) layers: readonly LayerSummary[] = [];
  @property() selected: string | null = null;
  /** Layers that the present lens cannot draw are shown faintly. */
  @property({ attribute: false }) suits: (layer: LayerSummary) => boolean = () => true;
  /** Shown as bars of dead filters where it counted a layer. */
  @property({ attribute: false }) census: Counted | null = null;
  private readonly query = new Own(this, "");

  private readonly rowWindow = new ScrollWindow(this, ROW);

  private get shown(): readonly LayerSummary[] {
    return filterLayers(this.layers, this.query.value);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("selected") || changed.has("layers"))
      this.rowWindow.reveal(this.shown.findIndex((layer) => layer.name === this.selected));
  }

  private choose(layer: LayerSummary | undefined): void {
    if (layer) send(this, "convlens-intent", { layer: layer.name });
  }

  private key(event: KeyboardEvent): void {
    const { shown } = this;
    if (!/^(Arrow(Up|Down)|Page|Home$|End$)/.test(event.key) || shown.length === 0) return;
    event.preventDefault();
    const at = shown.findIndex((layer) => layer.name === this.selected);
    this.choose(
      shown[
        at < 0 && event.key !== "End"
          ? 0
          : moveByKey(event.key, at, shown.length, 1, this.rowWindow.pageRows)
      ],
    );
  }

  protected override render(): TemplateResult {
    const { shown } = this;
    const [first, end] = this.rowWindow.range(shown.length);
    const at = shown.findIndex((layer) => layer.name === this.selected);
    const active = at >= first && at < end ? `layer-${String(at)}` : "";
    return html`<div class="search">
        ${searchField(t("Search layers"), this.query)}
        <span class="count muted" aria-live="polite">
          ${
            shown.length === this.layers.length
              ? shown.length
              : t("{0} of {1}", shown.length, this.layers.length)
          }
        </span>
      </div>
      <div
        class="scroller"
        role="listbox"
        tabindex="0"
        aria-label=${t("Layers")}
        aria-activedescendant=${active}
        ${ref(this.rowWindow.attach)}
        @keydown=${(event: KeyboardEvent) => this.key(event)}
      >
        ${
          shown.length === 0
            ? html`<p class="none muted" role="option" aria-selected="false">
                ${t("No layer matches.")}
              </p>`
            : html`<div
                class="extent"
                role="presentation"
                style=${`height:${String(shown.length * ROW)}px`}
              >
                ${shown
                  .slice(first, end)
                  .map((layer, i) => this.renderRow(layer, first + i, shown.length))}
              </div>`
        }
      </div>`;
  }

  private renderRow(layer: LayerSummary, row: number, count: number): TemplateResult {
    const counted = this.census?.layers.find(({ name }) => name === layer.name);
    const said = counted && countText(counted, this.census?.images ?? 0);
    const why =
      (layer.opaque === null ? null : heard(layer.opaque)) ??
      (layer.blockedBy.length > 0 ? t("depends on an opaque layer") : null);
    return html`<div
      class=${this.suits(layer) ? "row" : "row faint"}
      role="option"
      id=${`layer-${String(row)}`}
      aria-selected=${layer.name === this.selected ? "true" : "false"}
      aria-posinset=${row + 1}
      aria-setsize=${count}
      title=${[layer.name, why, said].filter(Boolean).join(": ")}
      style=${`top:${String(row * ROW)}px`}
      @click=${() => this.choose(layer)}
    >
      ${opIcon(layer.op)}
      <span class="name">${layer.name}</span>
      <span class="class">${layer.className}</span>
      <span class="shape">${layerShape(layer, "largest")}</span>
      ${
        counted
          ? html`<span class="dead" role="img" aria-label=${said ?? ""}
              ><i
                style=${`width:${((counted.dead.length / counted.filters) * 100).toFixed(1)}%`}
              ></i
            ></span>`
          : nothing
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-layers": ConvlensLayers;
  }
}
